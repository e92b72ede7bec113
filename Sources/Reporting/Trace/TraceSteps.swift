import Emission

/// How a payment and a booking name each other: rule 1.
public enum NamingStep: UInt8, Sendable, CaseIterable {
    /// Neither names another record.
    case nobody
    /// The booking names the payment by its id.
    case bookingNamesID
    /// The booking names the payment by its reference.
    case bookingNamesReference
    /// The payment names the booking.
    case paymentNames
    /// The record names another one that is in no dump.
    case unknownName
}

/// What came of the order: rule 2.
public enum OrderStep: UInt8, Sendable, CaseIterable {
    /// Rule 1 had a match already.
    case notTried
    /// The record names no order.
    case noOrder
    /// No open record of the other kind names the same order.
    case noPartner
    /// It is matched by its order.
    case matched
}

/// What came of user, amount, time and item: rule 3.
public enum AttributeStep: UInt8, Sendable, CaseIterable {
    /// Rule 1 or 2 had a match already.
    case notTried
    /// The payment did not succeed or has an emitted booking that waits, or the booking says itself
    /// that it belongs elsewhere.
    case notEligible
    /// It was compared and has no match.
    case noMatch
    /// It was compared, and equally good assignments differ.
    case inDoubt
    /// It is matched by its attributes.
    case matched
    /// An earlier run emitted the booking, which is kept.
    case promised
    /// Two people decided that the two belong together.
    case overridden
}

/// What was decided on making a booking for a payment.
public enum BackfillStep: UInt8, Sendable, CaseIterable {
    /// The definition books nothing.
    case notAsked
    /// The payment did not succeed.
    case notSucceeded
    /// An earlier run made one, which waits to be loaded.
    case emittedEarlier
    case hasBooking, inDoubt, givenBack, unevidenced, kindUnknown, kindNotBooked, unidentified
    case notSelected, made

    init(_ decision: BackfillDecision) {
        self =
            switch decision {
            case .hasBooking: .hasBooking
            case .inDoubt: .inDoubt
            case .givenBack: .givenBack
            case .unevidenced: .unevidenced
            case .kindUnknown: .kindUnknown
            case .kindNotBooked: .kindNotBooked
            case .unidentified: .unidentified
            case .notSelected: .notSelected
            case .made: .made
            }
    }
}

/// What was decided on a payment's commission and payout.
public enum SettleStep: UInt8, Sendable, CaseIterable {
    /// The definition settles nothing.
    case notAsked
    /// The payment did not succeed.
    case notSucceeded
    /// Its money is not evidenced.
    case unevidenced
    /// It has no seller.
    case noSeller
    /// The run was asked to emit for other payments only, or there was nothing to share.
    case notSelected
    /// An earlier run emitted them.
    case emittedEarlier
    /// This run emitted some.
    case made
}

/// How a settlement line found its payment.
public enum LineStep: UInt8, Sendable, CaseIterable {
    /// The line names no reference.
    case noReference
    /// No payment has its reference.
    case unknownReference
    /// One payment has its reference.
    case onlyPayment
    /// Several payments have its reference, and this one has its amount.
    case sharedByAmount
    /// Several payments have its reference, none of them open has its amount, and this one is the
    /// nearest in time.
    case sharedByTime
    /// The payment has another reference: two people decided that the line is for it.
    case overridden
}
