import Testing

/// What amounts, shares, days and times may not be, with the exact messages.
@Suite struct MoneyErrorsTests {
    @Test(arguments: samples)
    func saysWhatIsWrongAndWhatToDo(sample: Sample) {
        #expect(complaints(sample.text) == sample.message)
    }

    static let samples: [Sample] = [
        Sample(
            "a commission above the whole",
            minimal + "settle: {commission: {percent: 100.5}}\n",
            """
            t.yaml:6:32: error: settle.commission.percent is out of range
                expected: a decimal number from 0 to 100 with at most 6 decimals
                found: "100.5"
                to do: write it like 2.9
            """),
        Sample(
            "a commission in words",
            minimal + "settle: {commission: {percent: 7%}}\n",
            """
            t.yaml:6:32: error: settle.commission.percent is not a percentage
                expected: a decimal number from 0 to 100 with at most 6 decimals
                found: "7%"
                to do: write it like 2.9
            """),
        Sample(
            "a commission that is not in a mapping",
            minimal + "settle: {commission: 7}\n",
            """
            t.yaml:6:22: error: settle.commission is not a mapping
                expected: a mapping with the keys percent, fixed, tiers, tiers_apply and rates
                found: "7"
                to do: write each key with a colon and its value, on lines of their own
            """),
        Sample(
            "a negative number of days",
            minimal + "settle: {hold_days: -1}\n",
            """
            t.yaml:6:21: error: settle.hold_days is out of range
                expected: a whole number from 0 to 3650
                found: "-1"
                to do: write it like 7
            """),
        Sample(
            "a number of days with decimals",
            minimal + "settle: {hold_days: 1.5}\n",
            """
            t.yaml:6:21: error: settle.hold_days is not a whole number
                expected: a whole number from 0 to 3650
                found: "1.5"
                to do: write it like 7
            """),
        Sample(
            "a number of days beyond counting",
            minimal + "settle: {hold_days: 99999999999999999999}\n",
            """
            t.yaml:6:21: error: settle.hold_days is out of range
                expected: a whole number from 0 to 3650
                found: "99999999999999999999"
                to do: write it like 7
            """),
        Sample(
            "a number in quotes",
            minimal + "settle: {hold_days: \"7\"}\n",
            """
            t.yaml:6:21: error: settle.hold_days is not a whole number
                expected: a whole number from 0 to 3650
                found: "7" in quotes
                to do: write it like 7
            """),
        Sample(
            "a negative amount",
            minimal + "settle: {minimum: \"-0.01\"}\n",
            """
            t.yaml:6:19: error: settle.minimum is out of range
                expected: an amount of at least 0, with no more decimals than the pipeline's \
            currency has
                found: "-0.01" in quotes
                to do: write it like "10"
            """),
        Sample(
            "an amount with grouping",
            minimal + "settle: {minimum: \"1,000\"}\n",
            """
            t.yaml:6:19: error: settle.minimum is not an amount
                expected: an amount of at least 0, with no more decimals than the pipeline's \
            currency has
                found: "1,000" in quotes
                to do: write it like "10"
            """),
        Sample(
            "an amount as a floating number",
            minimal + "settle: {minimum: 1e3}\n",
            """
            t.yaml:6:19: error: settle.minimum is not an amount
                expected: an amount of at least 0, with no more decimals than the pipeline's \
            currency has
                found: "1e3"
                to do: write it like "10"
            """),
        Sample(
            "an amount beyond counting",
            minimal + "settle: {minimum: \"92233720368547758.08\"}\n",
            """
            t.yaml:6:19: error: settle.minimum is out of range
                expected: an amount of at least 0, with no more decimals than the pipeline's \
            currency has
                found: "92233720368547758.08" in quotes
                to do: write it like "10"
            """),
        Sample(
            "a day that the calendar does not have",
            minimal + "settle: {holidays: [2025-02-29]}\n",
            """
            t.yaml:6:21: error: settle.holidays[1] is not a date
                expected: a day of the calendar as YYYY-MM-DD
                found: "2025-02-29"
                to do: write it like 2025-12-25
            """),
        Sample(
            "a day written the other way round",
            minimal + "settle: {holidays: [29-02-2024]}\n",
            """
            t.yaml:6:21: error: settle.holidays[1] is not a date
                expected: a day of the calendar as YYYY-MM-DD
                found: "29-02-2024"
                to do: write it like 2025-12-25
            """),
        Sample(
            "a holiday that stands twice",
            minimal + "settle: {holidays: [2025-12-25, \"2025-12-25\"]}\n",
            """
            t.yaml:6:33: error: settle.holidays lists the same twice
                expected: each of the dates once
                found: "2025-12-25" in quotes again
                to do: remove one of the two
            """),
        Sample(
            "a single holiday without brackets",
            minimal + "settle: {holidays: 2025-12-25}\n",
            """
            t.yaml:6:20: error: settle.holidays is not a list of dates
                expected: a list of dates
                found: "2025-12-25"
                to do: write it like [2025-12-25, 2025-12-26]
            """),
        Sample(
            "an unknown weekday",
            minimal + "settle: {weekend: [sat, sunday]}\n",
            """
            t.yaml:6:25: error: settle.weekend[2] is not mon, tue, wed, thu, fri, sat or sun
                expected: one of the words mon, tue, wed, thu, fri, sat or sun
                found: "sunday"
                to do: write sun, if that is meant
            """),
        Sample(
            "a week without business days",
            minimal + "settle: {weekend: [mon, tue, wed, thu, fri, sat, sun]}\n",
            """
            t.yaml:6:19: error: settle.weekend leaves no business day
                expected: at most six of the weekdays
                found: all seven
                to do: leave out the days on which payouts are made
            """),
        Sample(
            "a fee above the whole",
            minimal + "fees: {percent: 101}\n",
            """
            t.yaml:6:17: error: fees.percent is out of range
                expected: a decimal number from 0 to 100 with at most 6 decimals
                found: "101"
                to do: write it like 2.9
            """),
        Sample(
            "a percentage with too many decimals",
            minimal + "fees: {percent: 2.1234567}\n",
            """
            t.yaml:6:17: error: fees.percent is not a percentage
                expected: a decimal number from 0 to 100 with at most 6 decimals
                found: "2.1234567"
                to do: write it like 2.9
            """),
        Sample(
            "levels that do not rise",
            minimal + "dashboard: {levels: {Bronze: \"0\", Silver: \"50\", Gold: \"50\"}}\n",
            """
            t.yaml:6:55: error: the level "Gold" in dashboard.levels does not rise
                expected: an amount above that of "Silver", the level before it
                found: "50" in quotes
                to do: write the levels in order, the lowest first
            """),
        Sample(
            "a level below nothing",
            minimal + "dashboard: {levels: {Bronze: \"-1\"}}\n",
            """
            t.yaml:6:30: error: dashboard.levels.Bronze is out of range
                expected: an amount of at least 0, with no more decimals than the pipeline's \
            currency has
                found: "-1" in quotes
                to do: write it like "10"
            """),
        Sample(
            "no levels",
            minimal + "dashboard: {levels: {}}\n",
            """
            t.yaml:6:21: error: dashboard.levels is not a mapping
                expected: a mapping with levels, such as Bronze: "0"
                found: an empty mapping
                to do: write each key with a colon and its value, on lines of their own
            """),
        Sample(
            "levels in a list",
            minimal + "dashboard: {levels: [Bronze, Silver]}\n",
            """
            t.yaml:6:21: error: dashboard.levels is not a mapping
                expected: a mapping with levels, such as Bronze: "0"
                found: a list
                to do: write each key with a colon and its value, on lines of their own
            """),
        Sample(
            "points for nothing",
            minimal + "dashboard: {points_per: \"0\"}\n",
            """
            t.yaml:6:25: error: dashboard.points_per is out of range
                expected: an amount above 0, with no more decimals than the pipeline's currency has
                found: "0" in quotes
                to do: write it like "10"
            """),
        Sample(
            "a similarity above one",
            minimal + "match: {similarity: 85}\n",
            """
            t.yaml:6:21: error: match.similarity is out of range
                expected: a decimal number from 0 to 1 with at most 6 decimals
                found: "85"
                to do: write it like 0.85
            """),
        Sample(
            "a similarity in words",
            minimal + "match: {similarity: high}\n",
            """
            t.yaml:6:21: error: match.similarity is not a number from 0 to 1
                expected: a decimal number from 0 to 1 with at most 6 decimals
                found: "high"
                to do: write it like 0.85
            """),
        Sample(
            "a time span without a unit",
            minimal + "resolve: {stuck_after: 30}\n",
            """
            t.yaml:6:24: error: resolve.stuck_after is not a time span
                expected: a whole number and one of the units s, m, h and d
                found: "30"
                to do: write it like 30m
            """),
        Sample(
            "a time span in weeks",
            minimal + "resolve: {stuck_after: 2w}\n",
            """
            t.yaml:6:24: error: resolve.stuck_after is not a time span
                expected: a whole number and one of the units s, m, h and d
                found: "2w"
                to do: write it like 30m
            """),
        Sample(
            "a time span below nothing",
            minimal + "match: {window: -3d}\n",
            """
            t.yaml:6:17: error: match.window is not a time span
                expected: a whole number and one of the units s, m, h and d
                found: "-3d"
                to do: write it like 30m
            """),
        Sample(
            "an archive kept for no time",
            minimal + "archive: {keep: 0d}\n",
            """
            t.yaml:6:17: error: archive.keep is out of range
                expected: a time span of more than nothing
                found: "0d"
                to do: write it like 30d, or remove the key
            """),
        Sample(
            "a share of rejects above the whole",
            minimal + "max_rejects: 200\n",
            """
            t.yaml:6:14: error: max_rejects is out of range
                expected: a decimal number from 0 to 100 with at most 6 decimals
                found: "200"
                to do: write it like 2.9
            """),
        Sample(
            "a value that is left out",
            minimal + "carry: {close_after: }\n",
            """
            t.yaml:6:22: error: carry.close_after is not a time span
                expected: a whole number and one of the units s, m, h and d
                found: nothing
                to do: write it like 30m
            """),
        Sample(
            "a value that is null",
            minimal + "carry: {close_after: null}\n",
            """
            t.yaml:6:22: error: carry.close_after is not a time span
                expected: a whole number and one of the units s, m, h and d
                found: nothing
                to do: write it like 30m
            """),
    ]
}
