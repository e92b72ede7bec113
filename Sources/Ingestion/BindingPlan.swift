import Definition
import Diagnostics
import Money
import Records
import Time

/// Which columns of a header give which fields, as a definition says; or what is missing.
struct BindingPlan {
    /// Where one field comes from.
    enum Field {
        case absent
        case column(Int)
        case constant(String)
        /// The text of this index, made of columns of which messages name this one.
        case made(Int, name: String)
    }

    let header: HeaderRow
    private(set) var fields: [Field] = []
    private(set) var recipe: RowRecipe
    /// What the header lacks: columns by what they are for.
    private(set) var missing: [(purpose: String, names: [String])] = []
    /// Columns that make the file another report than the preset's.
    private(set) var unwanted: [String] = []
    /// Names that several columns have: by what they are for.
    private(set) var ambiguous: [(purpose: String, name: String)] = []

    private let input: InputDefinition
    /// The rows above the header, in their order.
    private let rowsAbove: [HeaderRow]

    init(
        _ file: InputFile, _ header: HeaderRow, below rowsAbove: [HeaderRow], _ rules: ReadingRules
    ) {
        self.header = header
        self.rowsAbove = rowsAbove
        input = file.input
        recipe = RowRecipe(standardCurrency: rules.currency)
        recipe.width = header.names.count
        planSignature()
        for field in file.kind.fields { fields.append(plan(field)) }
        planFormat(rules)
        planRows()
    }

    /// Whether the header serves.
    var isWhole: Bool { missing.isEmpty && ambiguous.isEmpty && unwanted.isEmpty }

    /// Whether anything is to be done with rows but taking columns as they stand.
    var needsRecipe: Bool { !recipe.fields.isEmpty || !recipe.sieve.isOpen }

    /// Says where the table ends before the file does.
    mutating func end(at offset: Int) { recipe.sieve.end = offset }

    /// A preset's file is the report that it says, or is not read at all.
    private mutating func planSignature() {
        guard let preset = input.preset else { return }
        let purpose = "preset \(preset.name)"
        for names in preset.signature.columns where header.column(names) == .none {
            missing.append((purpose, names))
        }
        unwanted = preset.signature.without.filter(header.has)
    }

    // MARK: Fields

    private mutating func plan(_ field: FieldName) -> Field {
        guard let source = input.columns[field.text] else {
            return plan(field, .headers([field.text]), isNeeded: field.isRequired)
        }
        // Reports come with columns left out. What a preset needs stands in its signature.
        let isNeeded =
            field.isRequired || !(input.preset?.fields.contains(field.text) ?? false)
        guard isNeeded || hasColumns(source) else { return .absent }
        return plan(field, source, isNeeded: isNeeded)
    }

    private mutating func plan(
        _ field: FieldName, _ source: ColumnSource, isNeeded: Bool
    ) -> Field {
        switch source {
        case .constant(let text): return .constant(text)
        case .headers(let names):
            guard let column = column(names, for: field.text, isNeeded: isNeeded) else {
                return .absent
            }
            guard isRewritten(field, column) else { return .column(column) }
            return make(field, .column(column), column)
        case .made(let expression):
            return plan(field, expression)
        }
    }

    /// Whether the header has what a source is made of.
    private func hasColumns(_ source: ColumnSource) -> Bool {
        guard case .made(let expression) = source else { return true }
        return hasColumns(expression)
    }

    private func hasColumns(_ expression: ColumnExpression) -> Bool {
        func has(_ names: [String]) -> Bool { header.column(names) != .none }
        return switch expression {
        case .repeated(let names, let nth): header.column(names, nth: nth) != .none
        case .first(let names): has(names)
        case .joined(let names): names.allSatisfy(header.has)
        case .present(let names): has(names)
        case .above(let names): textAbove(names) != nil
        case .path(let names, _): has(names)
        case .sum(let plus, let minus): (plus + minus).allSatisfy(hasColumns)
        case .pair(let credit, let debit): has(credit) && has(debit)
        case .directed(let amount, let direction): has(amount) && has(direction.column)
        case .signed(let amount, let other): has(amount) && hasColumns(other)
        case .ofCurrency(let names, let amount): has(names) && hasColumns(amount)
        case .sign(let amount, let column, _, _):
            hasColumns(amount) && (column.isEmpty || has(column))
        }
    }

    /// Whether a field's own form in the file is another than ours.
    private func isRewritten(_ field: FieldName, _ column: Int? = nil) -> Bool {
        switch field.content {
        case .text: false
        case .amount: input.format.numbers != nil
        case .moment, .day: input.format.dates != nil || (column.map(header.saysUTC) ?? false)
        }
    }

