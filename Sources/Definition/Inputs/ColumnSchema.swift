import Diagnostics
import Records

/// How a definition says where a field comes from.
enum ColumnSchema {
    /// A header's name, a list of them, or one of the forms in `keys`.
    ///
    /// Sums, pairs and directions are for amounts alone.
    static func column(of content: FieldContent) -> Shape<ColumnSource> {
        let forms = forms(of: content)
        let schemas = [headers.schema] + forms.map(\.shape.schema)
        return Shape<ColumnSource>(schema: ["anyOf": .array(schemas)]) { node, decoding in
            guard case .mapping(let entries) = node.content else {
                return headers.read(node, &decoding).map { .headers($0) }
            }
            let form = forms.first { form in
                form.signs.contains { sign in entries.contains { $0.key == sign } }
            }
            guard let form else { return reportNoForm(forms, node, &decoding) }
            return form.shape.read(node, &decoding)
        }
    }

    /// Columns with the words that they may hold.
    static let conditions = Shape.named(
        "columns with their words", example: "Status: [Pending]", words
    ).map { conditions in
        conditions.map { CellCondition(column: $0.name, words: $0.value) }
    }

    /// One or several headers, of which the first that a file has counts.
    static let headers = Shape.oneOrList(
        of: Shape.text("a column's header", example: "payment_id"), "headers",
        example: "[payment_id, id]")

    /// Words of a cell; an empty one is an empty cell.
    static let words = Shape.oneOrList(
        of: Shape<String>.scalar(
            "a cell's text", expected: "a text, or \"\" for an empty cell", example: "Pending",
            schema: ["type": ["string", "number", "boolean"]]
        ) { text in text }, "words", example: "[Pending, Failed]")

    // MARK: Forms

    /// One way of writing where a field comes from, known by the keys that it alone has.
    private struct Form: Sendable {
        let signs: [String]
        let shape: Shape<ColumnSource>
    }

    private static func forms(of content: FieldContent) -> [Form] {
        let general = [
            Form(signs: ["constant"], shape: constant), Form(signs: ["first"], shape: first),
            Form(signs: ["join"], shape: join), Form(signs: ["present"], shape: present),
            Form(signs: ["above"], shape: above),
        ]
        guard content == .amount else {
            return general + [
                Form(signs: ["column"], shape: single), Form(signs: ["sign"], shape: sign),
            ]
        }
        return general + amounts
    }

    private static let amounts = [
        Form(signs: ["sum", "minus"], shape: sum), Form(signs: ["credit", "debit"], shape: pair),
        Form(signs: ["direction"], shape: directed), Form(signs: ["column"], shape: singleAmount),
    ]

    private static let constant = Shape<String>.mapping(
        "",
        [
            .required(
                "constant", \.self, .text("a constant", example: "GHS"),
                example: "constant: GHS", "The same value in every row.")
        ]
    ).map { ColumnSource.constant($0) }

    private static let first = Shape<[String]>.mapping(
        [],
        [
            .required(
                "first", \.self, columns("[\"Customer Email\", \"Customer ID\"]"),
                example: "first: [Customer Email, Customer ID]",
                "Columns, of which the first that is not empty in the row counts; a file must have one "
                    + "of them.")
        ]
    ).map { ColumnSource.made(.first($0)) }

    private static let join = Shape<[String]>.mapping(
        [],
        [
            .required(
                "join", \.self, columns("[Date, Time]"), example: "join: [Date, Time]",
                "Columns whose texts are joined by a space.")
        ]
    ).map { ColumnSource.made(.joined($0)) }

    private static let present = Shape<[String]>.mapping(
        [],
        [
            .required(
                "present", \.self, columns("[Purpose, Payee]"),
                example: "present: [Purpose, Payee]",
                "Columns whose texts are joined by a space; a file must have one of them.")
        ]
    ).map { ColumnSource.made(.present($0)) }

    private static let above = Shape<[String]>.mapping(
        [],
        [
            .required(
                "above", \.self, headers, example: "above: payment_reference",
                "The header of a value that stands once in the file, in a table of one row above the "
                    + "records.")
        ]
    ).map { ColumnSource.made(.above($0)) }

