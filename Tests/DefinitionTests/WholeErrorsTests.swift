import Testing

/// What a definition as a whole may not lack or be, with the exact messages.
@Suite struct WholeErrorsTests {
    @Test(arguments: samples)
    func saysWhatIsWrongAndWhatToDo(sample: Sample) {
        #expect(complaints(sample.text) == sample.message)
    }

    static let samples: [Sample] = [
        Sample(
            "nothing at all but a name",
            "name: tours\n",
            """
            t.yaml:1:1: error: the key currency is missing
                expected: the key currency
                found: only "name"
                to do: add currency: GHS
            t.yaml:1:1: error: the key timezone is missing
                expected: the key timezone
                found: only "name"
                to do: add timezone: Africa/Accra
            t.yaml:1:1: error: the key inputs is missing
                expected: the key inputs
                found: only "name"
                to do: add inputs: {payments: {files: payments*.csv}, settlements: {files: \
            momo*.csv}}
            """),
        Sample(
            "a name in capitals",
            """
            name: Tours
            currency: GHS
            timezone: Africa/Accra
            inputs: {payments: {files: a}, bookings: {files: b}}

            """,
            """
            t.yaml:1:7: error: name is not a pipeline name
                expected: lower case letters, digits and hyphens, at most 64, with no hyphen first
                found: "Tours"
                to do: write it like tours
            """),
        Sample(
            "a name that begins with a hyphen",
            """
            name: -tours
            currency: GHS
            timezone: Africa/Accra
            inputs: {payments: {files: a}, bookings: {files: b}}

            """,
            """
            t.yaml:1:7: error: name is not a pipeline name
                expected: a letter or a digit first
                found: "-tours"
                to do: write it like tours
            """),
        Sample(
            "an unknown currency",
            """
            name: tours
            currency: GHC
            timezone: Africa/Accra
            inputs: {payments: {files: a}, bookings: {files: b}}

            """,
            """
            t.yaml:2:11: error: currency is not a known currency
                expected: a code of ISO 4217
                found: "GHC"
                to do: write it like GHS
            """),
        Sample(
            "an unknown zone",
            """
            name: tours
            currency: GHS
            timezone: Africa/Acra
            inputs: {payments: {files: a}, bookings: {files: b}}

            """,
            """
            t.yaml:3:11: error: timezone is not a known time zone
                expected: a zone's name in the IANA time zone database
                found: "Africa/Acra"
                to do: write it like Africa/Accra
            """),
        Sample(
            "a definition that is a list",
            "- name: tours\n",
            """
            t.yaml:1:1: error: the definition is not a mapping
                expected: a mapping with the keys name, currency, timezone, dumps, inputs, \
            max_rejects, resolve, match, fees, backfill, settle, impact, dashboard, archive, carry \
            and load
                found: a list
                to do: write each key with a colon and its value, on lines of their own
            """),
        Sample(
            "a definition that is a word",
            "tours\n",
            """
            t.yaml:1:1: error: the definition is not a mapping
                expected: a mapping with the keys name, currency, timezone, dumps, inputs, \
            max_rejects, resolve, match, fees, backfill, settle, impact, dashboard, archive, carry \
            and load
                found: "tours"
                to do: write each key with a colon and its value, on lines of their own
            """),
        Sample(
            "a decimal in a currency without",
            """
            name: t
            currency: JPY
            timezone: Asia/Tokyo
            inputs: {payments: {files: a}, bookings: {files: b}}
            match: {tolerance: 0.5}

            """,
            """
            t.yaml:5:20: error: match.tolerance is not an amount
                expected: an amount of at least 0, with no more decimals than the pipeline's \
            currency has
                found: "0.5"
                to do: write it like "10"
            """),
        Sample(
            "a currency that is missing, with amounts",
            """
            name: t
            timezone: Asia/Tokyo
            inputs: {payments: {files: a}, bookings: {files: b}}
            match: {tolerance: 0.5}

            """,
            """
            t.yaml:1:1: error: the key currency is missing
                expected: the key currency
                found: only "name", "timezone", "inputs" and "match"
                to do: add currency: GHS
            """),
        Sample(
            "everything at once, in the order of the file",
            """
            carry: {unapplied_after: soon}
            name: T
            timezone: Mars
            inputs:
              payments: {files: ../a.csv, file: b}
              payments: {files: b}
            match: {similarity: 2, window: 3 d}
            recent: 1

            """,
            """
            t.yaml:1:1: error: the key currency is missing
                expected: the key currency
                found: only "carry", "name", "timezone", "inputs", "match" and "recent"
                to do: add currency: GHS
            t.yaml:1:26: error: carry.unapplied_after is not a time span
                expected: a whole number and one of the units s, m, h and d
                found: "soon"
                to do: write it like 30m
            t.yaml:2:7: error: name is not a pipeline name
                expected: lower case letters, digits and hyphens, at most 64, with no hyphen first
                found: "T"
                to do: write it like tours
            t.yaml:3:11: error: timezone is not a known time zone
                expected: a zone's name in the IANA time zone database
                found: "Mars"
                to do: write it like Africa/Accra
            t.yaml:5:3: error: inputs has neither settlements nor bookings
                expected: the key settlements or bookings, to hold the payments against
                found: only "payments"
                to do: add settlements: {files: settlements*.csv}
            t.yaml:5:21: error: inputs.payments.files is not a path in the input folder
                expected: a file's path or glob inside the input folder: relative, without . and ..
                found: "../a.csv"
                to do: write it like payments*.csv
            t.yaml:5:31: error: unknown key "file" in inputs.payments
                expected: one of files, preset, columns, format, skip, only, values or max_rejects
                found: "file"
                to do: write files, if that is meant
            t.yaml:6:3: error: the key "payments" stands twice
                expected: every key once
                found: one at line 5, column 3 and another at line 6, column 3
                to do: remove one of the two
            t.yaml:7:21: error: match.similarity is out of range
                expected: a decimal number from 0 to 1 with at most 6 decimals
                found: "2"
                to do: write it like 0.85
            t.yaml:7:32: error: match.window is not a time span
                expected: a whole number and one of the units s, m, h and d
                found: "3 d"
                to do: write it like 30m
            t.yaml:8:1: error: unknown key "recent"
                expected: one of name, currency, timezone, dumps, inputs, max_rejects, resolve, \
            match, fees, backfill, settle, impact, dashboard, archive, carry or load
                found: "recent"
                to do: remove the key
            """),
    ]
}
