/// What happens to a payment at the gateway.
enum Scenario: UInt8, CaseIterable {
    /// Successful, and settled by one charge of its amount.
    case settled
    /// Settled at the second attempt.
    case retried
    /// Settled by two charges that add up.
    case split
    /// Settled by a charge whose row the dump repeats.
    case repeatedLine
    /// Settled twice.
    case doubled
    /// Settled with too little.
    case short
    /// Settled with too much.
    case over
    /// Settled in another currency only.
    case otherCurrency
    /// Settled, and given back in full.
    case refunded
    /// Successful, with no settlement though it is due.
    case unsettled
    /// Successful, though its only attempt failed.
    case falseSuccess
    /// The payment before it once more, a minute and a half later, settled too.
    case repeatedPurchase
    /// Pending, though it is settled.
    case caughtUp
    /// Pending, though its only attempt failed.
    case fallen
    /// Pending for long, with no attempt known.
    case stuck
    /// Pending for long, and at the gateway too.
    case awaiting
    /// Failed, at the gateway too.
    case failed
    /// Failed, with no attempt known.
    case abandoned
    /// Cancelled, with no attempt known.
    case cancelled
    /// Failed, though it is settled.
    case falseFailure

    /// How many of ten thousand payments are drawn so; the rest are `settled`.
    private var weight: Int {
        switch self {
        case .settled: 0
        case .retried: 200
        case .split: 60
        case .repeatedLine: 40
        case .doubled: 20
        case .short: 40
        case .over: 10
        case .otherCurrency: 10
        case .refunded: 50
        case .unsettled: 60
        case .falseSuccess: 10
        case .repeatedPurchase: 10
        case .caughtUp: 150
        case .fallen: 40
        case .stuck: 60
        case .awaiting: 30
        case .failed: 300
        case .abandoned: 60
        case .cancelled: 100
        case .falseFailure: 5
        }
    }

    /// Every ten-thousandth's scenario, those of `settled` last.
    static let byDraw: [Scenario] = {
        var drawn = allCases.flatMap { Array(repeating: $0, count: $0.weight) }
        drawn += Array(repeating: .settled, count: 10_000 - drawn.count)
        return drawn
    }()

    /// What the payment says of itself.
    enum Status: Int, CaseIterable {
        case successful, pending, processing, failed, cancelled

        /// The dump's word.
        var word: StaticString {
            switch self {
            case .successful: "successful"
            case .pending: "pending"
            case .processing: "processing"
            case .failed: "failed"
            case .cancelled: "cancelled"
            }
        }
    }

    /// What the payment says of itself.
    @inline(__always)
    var status: Status {
        switch self {
        case .caughtUp, .fallen: .pending
        case .stuck, .awaiting: .processing
        case .failed, .abandoned, .falseFailure: .failed
        case .cancelled: .cancelled
        default: .successful
        }
    }

    /// Whether the payment counts as succeeded once its settlements are known.
    @inline(__always)
    var succeeds: Bool { status == .successful || self == .caughtUp }

    /// Whether a succeeded payment's money is in doubt, so that nothing is booked for it.
    @inline(__always)
    var isUnevidenced: Bool {
        self == .unsettled || self == .falseSuccess || self == .otherCurrency
    }

    /// How many settlement rows the payment has, two at most.
    @inline(__always)
    var lineCount: Int {
        switch self {
        case .unsettled, .stuck, .abandoned, .cancelled: 0
        case .retried, .split, .repeatedLine, .doubled, .refunded: 2
        default: 1
        }
    }
}

/// What becomes of a payment's booking.
enum BookingFate: UInt8 {
    /// It was never made.
    case missing
    /// It names the payment's reference.
    case linked
    /// It names no payment; user, amount and time tell.
    case unlinked
    /// It was made twice.
    case twice
    /// It names the payment but has another amount.
    case otherAmount
    /// It is confirmed although the payment failed.
    case unpaid

    /// How many booking rows the payment has.
    @inline(__always)
    var rowCount: Int {
        switch self {
        case .missing: 0
        case .twice: 2
        default: 1
        }
    }
}