    private static let ownCurrency =
        "The column of the amount's own currency: an amount of another one than the record's is left "
        + "out."

    /// An amount that may have a currency of its own.
    private static func amount(
        _ expression: ColumnExpression, of currency: [String]
    ) -> ColumnSource {
        .made(currency.isEmpty ? expression : .ofCurrency(currency, expression))
    }

    private struct SumDraft: Sendable {
        var plus: [ColumnExpression] = []
        var minus: [ColumnExpression] = []
        var currency: [String] = []
    }

    private static let sum = Shape<SumDraft>.mapping(
        SumDraft(),
        [
            .required(
                "sum", \.plus, summands("[Fee, Tax]"), example: "sum: [Fee, Tax]",
                "Columns, or amounts made of columns, that are added up; a file must have all of "
                    + "them."),
            Key("minus", \.minus, summands("[Discount]"), "What is taken off."),
            Key("currency", \.currency, headers, ownCurrency),
        ]
    ).map { amount(.sum(plus: $0.plus, minus: $0.minus), of: $0.currency) }

    private struct PairDraft: Sendable {
        var credit: [String] = []
        var debit: [String] = []
        var currency: [String] = []
    }

    private static let pair = Shape<PairDraft>.mapping(
        PairDraft(),
        [
            .required(
                "credit", \.credit, headers, example: "credit: Credit",
                "The column of what came in; of several, the first that is not empty in the row."),
            .required(
                "debit", \.debit, headers, example: "debit: Debit",
                "The column of what went out; it is taken off."),
            Key("currency", \.currency, headers, ownCurrency),
        ]
    ).map { amount(.pair(credit: $0.credit, debit: $0.debit), of: $0.currency) }

    /// What gives an amount its sign.
    private enum Sense: Sendable {
        case words(Direction)
        case sign(ColumnExpression)
    }

    private struct DirectedDraft: Sendable {
        var column: [String] = []
        var sense = Sense.words(Direction(column: [], debit: [], credit: []))
        var currency: [String] = []
    }

    private static let sense = Shape<Sense>(
        schema: ["anyOf": [wordsOfDirection.schema, sum.schema]]
    ) { node, decoding in
        guard node["sum"] == nil else {
            guard case .made(let amount) = sum.read(node, &decoding) else { return nil }
            return .sign(amount)
        }
        return wordsOfDirection.read(node, &decoding).map { .words($0) }
    }

    private static let wordsOfDirection = Shape<Direction>.mapping(
        Direction(column: [], debit: [], credit: []),
        [
            .required(
                "column", \.column, headers, example: "column: DR/CR",
                "The column that says whether money came in or went out."),
            Key(
                "debit", \.debit, words,
                "Its words for money going out; every other word, where this is left out."),
            Key(
                "credit", \.credit, words,
                "Its words for money coming in; every other word, where this is left out."),
            Key("signed", \.signed, words, "Its words for amounts whose own sign counts."),
        ],
        schema: ["anyOf": [["required": ["debit"]], ["required": ["credit"]]]]
    ) { node, decoding in
        guard node["debit"] == nil, node["credit"] == nil else { return }
        decoding.report(
            "\(decoding.place) has no words", at: node.position,
            expected: "the key debit or credit, or both", found: "neither",
            remedy: "add debit: [DR]")
    }

    private static let directed = Shape<DirectedDraft>.mapping(
        DirectedDraft(),
        [
            .required(
                "column", \.column, headers, example: "column: Gross",
                "The column of the amount, whose own sign does not count."),
            .required(
                "direction", \.sense, sense,
                example: "direction: {column: DR/CR, debit: [DR], credit: [CR]}",
                "What gives the amount its sign: a column's words, or the sign of another amount."),
            Key("currency", \.currency, headers, ownCurrency),
        ]
    ).map { draft in
        switch draft.sense {
        case .words(let direction): amount(.directed(draft.column, direction), of: draft.currency)
        case .sign(let other): amount(.signed(draft.column, by: other), of: draft.currency)
        }
    }

    private struct ColumnDraft: Sendable {
        var column: [String] = []
        var currency: [String] = []
        var nth: Int?
        var path: String?
    }

