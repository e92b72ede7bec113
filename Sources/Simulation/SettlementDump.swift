import Definition
import DelimitedText
import Diagnostics
import Money
import Records
import Time

/// One line that a simulated gateway settles.
struct SimulatedLine: Sendable {
    let id: String
    let reference: String
    let state: SettlementState
    let amount: Int64
    /// What the gateway keeps; nil where no fee was agreed, or nothing was captured.
    let fee: Int64?
    let currency: Currency
    let occurred: Instant
}

/// A settlement dump as a pipeline reads it: its columns and words follow from the definition.
struct SettlementDump {
    /// The fields that a simulated line fills; a definition may name columns for others, too.
    private static let filled: [SettlementField] = [
        .id, .reference, .type, .state, .gross, .fee, .currency, .occurredAt,
    ]

    private let fields: [SettlementField]
    /// The names of the columns, in the order of the fields.
    let headers: [String]
    private let words: [String: [String: [String]]]

    /// Arranges the columns of a source of settlements.
    ///
    /// - Throws: `TrueupError.usage` where two fields are read from one column, or the source is an
    ///   export of a form of its own: no dump of ours can serve it.
    init(_ input: InputDefinition) throws(TrueupError) {
        guard input.format == FormatDefinition(), input.skip.isEmpty, input.only.isEmpty else {
            throw SettlementDump.cannotServe(
                expected: "a source of plain columns", found: "one with a format of its own")
        }
        var fields: [SettlementField] = []
        var headers: [String] = []
        for field in SettlementField.allCases {
            switch input.columns[field.name.text] {
            case .constant: continue
            case .made:
                throw SettlementDump.cannotServe(
                    expected: "a column for each field",
                    found: "\(field.name.text), which is made of columns")
            case .headers(let names):
                fields.append(field)
                headers.append(names.first ?? field.name.text)
            case nil:
                guard SettlementDump.filled.contains(field) else { continue }
                fields.append(field)
                headers.append(field.name.text)
            }
        }
        guard Set(headers).count == headers.count else {
            throw SettlementDump.cannotServe(
                expected: "a column of its own for each field",
                found: "several fields that are read from one column")
        }
        self.fields = fields
        self.headers = headers
        words = input.values
    }

    private static func cannotServe(expected: String, found: String) -> TrueupError {
        .usage(
            Finding(
                "the settlements of this pipeline cannot be simulated", expected: expected,
                found: found,
                remedy: "give the simulated gateway a source of its own under inputs.settlements"))
    }

    /// The header, with its line end.
    func header() -> [UInt8] {
        var buffer = OutputBuffer(capacity: 1024)
        for (index, header) in headers.enumerated() {
            if index > 0 { buffer.appendSeparator() }
            buffer.appendField(header)
        }
        buffer.endRow()
        return buffer.withUnsafeBytes { Array($0) }
    }

    /// The lines as rows of the dump.
    func rows(_ lines: [SimulatedLine]) -> [UInt8] {
        var buffer = OutputBuffer()
        for line in lines {
            for (index, field) in fields.enumerated() {
                if index > 0 { buffer.appendSeparator() }
                buffer.appendField(text(of: field, in: line))
            }
            buffer.endRow()
        }
        return buffer.withUnsafeBytes { Array($0) }
    }

    private func text(of field: SettlementField, in line: SimulatedLine) -> String {
        switch field {
        case .id: line.id
        case .reference: line.reference
        case .type: word(SettlementType.charge.word, of: field)
        case .state: word(line.state.word, of: field)
        case .gross: Amount.text(line.amount, line.currency)
        case .fee: line.fee.map { Amount.text($0, line.currency) } ?? ""
        case .currency: line.currency.code
        case .occurredAt: TimeText.text(line.occurred)
        default: ""
        }
    }

    /// The dump's own word for one of ours.
    private func word(_ ours: String, of field: SettlementField) -> String {
        words[field.name.text]?[ours]?.first ?? ours
    }
}