    private mutating func plan(_ field: FieldName, _ expression: ColumnExpression) -> Field {
        switch expression {
        case .sum, .pair, .directed, .signed, .ofCurrency:
            guard let (amount, first) = amount(expression, for: field.text) else { return .absent }
            return make(field, .amount(amount), first)
        case .above(let names):
            guard let text = textAbove(names) else {
                missing.append((field.text, names))
                return .absent
            }
            guard isRewritten(field) else { return .constant(text) }
            return make(field, .constant(Array(text.utf8)), named: names[0])
        default:
            guard let (cell, first) = cell(expression, for: field.text) else { return .absent }
            // A repeated column is one as it stands.
            if case .column(let column) = cell, !isRewritten(field, column) {
                return .column(column)
            }
            return make(field, cell, first)
        }
    }

    /// An amount made of columns, with the first of them; nil where one is missing.
    private mutating func amount(
        _ expression: ColumnExpression, for purpose: String
    ) -> (AmountRecipe, Int)? {
        switch expression {
        case .sum(let plus, let minus):
            let plus = plus.compactMap { amount($0, for: purpose) }
            let minus = minus.compactMap { amount($0, for: purpose) }
            return (plus + minus).first.map { first in
                (.sum(plus: plus.map(\.0), minus: minus.map(\.0)), first.1)
            }
        case .pair(let credit, let debit):
            guard let (credit, first) = cell(.first(credit), for: purpose),
                let (debit, _) = cell(.first(debit), for: purpose)
            else { return nil }
            return (.sum(plus: [.cell(credit)], minus: [.cell(debit)]), first)
        case .directed(let amount, let direction):
            guard let amount = column(amount, for: purpose),
                let flag = column(direction.column, for: purpose)
            else { return nil }
            return (.directed(.column(amount), flag: flag, FlagWords(direction)), amount)
        case .signed(let names, let other):
            guard let column = column(names, for: purpose),
                let (other, _) = amount(other, for: purpose)
            else { return nil }
            return (.signed(.column(column), by: other), column)
        case .ofCurrency(let names, let expression):
            guard let own = column(names, for: purpose),
                let (amount, first) = amount(expression, for: purpose)
            else { return nil }
            return (.ofCurrency(own, amount), first)
        default: return cell(expression, for: purpose).map { (.cell($0.0), $0.1) }
        }
    }

    /// A text made of columns, with the first of them; nil where one is missing.
    private mutating func cell(
        _ expression: ColumnExpression, for purpose: String
    ) -> (CellRecipe, Int)? {
        switch expression {
        case .repeated(let names, let nth):
            return column(names, nth: nth, for: purpose).map { (.column($0), $0) }
        case .first(let names):
            let columns = present(names, for: purpose)
            return columns.first.map { (.first(columns), $0) }
        case .present(let names):
            let columns = present(names, for: purpose)
            return columns.first.map { (.joined(columns), $0) }
        case .joined(let names):
            let columns = columns(names, for: purpose)
            return columns.first.map { (.joined(columns), $0) }
        case .path(let names, let path):
            guard let column = column(names, for: purpose) else { return nil }
            recipe.paths.append(path)
            return (.path(column: column, reader: recipe.paths.count - 1), column)
        case .sign(let expression, let names, let positive, let negative):
            guard let (amount, first) = amount(expression, for: purpose) else { return nil }
            let column = names.isEmpty ? nil : column(names, for: purpose)
            let recipe = CellRecipe.sign(
                amount, of: column, positive: Array(positive.utf8), negative: Array(negative.utf8))
            return (recipe, column ?? first)
        case .above(let names):
            // The currency, to which a row's amounts are read.
            return textAbove(names).map { (.constant(Array($0.utf8)), 0) }
        case .sum, .pair, .directed, .signed, .ofCurrency: return nil
        }
    }

    /// The value under one of these names in a table of one row above the header.
    private func textAbove(_ names: [String]) -> String? {
        for (row, values) in zip(rowsAbove, rowsAbove.dropFirst()) {
            guard case .column(let column) = row.column(names) else { continue }
            return column < values.names.count ? values.names[column] : nil
        }
        return nil
    }

    private mutating func make(
        _ field: FieldName, _ cell: CellRecipe, _ column: Int
    ) -> Field {
        make(field, cell, named: header.names[column])
    }

    private mutating func make(
        _ field: FieldName, _ cell: CellRecipe, named name: String
    ) -> Field {
        let kind: FieldRecipe.Kind =
            switch field.content {
            case .text: .text(cell)
            case .amount: .amount(.cell(cell))
            case .moment: .moment(cell)
            case .day: .day(cell)
            }
        return make(field, kind, named: name, isUTC: isUTC(cell))
    }

