import Records

/// The section `inputs`: where the records come from, by kind.
enum InputSchema {
    static let inputs = Shape<[RecordKind: [InputDefinition]]>.mapping(
        [:],
        RecordKind.allCases.map { kind in
            Key(kind.rawValue, \.[kind], sources(of: kind).optional, summary(of: kind))
        },
        schema: [
            "required": ["payments"],
            "anyOf": [["required": ["settlements"]], ["required": ["bookings"]]],
        ],
        check: requireEnough)

    private static func summary(of kind: RecordKind) -> String {
        switch kind {
        case .payments: "The payments; required."
        case .settlements: "The gateways' settlement lines; this or bookings is required."
        case .bookings: "The existing bookings; this or settlements is required."
        case .catalogue: "What is sold."
        case .orders: "What payments were for: carts, won bids."
        case .users: "The users."
        case .sessions: "Charging sessions of bookings, and the energy that they measured."
        case .bank: "Lines of the bank account, for the gateways' payouts."
        case .overrides: "Decisions of people about breaks."
        }
    }

    /// Reconciling needs payments and something to hold them against.
    private static func requireEnough(_ node: YAMLNode, _ decoding: inout Decoding) {
        let kinds = node.entries.map { quoted($0.key) }
        let found = kinds.isEmpty ? "no kinds" : "only " + listed(Array(kinds.prefix(12)))
        if node[RecordKind.payments.rawValue] == nil {
            decoding.report(
                "inputs has no payments", at: node.position, expected: "the key payments",
                found: found, remedy: "add payments: {files: payments*.csv}")
        }
        let counterparts = [RecordKind.settlements, .bookings].map(\.rawValue)
        if counterparts.allSatisfy({ node[$0] == nil }) {
            decoding.report(
                "inputs has neither settlements nor bookings", at: node.position,
                expected: "the key settlements or bookings, to hold the payments against",
                found: found, remedy: "add settlements: {files: settlements*.csv}")
        }
    }

    /// What the JSON Schema for editors writes once and refers to from many places.
    static let sharedSchemas: [JSON.Member] =
        [JSON.Member(key: "paths", value: paths.schema)] + schemasSharedWithPresets
        + RecordKind.allCases.map { JSON.Member(key: $0.rawValue, value: source(of: $0).schema) }

    /// What presets' files refer to as well.
    static let schemasSharedWithPresets: [JSON.Member] =
        [
            JSON.Member(key: "column", value: ColumnSchema.column(of: .text).schema),
            JSON.Member(key: "amount", value: ColumnSchema.column(of: .amount).schema),
            JSON.Member(key: "cells", value: ColumnSchema.conditions.schema),
            JSON.Member(key: "format", value: FormatSchema.format.schema),
            JSON.Member(key: "words", value: dumpWords.schema),
        ]

    private static let paths = Shape.oneOrList(
        of: .glob, "paths", example: "[payments*.csv, late*.csv.gz]")

    /// One source, or a list of them where there are several gateways.
    private static func sources(of kind: RecordKind) -> Shape<[InputDefinition]> {
        .oneOrList(
            of: source(of: kind).shared(as: kind.rawValue), "sources",
            example: "[{files: a*.csv}, {files: b*.csv}]")
    }

    /// An input as definitions write it: what a preset says, where one is named, and what the
    /// definition says itself on top of it.
    private static func source(of kind: RecordKind) -> Shape<InputDefinition> {
        let own = Shape<InputDefinition>.mapping(
            InputDefinition(files: []),
            [
                .required(
                    "files", \.files, paths.shared(as: "paths"),
                    example: "files: \(kind.rawValue)*.csv", "Globs in the input folder."),
                Key(
                    "preset", \.preset, PresetSchema.name.map { PresetUse(name: $0) }.optional,
                    "The gateway's report that the files are: gateways/NAME.yaml beside the "
                        + "definition, or one that is built in. The other keys change what it says."
                ),
            ] + reading(of: kind) + [
                Key(
                    "max_rejects", \.maxRejects, Shape.percentage.optional,
                    "The share of this source's rows, in percent, above whose rejection the run "
                        + "fails; the pipeline's where this is left out.")
            ])
        return Shape(schema: own.schema) { node, decoding in
            let (whole, preset) = PresetSchema.expand(node, kind, &decoding)
            guard var input = own.read(whole, &decoding) else { return nil }
            let named = Set((node["columns"]?.entries ?? []).map(\.key))
            input.preset?.signature = preset?.signature ?? HeaderSignature()
            input.preset?.fields = Set(input.columns.keys).subtracting(named)
            input.preset?.saysSkip = node["skip"] == nil
            return input
        }
    }

