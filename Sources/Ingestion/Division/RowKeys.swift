import Records

// By which keys the rows of each kind belong together: the key by which a run is divided.

extension PaymentParser {
    static func addKeys(
        of row: PaymentRow, id: UnsafeRawBufferPointer, _ links: PaymentLinks?,
        to router: inout PartRouter
    ) {
        router.add(.payment, row.id)
        if row.reference != row.id { router.add(.payment, row.reference) }
        router.add(.user, row.user)
        router.add(digits: router.digitsForPayment?(id))
        if let links {
            router.add(.order, links.order)
            router.add(.booking, links.booking)
        }
        router.addTargets(ofBreaksOf: .payments, id: id)
    }
}

extension SettlementParser {
    static func addKeys(
        of row: SettlementRow, id: UnsafeRawBufferPointer, _ links: SettlementNames?,
        to router: inout PartRouter
    ) {
        if row.type == .refund || row.type == .chargeback { router.noteOrphan(row) }
        router.add(.line, row.id)
        router.add(.payment, row.reference)
        router.addTargets(ofBreaksOf: .settlements, id: id)
    }
}

extension BookingParser {
    static func addKeys(
        of row: BookingRow, id: UnsafeRawBufferPointer, _ links: NoLinks?,
        to router: inout PartRouter
    ) {
        router.add(.booking, row.id)
        router.add(.payment, row.payment)
        router.add(.user, row.user)
        router.add(.order, row.order)
        if router.digitsForPayment != nil {
            router.add(digits: PartRouter.digits(ofBooking: id))
        }
        router.addTargets(ofBreaksOf: .bookings, id: id)
    }
}

extension OrderParser {
    static func addKeys(
        of row: OrderRow, id: UnsafeRawBufferPointer, _ links: NoLinks?,
        to router: inout PartRouter
    ) {
        router.add(.order, row.id)
    }
}

extension SessionParser {
    static func addKeys(
        of row: SessionRow, id: UnsafeRawBufferPointer, _ links: NoLinks?,
        to router: inout PartRouter
    ) {
        router.add(.session, row.id)
        router.add(.booking, row.booking)
        router.add(.user, row.user)
    }
}
