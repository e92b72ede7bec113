import Records

/// A disagreement that somebody must look at.
///
/// The order is that of the contract's table of severities and decides the order of codes wherever
/// several stand side by side.
public enum BreakCode: UInt8, Sendable, CaseIterable, Worded {
    /// The words of outputs.
    public static let words = spelled()

    // Worth knowing.
    case rounding, duplicateLine, superseded, lateSettlement
    // To be reviewed.
    case stuck, settledShort, settledOver, feeOver, feeUnder, feeMissing, bookingAmount
    case orphanBooking, unpaidBooking, unidentifiedItem, ambiguousBooking, reusedReference
    case wrongUser, refundUnrecorded, refundUnsettled, unappliedEmission, unknownDeposit
    // Critical.
    case missingSettlement, unknownSettlement, falseSuccess, falseFailure, duplicateSettlement
    case duplicateBooking, duplicatePayment, currencyMismatch, netMismatch, overRefund
    case orphanRefund, chargeback, orphanChargeback, doubleReversal
    case payoutShort, payoutOver, payoutMissing, conflictingEvidence

    /// How much it matters.
    public var severity: BreakSeverity {
        switch self {
        case .rounding, .duplicateLine, .superseded, .lateSettlement: .info
        case .stuck, .settledShort, .settledOver, .feeOver, .feeUnder, .feeMissing, .bookingAmount,
            .orphanBooking, .unpaidBooking, .unidentifiedItem, .ambiguousBooking, .reusedReference,
            .wrongUser, .refundUnrecorded, .refundUnsettled, .unappliedEmission, .unknownDeposit:
            .review
        default: .critical
        }
    }
}

/// How much a break matters.
public enum BreakSeverity: UInt8, Sendable, CaseIterable, Worded, Comparable {
    /// The words of outputs.
    public static let words = spelled()

    case info, review, critical

    /// `info` is the least.
    public static func < (left: BreakSeverity, right: BreakSeverity) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// The codes that concern one record.
public struct BreakSet: OptionSet, Sendable {
    /// One bit for each code: bit 0 is the first code of all.
    public let rawValue: UInt64

    /// Creates a set from its bits.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The set of one code.
    public init(_ code: BreakCode) { rawValue = 1 << UInt64(code.rawValue) }

    /// Whether the code is among them.
    public func has(_ code: BreakCode) -> Bool { rawValue & (1 << UInt64(code.rawValue)) != 0 }

    /// Adds a code.
    public mutating func add(_ code: BreakCode) { formUnion(BreakSet(code)) }

    /// The codes, in their own order.
    public var codes: [BreakCode] { BreakCode.allCases.filter(has) }

    /// Whether any of them must be looked at before the night is closed.
    public var needsReview: Bool { rawValue >> UInt64(BreakCode.stuck.rawValue) != 0 }
}
