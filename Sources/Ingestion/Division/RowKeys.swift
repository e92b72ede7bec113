import Records

// What the rows of each kind name: the key by which a run is divided.

extension PaymentParser {
    static func addKeys(
        of row: PaymentRow, id: UnsafeRawBufferPointer, _ links: PaymentLinks?,
        to names: inout RowNames
    ) {
        names.add(.payment, row.id)
        if row.reference != row.id { names.add(.payment, row.reference) }
        names.add(.user, row.user)
        names.add(digits: names.digitsForPayment?(id))
        if let links {
            names.add(.order, links.order)
            names.add(.booking, links.booking)
        }
        names.addTargets(ofBreaksOf: .payments, id: id)
    }
}

extension SettlementParser {
    static func addKeys(
        of row: SettlementRow, id: UnsafeRawBufferPointer, _ links: SettlementNames?,
        to names: inout RowNames
    ) {
        names.add(.line, row.id)
        names.add(paymentOf: row)
        names.addTargets(ofBreaksOf: .settlements, id: id)
    }
}

extension BookingParser {
    static func addKeys(
        of row: BookingRow, id: UnsafeRawBufferPointer, _ links: NoLinks?,
        to names: inout RowNames
    ) {
        names.add(.booking, row.id)
        names.add(.payment, row.payment)
        names.add(.user, row.user)
        names.add(.order, row.order)
        if names.digitsForPayment != nil {
            names.add(digits: RowNames.digits(ofBooking: id))
        }
        names.addTargets(ofBreaksOf: .bookings, id: id)
    }
}

extension OrderParser {
    static func addKeys(
        of row: OrderRow, id: UnsafeRawBufferPointer, _ links: NoLinks?,
        to names: inout RowNames
    ) {
        names.add(.order, row.id)
    }
}

extension SessionParser {
    static func addKeys(
        of row: SessionRow, id: UnsafeRawBufferPointer, _ links: NoLinks?,
        to names: inout RowNames
    ) {
        names.add(.session, row.id)
        names.add(.booking, row.booking)
        names.add(.user, row.user)
    }
}
