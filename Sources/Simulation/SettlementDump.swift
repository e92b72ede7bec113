import Definition
import DelimitedText
import Diagnostics
import Money
import Reconciliation
import Records
import Time

/// One line that a simulated gateway settles.
struct SimulatedLine: Sendable {
    let id: String
    let reference: String
    let state: SettlementState
    let amount: Int64
    /// What the gateway keeps; nil where nothing was agreed, or nothing was captured.
    let cost: AgreedFees.Cost?
    let currency: Currency
    let occurred: Instant
}

/// A settlement dump as a pipeline reads it: its columns and words follow from the definition.
struct SettlementDump {
    /// The fields that a simulated line fills; a definition may name columns for others, too.
    private static let filled: Set<SettlementField> = [
        .id, .reference, .type, .state, .gross, .fee, .currency, .occurredAt,
    ]

    /// A column, with every field that is read from it.
    private struct Column {
        let header: String
        var fields: [SettlementField]
    }

    private let columns: [Column]
    private let words: [String: [String: [String]]]

    /// Arranges the columns of a source of settlements.
    ///
    /// - Throws: `TrueupError.usage` where one column would have to say two things, or the source is
    ///   an export of a form of its own: no dump of ours can serve it.
    init(_ input: InputDefinition) throws(TrueupError) {
        guard input.format == FormatDefinition(), input.skip.isEmpty, input.only.isEmpty else {
            throw SettlementDump.cannotServe(
                expected: "a source of plain columns", found: "one with a format of its own")
        }
        var columns: [Column] = []
        var own: [SettlementField] = []
        for field in SettlementField.allCases {
            let header: String
            switch input.columns[field.name.text] {
            case .constant: continue
            case .made:
                throw SettlementDump.cannotServe(
                    expected: "a column for each field",
                    found: "\(field.name.text), which is made of columns")
            case .headers(let names): header = names.first ?? field.name.text
            case nil:
                own.append(field)
                guard SettlementDump.filled.contains(field) else { continue }
                header = field.name.text
            }
            if let place = columns.firstIndex(where: { $0.header == header }) {
                columns[place].fields.append(field)
            } else {
                columns.append(Column(header: header, fields: [field]))
            }
        }
        // A field without an entry is read from the column of its own name, whose ever it is.
        for field in own where !SettlementDump.filled.contains(field) {
            if let place = columns.firstIndex(where: { $0.header == field.name.text }) {
                columns[place].fields.append(field)
            }
        }
        self.columns = columns
        words = input.values
        for column in columns where !SettlementDump.agree(column.fields) {
            throw SettlementDump.cannotServe(
                expected: "a column of its own for each field",
                found: column.fields.map(\.name.text).joined(separator: " and ")
                    + " from the column \(column.header)")
        }
    }

    private static func cannotServe(expected: String, found: String) -> TrueupError {
        .usage(
            Finding(
                "the settlements of this pipeline cannot be simulated", expected: expected,
                found: found,
                remedy: "give the simulated gateway a source of its own under inputs.settlements"))
    }

    /// Whether one value can serve all of these fields.
    private static func agree(_ fields: [SettlementField]) -> Bool {
        let said = Set(fields).intersection(filled.union([.net, .settledOn]))
        return said.count <= 1 || said == [.id, .reference] || said == [.gross, .net]
            || said == [.occurredAt, .settledOn]
    }

    // MARK: Writing

    /// The header, with its line end.
    ///
    /// Names stand as the definition has them, since that is how they are looked for.
    func header() -> [UInt8] { row(columns.map(\.header)) }

    /// A line as a row of the dump.
    func row(_ line: SimulatedLine) -> [UInt8] { row(columns.map { cell($0, line) }) }

    /// The cell that tells a line's id, as reading the dump gives it.
    func idCell(_ line: SimulatedLine) -> String? {
        columns.first { $0.fields.contains(.id) }.map { cell($0, line) }
    }

    /// The place of that cell.
    var idColumn: Int? { columns.firstIndex { $0.fields.contains(.id) } }

    /// Whether ids are the gateway's own, and not the payments' references.
    var hasOwnIDs: Bool {
        columns.contains { $0.fields.contains(.id) && !$0.fields.contains(.reference) }
    }

    private func row(_ cells: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            SettlementDump.append(cell, to: &bytes)
        }
        return bytes + [UInt8(ascii: "\n")]
    }

    /// A cell in quotes where it needs them; readers trim blanks that stand without.
    private static func append(_ cell: String, to bytes: inout [UInt8]) {
        let text = cell.utf8
        guard let first = text.first, let last = text.last else { return }
        let isQuoted =
            text.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
            || " \t".utf8.contains(first) || " \t".utf8.contains(last)
        guard isQuoted else { return bytes.append(contentsOf: text) }
        bytes.append(0x22)
        for byte in text {
            if byte == 0x22 { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }

    private func cell(_ column: Column, _ line: SimulatedLine) -> String {
        // An id that is the reference is one.
        if column.fields.contains(.reference) { return SettlementDump.guarded(line.reference) }
        return column.fields.lazy.map { text(of: $0, in: line) }.first { !$0.isEmpty } ?? ""
    }

    /// An id that a spreadsheet would run, or that begins with an apostrophe, behind an apostrophe,
    /// which reading takes off.
    private static func guarded(_ id: String) -> String {
        guard let first = id.utf8.first, "'=+-@\t\r".utf8.contains(first) else { return id }
        return "'" + id
    }

    private func text(of field: SettlementField, in line: SimulatedLine) -> String {
        switch field {
        case .id: line.id
        case .type: word(SettlementType.charge.word, of: field)
        case .state: word(line.state.word, of: field)
        case .gross: Amount.text(line.amount, line.currency)
        case .fee: line.cost.map { Amount.text(fee(of: $0), line.currency) } ?? ""
        case .tax: line.cost?.tax.map { Amount.text($0, line.currency) } ?? ""
        case .currency: line.currency.code
        case .occurredAt: TimeText.text(line.occurred)
        default: ""
        }
    }

    /// The fee, with the tax where that has no column, and nothing where the amount is net.
    private func fee(of cost: AgreedFees.Cost) -> Int64 {
        if columns.contains(where: { $0.fields.contains(.gross) && $0.fields.contains(.net) }) {
            return 0
        }
        let hasTax = columns.contains { $0.fields.contains(.tax) }
        return cost.fee + (hasTax ? 0 : cost.tax ?? 0)
    }

    /// The dump's own word for one of ours.
    private func word(_ ours: String, of field: SettlementField) -> String {
        words[field.name.text]?[ours]?.first ?? ours
    }
}
