import Definition
import Records

/// How records of different files name each other, as their values tell.
struct Links {
    /// From this share of values on, in percent, two columns hold the same ids.
    private static let enough = 50

    private let payments: InputGuess?

    init(_ inputs: [InputGuess]) {
        payments = inputs.first { $0.kind == .payments && $0.preset == nil }
    }

    /// A column of another file, and the column of the payments whose ids it holds.
    private struct Link {
        let column: ColumnSample
        let paymentsColumn: ColumnSample
        let share: Int
    }

    /// Corrects which columns are references, where values say more than names.
    func apply(to inputs: inout [InputGuess]) {
        guard let payments else { return }
        var paymentsReference: Link?
        for index in inputs.indices where inputs[index].kind != .payments {
            let field: String
            switch inputs[index].kind {
            case .settlements: field = "reference"
            case .bookings: field = "payment"
            default: continue
            }
            guard let link = link(of: inputs[index], to: payments) else { continue }
            if field == "reference", paymentsReference == nil { paymentsReference = link }
            let reason =
                "\(link.share) % of its values stand in \(link.paymentsColumn.name) of the payments"
            if let preset = inputs[index].preset {
                let own = preset.inputs[inputs[index].kind]?.columns[field]
                if !Links.names(of: own).contains(link.column.name) {
                    inputs[index].reference = (link.column.name, reason)
                }
            } else {
                set(field, link.column, reason, in: &inputs[index])
            }
        }
        guard let link = paymentsReference,
            let place = inputs.firstIndex(where: { $0.kind == .payments && $0.preset == nil })
        else { return }
        if inputs[place].field("id")?.column.name == link.paymentsColumn.name {
            // The settlements name the payments by their ids, which is what a reference is then.
            inputs[place].fields.removeAll { $0.field.text == "reference" }
        } else {
            set(
                "reference", link.paymentsColumn, "the settlements name the payments by it",
                in: &inputs[place])
        }
    }

    /// The column that holds most ids of payments; nil where none holds enough of them.
    private func link(of input: InputGuess, to payments: InputGuess) -> Link? {
        var best: Link?
        for target in payments.example.columns where Links.isID(target) && target.isUnique {
            for column in input.example.columns where Links.isID(column) {
                let share = column.overlap(with: target)
                if share >= Links.enough, share > best?.share ?? 0 {
                    best = Link(column: column, paymentsColumn: target, share: share)
                }
            }
        }
        return best
    }

    private static func isID(_ column: ColumnSample) -> Bool {
        column.distinct.count > 1 && column.timePatterns.isEmpty && !column.isAddresses
            && !column.isJSON && !column.isCurrencies
            && !column.distinct.contains { $0.contains(".") && AmountNotation.plain.reads($0) }
    }

    /// The headers of which a preset takes a field.
    private static func names(of source: ColumnSource?) -> [String] {
        switch source {
        case .headers(let names), .made(.first(let names)): names
        default: []
        }
    }

    private func set(
        _ field: String, _ column: ColumnSample, _ reason: String, in input: inout InputGuess
    ) {
        guard let place = input.kind.fields.firstIndex(where: { $0.text == field }) else { return }
        input.fields.removeAll { $0.field.text == field || $0.column.name == column.name }
        input.fields.append(
            FieldGuess(
                field: input.kind.fields[place], column: column, score: 100, reason: reason))
        let order = input.kind.fields
        input.fields.sort {
            (order.firstIndex(of: $0.field) ?? 0) < (order.firstIndex(of: $1.field) ?? 0)
        }
    }
}
