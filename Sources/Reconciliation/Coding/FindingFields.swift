import Money
import Records
import Time

// How what was found of records is written and read.

extension BreakCode: FieldCoded {}
extension MatchRule: FieldCoded {}
extension ChargeEvidence: FieldCoded {}
extension StatusDecision: FieldCoded {}
extension SettlementOutcome: FieldCoded {}
extension BookingOutcome: FieldCoded {}
extension OverrideEffect: FieldCoded {}
extension NearMiss.Candidate: FieldCoded {}
extension NearMiss.Condition: FieldCoded {}
extension PayoutTieOut.Reason: FieldCoded {}
extension OpenItem.State: FieldCoded {}

extension BreakSet: FieldCoded {
    /// No codes.
    public static var blank: BreakSet { BreakSet() }

    /// One bit for each code.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        var bits = rawValue
        try coder.code(&bits)
        self = BreakSet(rawValue: bits)
    }
}

extension NearMiss: FieldCoded {
    /// A near miss of nothing.
    public static var blank: NearMiss { NearMiss(candidate: .blank, row: -1, condition: .blank) }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&candidate)
        try coder.code(&row)
        try coder.code(&condition)
        try coder.code(&distance)
    }
}

extension Break: FieldCoded {
    /// A break without records.
    public static var blank: Break { Break(.blank) }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&code)
        try coder.code(&payment)
        try coder.code(&settlement)
        try coder.code(&booking)
        try coder.code(&payout)
        try coder.code(&other)
        try coder.code(&amount)
        try coder.code(&currency)
        try coder.code(&atRisk)
        try coder.code(&expected)
        try coder.code(&found)
        try coder.code(&agreedTax)
        try coder.code(&reason)
        try coder.code(&nearMiss)
    }
}

extension OpenItem: FieldCoded {
    /// An item that concerns nothing.
    public static var blank: OpenItem {
        OpenItem(
            id: "", code: .blank, firstSeen: .absent, currency: .none, atRisk: 0)
    }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&id)
        try coder.code(&code)
        try coder.code(&paymentID)
        try coder.code(&settlementID)
        try coder.code(&bookingID)
        try coder.code(&payout)
        try coder.code(&other)
        try coder.code(&firstSeen)
        try coder.code(&currency)
        try coder.code(&atRisk)
        try coder.code(&state)
        try coder.code(&since)
    }
}

extension SettlementMatch: FieldCoded {
    /// Nothing matched.
    public static var blank: SettlementMatch { SettlementMatch(RecordTables()) }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&paymentOfLine)
        try coder.code(&linesOfPayment)
        try coder.code(&sharesReference)
    }
}

extension BookingLink: FieldCoded {
    /// A link of nothing.
    public static var blank: BookingLink { BookingLink(payment: -1, booking: -1, rule: .none) }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&payment)
        try coder.code(&booking)
        try coder.code(&rule)
    }
}

extension GroupSize: FieldCoded {
    /// No group.
    public static var blank: GroupSize { GroupSize(payments: 0, bookings: 0) }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&payments)
        try coder.code(&bookings)
    }
}

extension BookingMatch: FieldCoded {
    /// Nothing matched.
    public static var blank: BookingMatch { BookingMatch(tables: RecordTables(), links: []) }

    /// Everything but what rule 3 compared, which stays with the part.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&links)
        try coder.code(&linksOfPayment)
        try coder.code(&linksOfBooking)
        try coder.code(&ambiguousPayments)
        try coder.code(&sizesInDoubt)
        try coder.code(&itemOfPayment)
        try coder.code(&itemOfBooking)
        try coder.code(&ambiguousBookings)
    }
}

extension PaymentVerdict: FieldCoded {
    /// A verdict on nothing.
    public static var blank: PaymentVerdict { PaymentVerdict(resolved: .blank) }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&resolved)
        try coder.code(&isExpected)
        try coder.code(&isEvidenced)
        try coder.code(&captured)
        try coder.code(&refunded)
        try coder.code(&chargedBack)
        try coder.code(&fee)
        try coder.code(&net)
        try coder.code(&evidence)
        try coder.code(&leavesForeignOut)
        try coder.code(&breaks)
        try coder.code(&charges)
        try coder.code(&decision)
    }
}

extension Classification: FieldCoded {
    /// Nothing, of no records.
    public static var blank: Classification { Classification() }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&breaks)
        try coder.code(&decided)
        try coder.code(&codes)
        try coder.code(&settlementOutcomes)
        try coder.code(&bookingOutcomes)
    }
}

extension KnownSubject: FieldCoded {
    /// Nothing is known.
    public static var blank: KnownSubject { KnownSubject(item: .none, content: .none) }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&item)
        try coder.code(&content)
    }
}

extension PayoutWaterfall: FieldCoded {
    /// No lines.
    public static var blank: PayoutWaterfall { PayoutWaterfall() }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&lines)
        try coder.code(&gross)
        try coder.code(&fees)
        try coder.code(&taxes)
        try coder.code(&refunds)
        try coder.code(&chargebacks)
        try coder.code(&reserves)
        try coder.code(&adjustments)
        try coder.code(&otherFees)
        try coder.code(&fromBalance)
        try coder.code(&statedNet)
        try coder.code(&paidOut)
        try coder.code(&payoutLines)
    }
}

extension PayoutSums: FieldCoded {
    /// No lines.
    public static var blank: PayoutSums { PayoutSums() }

    /// Every account with its sums, in the order of their payouts and currencies.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&sums)
    }
}

extension PayoutSums.Account: FieldCoded, Comparable {
    static var blank: PayoutSums.Account { PayoutSums.Account(payout: nil, currency: .none) }

    static func < (left: PayoutSums.Account, right: PayoutSums.Account) -> Bool {
        (left.payout == nil ? 0 : 1, left.payout ?? "", left.currency)
            < (right.payout == nil ? 0 : 1, right.payout ?? "", right.currency)
    }

    mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        var (payout, currency) = (payout, currency)
        try coder.code(&payout)
        try coder.code(&currency)
        self = PayoutSums.Account(payout: payout, currency: currency)
    }
}

extension PayoutSums.Sum: FieldCoded {
    static var blank: PayoutSums.Sum { PayoutSums.Sum() }

    mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&waterfall)
        try coder.code(&day)
    }
}
