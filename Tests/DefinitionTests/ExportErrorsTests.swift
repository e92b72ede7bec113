import Testing

/// What is wrong with columns that are made and formats that are told, with place and remedy.
@Suite struct ExportErrorsTests {
    @Test(arguments: samples)
    func saysWhatIsWrongAndWhatToDo(sample: Sample) {
        #expect(complaints(sample.text) == sample.message)
    }

    /// A definition whose source of settlements has these lines, from line 7.
    private static func source(_ lines: String) -> String {
        let indented = lines.split(separator: "\n").map { "    \($0)\n" }.joined()
        return head + "inputs:\n  payments: {files: p.csv}\n  settlements: {files: s.csv,\n"
            + indented + "  }\n"
    }

    static let samples: [Sample] = [
        Sample(
            "a misspelt form", source("columns: {fee: {summ: [Fee]}}"),
            """
            t.yaml:7:21: error: unknown key "summ" in inputs.settlements.columns.fee
                expected: one of constant, first, join, present, above, sum, minus, credit, debit, \
            direction or column
                found: "summ"
                to do: write sum, if that is meant
            """),
        Sample(
            "a sum where no amount is", source("columns: {user: 1, id: {sum: [A, B]}}"),
            """
            t.yaml:7:15: error: unknown key "user" in inputs.settlements.columns
                expected: one of id, reference, type, state, gross, fee, tax, net, currency, \
            occurred_at, settled_on, payout, gateway or method
                found: "user"
                to do: remove the key
            t.yaml:7:29: error: unknown key "sum" in inputs.settlements.columns.id
                expected: one of constant, first, join, present, above, column or sign
                found: "sum"
                to do: name a column, or write it like {constant: GHS}
            """),
        Sample(
            "half a pair", source("columns: {gross: {credit: Credit}}"),
            """
            t.yaml:7:22: error: the key debit is missing in inputs.settlements.columns.gross
                expected: the key debit
                found: only "credit"
                to do: add debit: Debit
            """),
        Sample(
            "a direction without words",
            source("columns: {gross: {column: A, direction: {column: B}}}"),
            """
            t.yaml:7:45: error: inputs.settlements.columns.gross.direction has no words
                expected: the key debit or credit, or both
                found: neither
                to do: add debit: [DR]
            """),
        Sample(
            "a path and a number", source("columns: {id: {column: A, nth: 2, path: b}}"),
            """
            t.yaml:7:45: error: inputs.settlements.columns.id has nth and path
                expected: one of them
                found: both
                to do: remove one of them
            """),
        Sample(
            "a misspelt part of a format", source("format: {delimeter: \";\"}"),
            """
            t.yaml:7:14: error: unknown key "delimeter" in inputs.settlements.format
                expected: one of encoding, delimiter, header, records, ends, numbers, dates or totals
                found: "delimeter"
                to do: write delimiter, if that is meant
            """),
        Sample(
            "a pattern that is none", source("format: {dates: {pattern: dd-mm-yyyy}}"),
            """
            t.yaml:7:31: error: inputs.settlements.format.dates.pattern is not a pattern of dates
                expected: iso, epoch, epoch_ms, or the parts YYYY, MM, DD, HH, mm, ss, hh, AM and ZZ
                found: "dd-mm-yyyy"
                to do: write it like DD-MM-YYYY HH:mm:ss
            """),
        Sample(
            "a zone that is none", source("format: {dates: {zone: Asia/Calcuta}}"),
            """
            t.yaml:7:28: error: inputs.settlements.format.dates.zone is not a known time zone
                expected: a zone of the IANA database, an offset such as +05:30, or pipeline
                found: "Asia/Calcuta"
                to do: write it like Asia/Kolkata
            """),
        Sample(
            "two units", source("format: {numbers: {unit: minor, implied_decimals: 2}}"),
            """
            t.yaml:7:55: error: inputs.settlements.format.numbers has unit and implied_decimals
                expected: one of them
                found: both
                to do: remove one of them
            """),
    ]
}
