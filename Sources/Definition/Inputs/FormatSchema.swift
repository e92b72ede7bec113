import Money
import Time

/// The section `format` of an input: how its files are written.
enum FormatSchema {
    static let format = Shape<FormatDefinition>.mapping(
        FormatDefinition(),
        [
            Key(
                "encoding", \.encoding, encoding.optional,
                "How bytes stand for characters; without this, what a byte order mark says, else "
                    + "UTF-8."),
            Key(
                "delimiter", \.delimiter, delimiter.optional,
                "What separates fields; without this, each is tried until one gives the header."),
            Key(
                "header", \.header, Shape<HeaderPresence>.choice.optional,
                "Whether there is a header: one that is searched for by the columns that are needed, "
                    + "or none; then columns are called by their numbers, from 1."),
            Key(
                "records", \.records, records.optional,
                "The column that says what kind of row each row is."),
            Key(
                "ends", \.ends, Shape<TableEnd>.choice.optional,
                "Where the table ends before the file does: at a blank line, or at a row of another "
                    + "width."),
            Key("numbers", \.numbers, numbers.optional, "How amounts are written."),
            Key("dates", \.dates, dates.optional, "How dates and times are written."),
            Key(
                "totals", \.totals, totals.optional,
                "The row that holds the totals of all others, which must agree with them."),
        ])

    private static let encoding = Shape<FileEncoding>.choice(
        FileEncoding.allCases.map { ($0.rawValue, $0) } + [("latin-1", .iso8859_1)])

    private static let delimiter = Shape<FieldDelimiter>.choice([
        (",", .comma), (";", .semicolon), ("tab", .tab), ("|", .pipe),
    ])

    private static let records = Shape<RecordTypes>.mapping(
        RecordTypes(column: 1, header: "", rows: []),
        [
            .required(
                "column", \.column, .wholeNumber(1...1000, example: 1), example: "column: 1",
                "The column's number, from 1."),
            Key(
                "header", \.header, .text("a record type", example: "CH"),
                "What stands there in the row of column names."),
            .required(
                "row", \.rows, ColumnSchema.words, example: "row: SB",
                "What stands there in rows that are records; all others are left out."),
        ])

    private struct NumbersDraft: Sendable {
        var decimal: NumberFormat.Decimal?
        var unit: AmountFormat.Unit?
        var implied: Int?
    }

    private static let numbers = Shape<NumbersDraft>.mapping(
        NumbersDraft(),
        [
            Key(
                "decimal", \.decimal, Shape<NumberFormat.Decimal>.choice.optional, default: ".",
                "What stands before the decimals; the other one may group thousands."),
            Key(
                "unit", \.unit,
                Shape<AmountFormat.Unit>.choice([("major", .major), ("minor", .minor)]).optional,
                default: "major", "Whether a one is one of the currency or of its minor unit."),
            Key(
                "implied_decimals", \.implied, Shape.wholeNumber(0...6, example: 2).optional,
                "How many decimals are meant and not written, whatever the currency."),
        ]
    ) { node, decoding in
        guard node["unit"] != nil, let implied = node["implied_decimals"] else { return }
        decoding.report(
            "\(decoding.place) has unit and implied_decimals", at: implied.position,
            expected: "one of them", found: "both", remedy: "remove one of them")
    }.map { draft in
        NumberFormat(
            decimal: draft.decimal,
            unit: draft.implied.map { .impliedDecimals($0) } ?? draft.unit)
    }

    private static let dates = Shape<DateFormat>.mapping(
        DateFormat(),
        [
            Key(
                "pattern", \.patterns, patterns.optional, default: "iso",
                "How dates are written, such as DD-MM-YYYY; of several, the first that fits counts."
            ),
            Key(
                "zone", \.zone, zone.optional,
                "The zone of times without an offset: an IANA name, an offset such as +05:30, "
                    + "pipeline for the pipeline's own, or a column that tells it."),
        ])

    /// What a preset says of what the report does not state and cannot be guessed, such as the zone
    /// of its times: whoever uses it must.
    static let unknown = "unknown"

