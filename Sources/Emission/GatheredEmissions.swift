import Reconciliation
import Records

extension Emissions {
    /// What the parts of a divided run emit, in order of the payments, which have new numbers; every
    /// row for which something is emitted must be among those that were gathered.
    ///
    /// Payouts are made of the transactions of all parts, later; what was decided on payments for
    /// which nothing is emitted stays with the parts.
    public init(_ parts: [Emissions], _ rows: RowGathering) {
        self.init()
        for (part, emissions) in parts.enumerated() {
            func payment(_ row: Int32) -> Int32 { rows.payments.number(row, of: part) }
            func booking(_ row: Int32) -> Int32 { rows.bookings.number(row, of: part) }
            statusUpdates += emissions.statusUpdates.map(payment)
            bookingLinks += emissions.bookingLinks.map {
                BookingLink(
                    payment: payment($0.payment), booking: booking($0.booking), rule: $0.rule)
            }
            orderUpdates += emissions.orderUpdates.map {
                OrderUpdate(
                    order: rows.orders.number($0.order, of: part), payment: payment($0.payment))
            }
            func renumbered(_ made: NewBooking) -> NewBooking {
                var made = made
                made.payment = payment(made.payment)
                return made
            }
            bookings += emissions.bookings.map(renumbered)
            tickets += emissions.tickets.map(renumbered)
            transactions += emissions.transactions.map { transaction in
                var transaction = transaction
                transaction.payment = payment(transaction.payment)
                return transaction
            }
            sessionUpdates += emissions.sessionUpdates.map {
                SessionUpdate(
                    session: rows.sessions.number($0.session, of: part),
                    booking: booking($0.booking), payment: payment($0.payment))
            }
        }
        sessionDecisions = rows.sessions.gather { parts[$0].sessionDecisions }
        arrange()
    }

    /// Brings everything into the order of the payments; what one payment has stays in its order.
    private mutating func arrange() {
        statusUpdates.sort()
        bookingLinks.sort { ($0.payment, $0.booking) < ($1.payment, $1.booking) }
        orderUpdates.sort { ($0.payment, $0.order) < ($1.payment, $1.order) }
        bookings.sort { $0.payment < $1.payment }
        tickets.sort { $0.payment < $1.payment }
        sessionUpdates.sort { $0.session < $1.session }
        let order = transactions.indices.sorted { left, right in
            (transactions[left].payment, left) < (transactions[right].payment, right)
        }
        transactions = order.map { transactions[$0] }
    }
}
