import Money
import Records

/// Shares the bookings of one order out among the payments that name it.
struct OrderSharer {
    let tables: RecordTables
    /// In order of time; equal times by id, so that the input's order has no say.
    private let payments: [Int]
    private let bookings: [Int]

    /// - Precondition: there is a payment and a booking.
    init(tables: RecordTables, payments: some Sequence<Int>, bookings: some Sequence<Int>) {
        self.tables = tables
        let paid = tables.payments.rows
        let booked = tables.bookings.rows
        let inOrder = payments.sorted { left, right in
            paid[left].created == paid[right].created
                ? tables.payments.idPrecedes(left, right) : paid[left].created < paid[right].created
        }
        // An order is paid again where an attempt has failed; the booking is not that attempt's.
        let standing = inOrder.filter { paid[$0].status.mayHaveMoney }
        self.payments = standing.isEmpty ? Array(inOrder.prefix(1)) : standing
        self.bookings = bookings.sorted { left, right in
            booked[left].created == booked[right].created
                ? tables.bookings.idPrecedes(left, right)
                : booked[left].created < booked[right].created
        }
    }

    private struct Price: Hashable {
        let currency: Currency
        let amount: Int64
    }

    /// The links of the order: equal amounts pair up one to one, the earliest first; what is left
    /// over is one purchase in parts, a cart or a deposit, and forms one group.
    func links() -> [BookingLink] {
        let paid = tables.payments.rows
        let booked = tables.bookings.rows
        if payments.count == 1 { return bookings.map { link(payments[0], $0) } }
        var byPrice: [Price: [Int]] = [:]
        for booking in bookings.reversed() {
            let row = booked[booking]
            byPrice[Price(currency: row.currency, amount: row.amount), default: []].append(booking)
        }
        var links: [BookingLink] = []
        var used: Set<Int> = []
        var unpaired: [Int] = []
        for payment in payments {
            let price = Price(currency: paid[payment].currency, amount: paid[payment].amount)
            if let booking = byPrice[price]?.popLast() {
                used.insert(booking)
                links.append(link(payment, booking))
            } else {
                unpaired.append(payment)
            }
        }
        let leftOver = bookings.filter { !used.contains($0) }
        let host = unpaired.first ?? payments[0]
        for booking in leftOver { links.append(link(host, booking)) }
        let shared = leftOver.first ?? bookings[0]
        for payment in leftOver.isEmpty ? unpaired[...] : unpaired.dropFirst() {
            links.append(link(payment, shared))
        }
        return links
    }

    private func link(_ payment: Int, _ booking: Int) -> BookingLink {
        BookingLink(payment: Int32(payment), booking: Int32(booking), rule: .order)
    }
}
