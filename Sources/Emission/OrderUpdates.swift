import Money
import Reconciliation
import Records
import Rules
import Time

/// An order that a payment has made paid.
public struct OrderUpdate: Sendable, Hashable {
    /// The order's row.
    public var order: Int32
    /// The row of the payment with which it was paid in full.
    public var payment: Int32
}

/// Finds the orders that were paid and do not say so.
public struct OrderUpdater {
    let tables: RecordTables
    let verdicts: ContiguousArray<PaymentVerdict>
    let rules: ReconciliationRules
    let waiting: WaitingEmissions

    /// Gathers what decides on orders.
    public init(
        tables: RecordTables, verdicts: ContiguousArray<PaymentVerdict>,
        rules: ReconciliationRules, waiting: WaitingEmissions
    ) {
        self.tables = tables
        self.verdicts = verdicts
        self.rules = rules
        self.waiting = waiting
    }

    /// The orders that become paid, in order of their payments.
    ///
    /// An order is paid once succeeded and evidenced payments in its currency, of which something is
    /// left, come to its amount, but for the tolerance; one without an amount with the first such
    /// payment. Payments count by the time at which they were completed, then by their ids.
    public func updates(_ selection: Selection) -> [OrderUpdate] {
        let orders = tables.orders.rows
        guard !orders.isEmpty, !tables.paymentLinks.isEmpty else { return [] }
        let index = FingerprintIndex(count: orders.count) { orders[$0].id }
        var payers: [Int: [Int]] = [:]
        for (payment, links) in tables.paymentLinks.enumerated() where pays(payment) {
            guard let order = index.first(links.order, key: { orders[$0].id }),
                orders[order].hasStatus, orders[order].status.isOpen, !orders[order].isConflicting
            else { continue }
            payers[order, default: []].append(payment)
        }
        return payers.compactMap { order, payments in
            update(of: order, paidBy: payments.sorted(by: precedes), selection)
        }.sorted { ($0.payment, $0.order) < ($1.payment, $1.order) }
    }

    private func pays(_ payment: Int) -> Bool {
        let verdict = verdicts[payment]
        return verdict.resolved == .succeeded && verdict.isEvidenced
            && !verdict.isReversed(amount: tables.payments.rows[payment].amount)
    }

    private func update(
        of order: Int, paidBy payments: [Int], _ selection: Selection
    ) -> OrderUpdate? {
        let row = tables.orders.rows[order]
        var left = row.amount ?? 0
        if row.currency == rules.currency { left -= rules.match.tolerance }
        for payment in payments where tables.payments.rows[payment].currency == row.currency {
            left -= tables.payments.rows[payment].amount
            guard left <= 0 else { continue }
            guard !waiting.hasOrder(id: tables.orders.id(order)),
                selection.includes(tables.payments.rows[payment])
            else { return nil }
            return OrderUpdate(order: Int32(order), payment: Int32(payment))
        }
        return nil
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        let first = tables.payments.rows[left].moneyMoment
        let second = tables.payments.rows[right].moneyMoment
        return first == second ? tables.payments.idPrecedes(left, right) : first < second
    }
}