    private static let single = column(keys: [])
    private static let singleAmount = column(
        keys: [Key("currency", \.currency, headers, ownCurrency)])

    private static func column(keys: [Key<ColumnDraft>]) -> Shape<ColumnSource> {
        Shape<ColumnDraft>.mapping(
            ColumnDraft(),
            [
                .required(
                    "column", \.column, headers, example: "column: metadata",
                    "The column's header."),
                Key(
                    "nth", \.nth, Shape.wholeNumber(1...100, example: 2).optional,
                    "Which of several columns of this header, from 1."),
                Key(
                    "path", \.path, Shape.detailsPath.optional,
                    "A path into the column's JSON: keys of objects, joined by dots."),
            ] + keys
        ) { node, decoding in
            guard node["nth"] != nil, let path = node["path"] else { return }
            decoding.report(
                "\(decoding.place) has nth and path", at: path.position, expected: "one of them",
                found: "both", remedy: "remove one of them")
        }.map { draft in
            if let path = draft.path {
                return amount(.path(draft.column, path), of: draft.currency)
            }
            if let nth = draft.nth {
                return amount(.repeated(draft.column, nth: nth), of: draft.currency)
            }
            guard draft.currency.isEmpty else {
                return .made(.ofCurrency(draft.currency, .first(draft.column)))
            }
            return .headers(draft.column)
        }
    }

    private struct SignDraft: Sendable {
        var amount = ColumnExpression.first([])
        var column: [String] = []
        var positive = ""
        var negative = ""
    }

    /// An amount within another form: a column, or one of the forms of amounts.
    private static let innerAmount = Shape<ColumnExpression>(
        schema: ["$ref": "#/$defs/amount"]
    ) { node, decoding in
        guard case .mapping(let entries) = node.content else {
            return headers.read(node, &decoding).map { .first($0) }
        }
        let form = amounts.first { form in
            form.signs.contains { sign in entries.contains { $0.key == sign } }
        }
        let source = form.map { $0.shape.read(node, &decoding) }
        switch source ?? reportNoForm(amounts, node, &decoding) {
        case .made(let expression): return expression
        case .headers(let names): return .first(names)
        case .constant, nil: return nil
        }
    }

    private static func summands(_ example: String) -> Shape<[ColumnExpression]> {
        .list(of: innerAmount, atLeast: 1, "amounts", example: example)
    }

    private static let sign = Shape<SignDraft>.mapping(
        SignDraft(),
        [
            .required(
                "sign", \.amount, innerAmount,
                example: "sign: {sum: [Balance after], minus: [Balance before]}",
                "The amount whose sign tells."),
            Key(
                "of", \.column, headers,
                "A column whose text stands before the word, as in \"TRANSFER out\"."),
            .required(
                "positive", \.positive, .text("a word", example: "charge"),
                example: "positive: charge", "What stands for an amount of 0 or above."),
            .required(
                "negative", \.negative, .text("a word", example: "refund"),
                example: "negative: refund", "What stands for an amount below 0."),
        ]
    ).map { draft in
        ColumnSource.made(
            .sign(
                draft.amount, of: draft.column, positive: draft.positive,
                negative: draft.negative))
    }

    private static func columns(_ example: String) -> Shape<[String]> {
        .list(
            of: .text("a column's header", example: "Fee"), atLeast: 1, "headers",
            example: example)
    }

    private static func reportNoForm(
        _ forms: [Form], _ node: YAMLNode, _ decoding: inout Decoding
    ) -> ColumnSource? {
        let known = forms.flatMap(\.signs)
        let found = node.entries.first
        let nearest = found.flatMap { nearestWord(to: $0.key, among: known) }
        decoding.report(
            found.map { "unknown key \(quoted($0.key))\(decoding.inPlace)" }
                ?? "\(decoding.place) is empty",
            at: found?.position ?? node.position, expected: "one of " + listed(known, "or"),
            found: found.map { quoted($0.key) } ?? "no keys",
            remedy: nearest.map { "write \($0), if that is meant" }
                ?? "name a column, or write it like {constant: GHS}")
        return nil
    }
}
