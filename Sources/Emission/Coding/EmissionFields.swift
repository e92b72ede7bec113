import Money
import Reconciliation
import Records
import Time

// How what a part emits is written and read.

extension EmittedThing: FieldCoded {}
extension Origin: FieldCoded {}
extension PaymentOutcome: FieldCoded {}
extension SessionDecision: FieldCoded {}
extension Transaction.Kind: FieldCoded {}

extension Purchase: FieldCoded {
    /// Nothing is known.
    public static var blank: Purchase { Purchase() }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&item)
        try coder.code(&itemName)
        try coder.code(&isIdentified)
        try coder.code(&kind)
        try coder.code(&kindName)
        try coder.code(&quantity)
        try coder.code(&date)
        try coder.code(&startsAt)
        try coder.code(&endsAt)
        try coder.code(&seller)
        try coder.code(&itemOrigin)
        try coder.code(&kindOrigin)
        try coder.code(&quantityOrigin)
        try coder.code(&dateOrigin)
        try coder.code(&nearMiss)
        try coder.code(&subject)
    }
}

extension NewBooking: FieldCoded {
    /// A booking of nothing.
    public static var blank: NewBooking {
        NewBooking(id: "", payment: -1, purchase: .blank, status: .blank)
    }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&id)
        try coder.code(&payment)
        try coder.code(&purchase)
        try coder.code(&status)
    }
}

extension Transaction: FieldCoded {
    /// No movement.
    public static var blank: Transaction {
        Transaction(
            id: "", payment: -1, kind: .blank, seller: "", amount: 0, due: .absent)
    }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&id)
        try coder.code(&payment)
        try coder.code(&kind)
        try coder.code(&seller)
        try coder.code(&amount)
        try coder.code(&due)
    }
}

extension OrderUpdate: FieldCoded {
    /// No update.
    public static var blank: OrderUpdate { OrderUpdate(order: -1, payment: -1) }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&order)
        try coder.code(&payment)
    }
}

extension SessionUpdate: FieldCoded {
    /// No update.
    public static var blank: SessionUpdate { SessionUpdate(session: -1, booking: -1, payment: -1) }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&session)
        try coder.code(&booking)
        try coder.code(&payment)
    }
}

extension Emissions: FieldCoded {
    /// Nothing.
    public static var blank: Emissions { Emissions() }

    /// What is gathered of a part: payouts are made of the transactions of all.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&statusUpdates)
        try coder.code(&bookingLinks)
        try coder.code(&orderUpdates)
        try coder.code(&bookings)
        try coder.code(&tickets)
        try coder.code(&sessionUpdates)
        try coder.code(&sessionDecisions)
        try coder.code(&transactions)
    }
}

extension WaitingEmission: FieldCoded {
    /// Nothing that waits.
    public static var blank: WaitingEmission {
        WaitingEmission(
            thing: .blank, id: "", paymentID: "", user: "", item: "", amount: 0, currency: .none,
            status: "", emittedAt: .absent, payment: .none, userPrint: .none)
    }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&thing)
        try coder.code(&id)
        try coder.code(&paymentID)
        try coder.code(&user)
        try coder.code(&item)
        try coder.code(&amount)
        try coder.code(&currency)
        try coder.code(&status)
        try coder.code(&emittedAt)
        try coder.code(&payment)
        try coder.code(&userPrint)
    }
}

extension WaitingEmissions: FieldCoded {
    /// Nothing waits.
    public static var blank: WaitingEmissions { WaitingEmissions() }

    /// The entries, in the order in which they were emitted.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        var entries = entries
        try coder.code(&entries)
        if coder.isReading { self = WaitingEmissions(entries) }
    }
}

extension LedgerBalances: FieldCoded {
    /// Nothing on any account.
    public static var blank: LedgerBalances { LedgerBalances() }

    /// The sums of each account, in the order of the chart.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&sums)
        guard sums.count == LedgerAccount.allCases.count else { throw DamagedFields() }
    }
}