    /// Whether a time is in UTC by the names of its columns, whatever the zone of the others is.
    private func isUTC(_ cell: CellRecipe) -> Bool {
        switch cell {
        case .column(let column): header.saysUTC(column)
        case .first(let columns): columns.allSatisfy(header.saysUTC)
        case .joined(let columns): columns.contains(where: header.saysUTC)
        case .constant, .path, .sign: false
        }
    }

    private mutating func make(
        _ field: FieldName, _ kind: FieldRecipe.Kind, _ column: Int
    ) -> Field {
        make(field, kind, named: header.names[column], isUTC: false)
    }

    private mutating func make(
        _ field: FieldName, _ kind: FieldRecipe.Kind, named name: String, isUTC: Bool
    ) -> Field {
        recipe.fields.append(FieldRecipe(field: fields.count, kind: kind, isUTC: isUTC))
        return .made(recipe.fields.count - 1, name: name)
    }

    // MARK: Columns

    private mutating func column(
        _ names: [String], nth: Int? = nil, for purpose: String, isNeeded: Bool = true
    ) -> Int? {
        switch header.column(names, nth: nth) {
        case .column(let column): return column
        case .ambiguous(let name):
            ambiguous.append((purpose, name))
            return nil
        case .none:
            if isNeeded { missing.append((purpose, names)) }
            return nil
        }
    }

    private mutating func columns(_ names: [String], for purpose: String) -> [Int] {
        names.compactMap { column([$0], for: purpose) }
    }

    /// Those of several columns that the file has; it may lack some of them, but not all.
    private mutating func present(_ names: [String], for purpose: String) -> [Int] {
        let present = names.filter(header.has)
        if present.isEmpty { missing.append((purpose, names)) }
        return columns(present, for: purpose)
    }

    // MARK: Formats and rows

    private mutating func planFormat(_ rules: ReadingRules) {
        let numbers = input.format.numbers
        recipe.amounts = AmountFormat(
            hasDecimalComma: numbers?.decimal == .comma, unit: numbers?.unit ?? .major)
        recipe.patterns = input.format.dates?.patterns ?? [.iso]
        recipe.zone = .fixed(rules.zone)
        switch input.columns["currency"] ?? .headers(["currency"]) {
        case .constant(let text): recipe.currency = .constant(Array(text.utf8))
        case .headers(let names):
            if case .column(let column) = header.column(names) { recipe.currency = .column(column) }
        case .made(let expression):
            // What is missing is told of the field itself, where it may not be.
            guard hasColumns(expression) else { break }
            if let (cell, _) = cell(expression, for: "currency") { recipe.currency = cell }
        }
        switch input.format.dates?.zone {
        case nil, .pipeline: break
        // The definition's reader has looked the names up.
        case .named(let name): recipe.zone = .fixed(Zone.named(name) ?? rules.zone)
        case .offset(let seconds): recipe.zone = .fixed(Zone.fixed(offset: seconds) ?? rules.zone)
        case .column(let names, let zones):
            guard let column = column(names, for: "format.dates.zone") else { return }
            let known = zones.sorted { $0.key < $1.key }.compactMap { name, zone in
                Zone.named(zone).map { (name: Array(name.lowercased().utf8), zone: $0) }
            }
            recipe.zone = .column(column, names: known)
        }
    }

    private mutating func planRows() {
        if let records = input.format.records {
            recipe.sieve.only.append(
                RowSieve.Condition(column: records.column - 1, words: CellWords(records.rows)))
        }
        recipe.sieve.only += conditions(input.only, for: "only")
        // Without the column no row has a word that the preset leaves out.
        let isOptional = input.preset?.saysSkip ?? false
        recipe.sieve.skip = conditions(
            isOptional ? input.skip.filter { header.has($0.column) } : input.skip, for: "skip")
        if let totals = input.format.totals {
            recipe.sieve.totals = conditions(totals.row, for: "format.totals.row")
            recipe.sieve.totalled = columns(totals.columns, for: "format.totals.columns")
        }
        if input.format.header != HeaderPresence.none {
            recipe.sieve.header = header.names.map { Array($0.utf8) }
        }
    }

    private mutating func conditions(
        _ conditions: [CellCondition], for purpose: String
    ) -> [RowSieve.Condition] {
        conditions.compactMap { condition in
            column([condition.column], for: purpose).map {
                RowSieve.Condition(column: $0, words: CellWords(condition.words))
            }
        }
    }
}
