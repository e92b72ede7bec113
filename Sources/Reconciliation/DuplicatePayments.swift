import Money
import Records
import Time

/// A payment that was made twice.
public struct DuplicatePayment: Sendable {
    /// The row of the payment that came first.
    public var earlier: Int32
    /// The row of the one that came after it.
    public var later: Int32
    /// How much later, in microseconds.
    public var span: Int64
}

/// Finds payments that were made twice: the same user, amount, currency and item or description,
/// both succeeded, within ten minutes, with different references.
///
/// What payments were for stands in their texts, which are read for those few alone that agree in
/// everything else; so the work is in two steps.
public struct DuplicatePayments: Sendable {
    /// Ten minutes, in microseconds.
    private static let longestSpan: Int64 = 600_000_000

    private let tables: RecordTables
    /// Succeeded payments of one user, amount and currency, in order of time, each within the span
    /// of the one before it.
    private let runs: [[Int]]

    /// Finds the payments that agree in everything but what they were for.
    public init(tables: RecordTables, verdicts: ContiguousArray<PaymentVerdict>) {
        self.tables = tables
        let payments = tables.payments
        let rows = payments.rows
        let index = FingerprintIndex(count: rows.count) { payment in
            guard verdicts[payment].resolved == .succeeded else { return .none }
            let row = rows[payment]
            return row.user.combined(with: row.amount).combined(with: Int64(row.currency.rawValue))
        }
        var runs: [[Int]] = []
        if index.hasRepeats {
            var isSeen = ContiguousArray<Bool>(repeating: false, count: rows.count)
            for first in rows.indices where !isSeen[first] && index.next(after: first) != nil {
                let group = sequence(first: first, next: { index.next(after: $0) }).sorted {
                    rows[$0].created == rows[$1].created
                        ? payments.idPrecedes($0, $1) : rows[$0].created < rows[$1].created
                }
                for payment in group { isSeen[payment] = true }
                DuplicatePayments.split(group, rows, into: &runs)
            }
        }
        self.runs = runs
    }

    private static func split(
        _ group: [Int], _ rows: ContiguousArray<PaymentRow>, into runs: inout [[Int]]
    ) {
        var run = [group[0]]
        for payment in group.dropFirst() {
            let last = run[run.count - 1]
            if span(from: last, to: payment, rows) > longestSpan {
                if run.count > 1 { runs.append(run) }
                run = []
            }
            run.append(payment)
        }
        if run.count > 1 { runs.append(run) }
    }

    private static func span(
        from earlier: Int, to later: Int, _ rows: ContiguousArray<PaymentRow>
    ) -> Int64 {
        let (span, over) = rows[later].created.microseconds
            .subtractingReportingOverflow(rows[earlier].created.microseconds)
        return over ? .max : span
    }

    /// The payments whose item decides, in the order of the input.
    public var candidates: [Int32] { runs.joined().sorted().map { Int32($0) } }

    /// The payments made twice: each with the latest before it that was for the same, from the print
    /// of each candidate's item, where that is known.
    public func found(items: [Int32: Fingerprint]) -> [DuplicatePayment] {
        runs.flatMap { found(in: $0, items) }
    }

    /// The latest payment for something, and the latest with another reference than that one's.
    private struct Latest {
        var last: Int
        var other: Int?
    }

    /// What a payment was for, as far as it was told before.
    private enum Subject: Hashable {
        case item(Fingerprint)
        /// The description of a payment, of a known item or not.
        case text(UInt64)
        /// The description of a payment whose item is not known.
        case textAlone(UInt64)
    }

    private func found(in run: [Int], _ items: [Int32: Fingerprint]) -> [DuplicatePayment] {
        let rows = tables.payments.rows
        var latest: [Subject: Latest] = [:]
        var found: [DuplicatePayment] = []
        for (place, payment) in run.enumerated() {
            let row = rows[payment]
            let item = self.item(payment, items)
            var equals: [Subject] = []
            var told: [Subject] = []
            if item.isPresent {
                equals.append(.item(item))
                told.append(.item(item))
            }
            if row.subject != 0 {
                // Where both items are known, they decide, whatever the descriptions say.
                equals.append(item.isPresent ? .textAlone(row.subject) : .text(row.subject))
                told.append(.text(row.subject))
                if !item.isPresent { told.append(.textAlone(row.subject)) }
            }
            let before = equals.compactMap { latest[$0] }.compactMap { entry in
                rows[run[entry.last]].reference != row.reference ? entry.last : entry.other
            }.max()
            if let before {
                let span = DuplicatePayments.span(from: run[before], to: payment, rows)
                if span <= DuplicatePayments.longestSpan {
                    found.append(
                        DuplicatePayment(
                            earlier: Int32(run[before]), later: Int32(payment), span: span))
                }
            }
            for subject in told {
                let entry = latest[subject]
                let isOther = entry.map { rows[run[$0.last]].reference != row.reference } ?? false
                latest[subject] = Latest(last: place, other: isOther ? entry?.last : entry?.other)
            }
        }
        return found
    }

    /// The item, or else the order that both name.
    private func item(_ payment: Int, _ items: [Int32: Fingerprint]) -> Fingerprint {
        if let item = items[Int32(payment)], item.isPresent { return item }
        let order = tables.links(ofPayment: payment).order
        return order.isPresent ? order.combined(with: 1) : .none
    }
}
