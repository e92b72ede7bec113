import Testing

/// What sections may not hold, with the exact messages.
@Suite struct SectionErrorsTests {
    @Test(arguments: samples)
    func saysWhatIsWrongAndWhatToDo(sample: Sample) {
        #expect(complaints(sample.text) == sample.message)
    }

    static let samples: [Sample] = [
        Sample(
            "a misspelt section",
            minimal + "setle: {hold_days: 3}\n",
            """
            t.yaml:6:1: error: unknown key "setle"
                expected: one of name, currency, timezone, dumps, inputs, max_rejects, resolve, \
            match, fees, backfill, settle, impact, dashboard, archive, carry or load
                found: "setle"
                to do: write settle, if that is meant
            """),
        Sample(
            "a key that resembles none",
            minimal + "weather: {kwh: 1}\n",
            """
            t.yaml:6:1: error: unknown key "weather"
                expected: one of name, currency, timezone, dumps, inputs, max_rejects, resolve, \
            match, fees, backfill, settle, impact, dashboard, archive, carry or load
                found: "weather"
                to do: remove the key
            """),
        Sample(
            "a misspelt key in a section",
            minimal + "resolve: {stuk_after: 30m}\n",
            """
            t.yaml:6:11: error: unknown key "stuk_after" in resolve
                expected: one of settle_after, stuck_after or settlement_days
                found: "stuk_after"
                to do: write stuck_after, if that is meant
            """),
        Sample(
            "a section that is a list",
            minimal + "resolve: [30m]\n",
            """
            t.yaml:6:10: error: resolve is not a mapping
                expected: a mapping with the keys settle_after, stuck_after and settlement_days
                found: a list
                to do: write each key with a colon and its value, on lines of their own
            """),
        Sample(
            "a section that is left empty",
            minimal + "match:\n",
            """
            t.yaml:6:7: error: match is not a mapping
                expected: a mapping with the keys tolerance, window and similarity
                found: nothing
                to do: write each key with a colon and its value, on lines of their own
            """),
        Sample(
            "an unknown coverage",
            minimal + "dumps: ful\n",
            """
            t.yaml:6:8: error: dumps is not full or incremental
                expected: one of the words full or incremental
                found: "ful"
                to do: write full, if that is meant
            """),
        Sample(
            "a coverage in a list",
            minimal + "dumps: [full]\n",
            """
            t.yaml:6:8: error: dumps is not full or incremental
                expected: one of the words full or incremental
                found: a list
                to do: write one of the words
            """),
        Sample(
            "a tolerance with too many decimals",
            minimal + "match: {tolerance: \"0.005\"}\n",
            """
            t.yaml:6:20: error: match.tolerance is not an amount
                expected: an amount of at least 0, with no more decimals than the pipeline's \
            currency has
                found: "0.005" in quotes
                to do: write it like "10"
            """),
        Sample(
            "a kind of purchase without emission",
            minimal + """
                backfill:
                  kinds:
                    tour: {keywords: [tour]}

                """,
            """
            t.yaml:8:11: error: the key emit is missing in backfill.kinds.tour
                expected: the key emit
                found: only "keywords"
                to do: add emit: booking
            """),
        Sample(
            "an unknown emission",
            minimal + "backfill: {kinds: {tour: {emit: bookings}}}\n",
            """
            t.yaml:6:33: error: backfill.kinds.tour.emit is not booking, ticket or none
                expected: one of the words booking, ticket or none
                found: "bookings"
                to do: write booking, if that is meant
            """),
        Sample(
            "backfill without kinds",
            minimal + "backfill: {lead_days: 7}\n",
            """
            t.yaml:6:11: error: the key kinds is missing in backfill
                expected: the key kinds
                found: only "lead_days"
                to do: add kinds: {ticket: {emit: ticket}}
            """),
        Sample(
            "backfill with no kinds",
            minimal + "backfill: {kinds: {}}\n",
            """
            t.yaml:6:19: error: backfill.kinds is not a mapping
                expected: a mapping with kinds of purchase, such as ticket: {emit: ticket}
                found: an empty mapping
                to do: write each key with a colon and its value, on lines of their own
            """),
        Sample(
            "a kind without a name",
            minimal + "backfill: {kinds: {\"\": {emit: none}}}\n",
            """
            t.yaml:6:20: error: a name in backfill.kinds is empty
                expected: a name before the colon
                found: ""
                to do: write it like ticket: {emit: ticket}
            """),
        Sample(
            "a default kind that is none of the kinds",
            minimal + """
                backfill: {kinds: {ticket: {emit: ticket}, tour: {emit: booking}}, default_kind: \
                tickets}

                """,
            """
            t.yaml:6:82: error: backfill.default_kind is not one of the kinds
                expected: one of "ticket" or "tour"
                found: "tickets"
                to do: write ticket, if that is meant
            """),
        Sample(
            "a keyword that stands twice",
            minimal + "backfill: {kinds: {tour: {emit: booking, keywords: [tour, TOUR]}}}\n",
            """
            t.yaml:6:59: error: backfill.kinds.tour.keywords lists the same twice
                expected: each of the keywords once
                found: "TOUR" again
                to do: remove one of the two
            """),
        Sample(
            "an empty keyword",
            minimal + "backfill: {kinds: {tour: {emit: booking, keywords: [\" \"]}}}\n",
            """
            t.yaml:6:53: error: backfill.kinds.tour.keywords[1] is not a keyword
                expected: a text that is not empty
                found: " " in quotes
                to do: write it like tour
            """),
        Sample(
            "a keyword without brackets",
            minimal + "backfill: {kinds: {tour: {emit: booking, keywords: tour}}}\n",
            """
            t.yaml:6:52: error: backfill.kinds.tour.keywords is not a list of keywords
                expected: a list of keywords
                found: "tour"
                to do: write it like [tour, safari]
            """),
        Sample(
            "an unknown detail",
            minimal + "backfill: {kinds: {tour: {emit: none}}, details: {itm: name}}\n",
            """
            t.yaml:6:51: error: unknown key "itm" in backfill.details
                expected: one of item, kind, quantity, date, starts_at, ends_at or seller
                found: "itm"
                to do: write item, if that is meant
            """),
        Sample(
            "a details path with an empty key",
            minimal + "backfill: {kinds: {tour: {emit: none}}, details: {item: tour..name}}\n",
            """
            t.yaml:6:57: error: backfill.details.item is not a path into the details
                expected: keys of JSON objects, joined by dots
                found: "tour..name"
                to do: write it like tour.name
            """),
        Sample(
            "a prefix with a hyphen",
            minimal + "backfill: {kinds: {tour: {emit: none}}, prefix: {booking: BK-}}\n",
            """
            t.yaml:6:59: error: backfill.prefix.booking is not a prefix
                expected: letters and digits, at most 16
                found: "BK-"
                to do: write it like BK
            """),
        Sample(
            "an unknown rule for the unidentified",
            minimal + """
                backfill: {kinds: {tour: {emit: none}}, unidentified: revue, unevidenced: none}

                """,
            """
            t.yaml:6:55: error: backfill.unidentified is not review or emit
                expected: one of the words review or emit
                found: "revue"
                to do: write review, if that is meant
            t.yaml:6:75: error: backfill.unevidenced is not review or emit
                expected: one of the words review or emit
                found: "none"
                to do: write one of the words
            """),
        Sample(
            "a truth in words of old",
            minimal + "backfill: {kinds: {tour: {emit: none}}, include_pending: yes}\n",
            """
            t.yaml:6:58: error: backfill.include_pending is not true or false
                expected: true or false, without quotes
                found: "yes"
                to do: write it like true
            """),
        Sample(
            "no participants",
            minimal + "backfill: {kinds: {tour: {emit: none}}, participants: 0}\n",
            """
            t.yaml:6:55: error: backfill.participants is out of range
                expected: a whole number from 1 to 10000
                found: "0"
                to do: write it like 1
            """),
    ]
}
