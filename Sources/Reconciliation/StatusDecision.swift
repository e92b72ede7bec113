import Records

/// What a payment's charges say together: the columns of the contract's table of statuses.
public enum ChargeEvidence: UInt8, Sendable, CaseIterable {
    /// The gateway has no charge for it.
    case nothing
    /// None is completed, and one is still on its way.
    case pending
    /// Every one failed.
    case failed
    /// One is completed, in the payment's currency.
    case completed
    /// One is completed, in another currency only.
    case foreign
}

/// What the contract's table of statuses makes of a payment.
public enum StatusDecision: UInt8, Sendable, CaseIterable {
    /// The status stands, and nothing is wrong with it.
    case stays
    /// There is no settlements input, so the status stands as it is.
    case withoutGateway
    /// The status stands, and what is still to come is not late yet.
    case expected
    /// The status becomes succeeded.
    case succeeded
    /// The status becomes failed.
    case failed
    /// The status stands and is a break of this name.
    case stuck, falseSuccess, falseFailure, missingSettlement, currencyMismatch
}

extension PaymentVerdict {
    /// Draws the consequences of a decision.
    mutating func apply(_ decision: StatusDecision) {
        switch decision {
        case .stays, .withoutGateway: break
        case .expected: isExpected = true
        case .succeeded: resolved = .succeeded
        case .failed: resolved = .failed
        case .stuck: breaks.add(.stuck)
        case .falseSuccess: breaks.add(.falseSuccess)
        case .falseFailure: breaks.add(.falseFailure)
        case .missingSettlement: breaks.add(.missingSettlement)
        case .currencyMismatch: breaks.add(.currencyMismatch)
        }
    }
}