    private static let patterns = Shape<[TimePattern]>(
        schema: knownPatterns.schema
    ) { node, decoding in
        guard case .scalar(unknown, _) = node.content else {
            return knownPatterns.read(node, &decoding)
        }
        if decoding.presets == nil { return [.iso] }
        decoding.report(
            "\(decoding.place) is unknown: how the report writes dates depends on settings of "
                + "whoever made it",
            at: node.position, expected: "the order of day, month and year in the file",
            found: quoted(unknown),
            remedy: "add format: {dates: {pattern: DD/MM/YYYY HH:mm:ss}} to the input, or with "
                + "MM/DD")
        return nil
    }

    private static let knownPatterns = Shape.oneOrList(
        of: Shape<TimePattern>.scalar(
            "a pattern of dates",
            expected: "iso, epoch, epoch_ms, or the parts YYYY, MM, DD, HH, mm, ss, hh, AM and ZZ",
            example: "DD-MM-YYYY HH:mm:ss", schema: ["type": "string"]
        ) { text in TimePattern(text) },
        "patterns", example: "[DD-MM-YYYY, iso]")

    private struct ZoneColumn: Sendable {
        var column: [String] = []
        var names: [(name: String, value: String)] = []
    }

    private static let zoneColumn = Shape<ZoneColumn>.mapping(
        ZoneColumn(),
        [
            .required(
                "column", \.column, ColumnSchema.headers, example: "column: TimeZone",
                "The column that tells each row's zone by an abbreviation or an offset."),
            Key(
                "names", \.names,
                .named(
                    "names of zones", example: "Eastern Time: America/New_York", Shape.timeZone),
                "The column's own names for zones of the IANA database."),
        ])

    private static let plainZone = Shape<ZoneSource>.scalar(
        "a known time zone",
        expected: "a zone of the IANA database, an offset such as +05:30, or pipeline",
        example: "Asia/Kolkata", schema: ["type": "string"]
    ) { text, decoding in
        if text == "pipeline" { return .value(.pipeline) }
        if decoding.isKnownZone(text) { return .value(.named(text)) }
        guard text.hasPrefix("+") || text.hasPrefix("-") else { return .wrong }
        var bytes = text
        let offset = bytes.withUTF8 { ZoneAbbreviation.offset(UnsafeRawBufferPointer($0)) }
        return offset.map { .value(.offset($0)) } ?? .wrong
    }

    private static func readUnknownZone(
        _ node: YAMLNode, _ decoding: inout Decoding
    ) -> ZoneSource? {
        if decoding.presets == nil { return .pipeline }
        decoding.report(
            "\(decoding.place) is unknown: the report does not state the zone of its times",
            at: node.position, expected: "the zone that was chosen when the report was made",
            found: quoted(unknown),
            remedy: "add format: {dates: {zone: Europe/London}} to the input, or pipeline for the "
                + "pipeline's own")
        return nil
    }

    private static let zone = Shape<ZoneSource>(
        schema: ["anyOf": .array([plainZone.schema, zoneColumn.schema])]
    ) { node, decoding in
        if case .scalar(unknown, _) = node.content {
            return readUnknownZone(node, &decoding)
        }
        guard case .mapping = node.content else { return plainZone.read(node, &decoding) }
        return zoneColumn.read(node, &decoding).map { zone in
            .column(
                zone.column,
                names: Dictionary(
                    zone.names.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
            )
        }
    }

    private static let totals = Shape<TotalsRow>.mapping(
        TotalsRow(row: [], columns: []),
        [
            .required(
                "row", \.row, ColumnSchema.conditions.shared(as: "cells"),
                example: "row: {Type: [Total]}",
                "How the row is known: it has one of the words in each of these columns."),
            .required(
                "columns", \.columns,
                .list(
                    of: .text("a column's header", example: "Amount"), atLeast: 1, "headers",
                    example: "[Amount]"),
                example: "columns: [Amount]", "The columns that it adds up."),
        ])
}