    /// How the rows of files are read as records of a kind: what a preset can say.
    static func reading(of kind: RecordKind) -> [Key<InputDefinition>] {
        [
            Key(
                "columns", \.columns, columns(of: kind),
                "Where fields come from; a field left out is read from the column of its own "
                    + "name."),
            Key(
                "format", \.format, FormatSchema.format.shared(as: "format"),
                "How the files are written, where they are no plain CSV of plain values."),
            Key(
                "skip", \.skip, ColumnSchema.conditions.shared(as: "cells"),
                "Rows to leave out: those with one of the words in one of the columns."),
            Key(
                "only", \.only, ColumnSchema.conditions.shared(as: "cells"),
                "Rows to read: those with one of the words in each of the columns."),
        ] + [valuesKey(of: kind)].compactMap { $0 }
    }

    private static func columns(of kind: RecordKind) -> Shape<[String: ColumnSource]> {
        .mapping(
            [:],
            kind.fields.map { field in
                Key(
                    field.text, \.[field.text],
                    ColumnSchema.column(of: field.content).shared(
                        as: field.content == .amount ? "amount" : "column"
                    ).optional,
                    FieldSummaries.summary(of: field, in: kind))
            })
    }

    /// The key `values`; nil for a kind without fields of fixed words.
    private static func valuesKey(of kind: RecordKind) -> Key<InputDefinition>? {
        let fields: [(name: String, words: [String])] =
            switch kind {
            case .payments: [("status", PaymentStatus.words)]
            case .settlements: [("type", SettlementType.words), ("state", SettlementState.words)]
            case .bookings: [("status", BookingStatus.words)]
            case .orders: [("status", OrderStatus.named.map(\.word))]
            case .sessions: [("status", SessionStatus.words)]
            case .catalogue, .users, .bank, .overrides: []
            }
        guard !fields.isEmpty else { return nil }
        let shape = Shape<[String: [String: [String]]]>.mapping(
            [:],
            fields.map { field in
                Key(
                    field.name, \.[field.name], words(field.words).optional,
                    "The dump's words for each of ours, in any case.")
            })
        return Key(
            "values", \.values, shape,
            "For fields with fixed words: the dump's words for each of ours; a word left out "
                + "stands for itself.")
    }

    private static let dumpWords = Shape.oneOrList(
        of: Shape.text("a word of the dump", example: "successful"), "words",
        example: "[successful, paid]")

    private static func words(_ ours: [String]) -> Shape<[String: [String]]> {
        .mapping(
            [:],
            ours.map {
                Key(
                    $0, \.[$0], dumpWords.shared(as: "words").optional,
                    "The dump's words for \($0).")
            },
            check: requireDistinct)
    }

    /// A word of the dump means one thing.
    private static func requireDistinct(_ node: YAMLNode, _ decoding: inout Decoding) {
        var meanings: [String: (ours: String, word: String)] = [:]
        for entry in node.entries {
            for element in entry.value.elements {
                guard case .scalar(let word, _) = element.content, !element.isNull else { continue }
                guard let first = meanings[word.lowercased()] else {
                    meanings[word.lowercased()] = (entry.key, word)
                    continue
                }
                // The list itself reports a word that it holds twice in the same letters.
                if first == (entry.key, word) { continue }
                decoding.report(
                    "\(decoding.place) maps \(quoted(word)) twice", at: element.position,
                    expected: "each word of the dump once, ignoring case",
                    found: first.ours == entry.key
                        ? "twice under \(first.ours)"
                        : "under \(first.ours) and under \(entry.key)",
                    remedy: "keep the one that is right")
            }
        }
    }
}
