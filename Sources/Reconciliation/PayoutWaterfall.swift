import Records

/// What settlement lines of one currency add up to, step by step: gross − fees − taxes − refunds −
/// chargebacks + reserves + adjustments − other fees + what is drawn from the balance = net.
///
/// All figures are minor units; only completed lines count.
public struct PayoutWaterfall: Sendable, Hashable {
    /// How many lines count.
    public internal(set) var lines = 0
    /// The gross amounts of charges.
    public internal(set) var gross: Int64 = 0
    /// What the gateway kept of lines of all types, a positive cost.
    public internal(set) var fees: Int64 = 0
    /// The tax on it, a positive cost.
    public internal(set) var taxes: Int64 = 0
    /// What went back to payers, positive.
    public internal(set) var refunds: Int64 = 0
    /// What was charged back, less what was reversed.
    public internal(set) var chargebacks: Int64 = 0
    /// Held back where negative, released where positive.
    public internal(set) var reserves: Int64 = 0
    /// Whatever else the gateway added, or took where negative.
    public internal(set) var adjustments: Int64 = 0
    /// Fees in lines of their own, a positive cost.
    public internal(set) var otherFees: Int64 = 0
    /// What a payout takes from the lines that name none, where the gateway tells of the payout but
    /// not of its lines; negative for the balance from which it is taken.
    public internal(set) var fromBalance: Int64 = 0
    /// The sum of the net amounts that the lines state themselves, or that follow from their figures
    /// where they state none.
    public internal(set) var statedNet: Int64 = 0
    /// The signed gross amounts of lines of type payout.
    var paidOut: Int64 = 0
    /// How many lines are the gateway's own word about the payout.
    var payoutLines = 0

    /// No lines.
    public init() {}

    /// What should have been paid out.
    public var net: Int64 {
        gross - fees - taxes - refunds - chargebacks + reserves + adjustments - otherFees
            + fromBalance
    }

    /// What the gateway says it paid out, by its own lines of type payout; nil where it says
    /// nothing.
    ///
    /// Some gateways write it as negative, others as positive, so that only the magnitude counts:
    /// its direction is that of what the other lines add up to.
    public var claimed: Int64? {
        guard payoutLines > 0 else { return nil }
        return !hasOnlyClaim && net < 0 ? -abs(paidOut) : abs(paidOut)
    }

    /// What the lines' own net amounts are beyond their figures; 0 where all of them agree.
    public var statedBeyondFigures: Int64 { statedNet + fromBalance - net }

    /// Counts a line; one that is not completed has moved nothing.
    ///
    /// A line of type payout is the gateway's own word about the whole, and is not counted into
    /// it; a fee that it bears is.
    public mutating func add(_ row: SettlementRow) {
        guard row.state == .completed else { return }
        lines += 1
        fees += row.fee
        taxes += row.tax
        switch row.type {
        case .charge: gross += row.gross
        case .refund: refunds += row.gross
        case .chargeback: chargebacks += row.gross
        case .chargebackReversal: chargebacks -= row.gross
        case .fee: otherFees += row.gross
        case .adjustment: adjustments += row.gross
        case .reserve: reserves += row.gross
        case .payout:
            statedNet -= row.fee + row.tax
            paidOut += row.gross
            payoutLines += 1
            return
        }
        statedNet += row.net
    }

    /// Adds what other lines add up to.
    mutating func add(_ other: PayoutWaterfall) {
        lines += other.lines
        gross += other.gross
        fees += other.fees
        taxes += other.taxes
        refunds += other.refunds
        chargebacks += other.chargebacks
        reserves += other.reserves
        adjustments += other.adjustments
        otherFees += other.otherFees
        fromBalance += other.fromBalance
        statedNet += other.statedNet
        paidOut += other.paidOut
        payoutLines += other.payoutLines
    }

    /// Whether the gateway told of the payout alone, and of none of its lines.
    var hasOnlyClaim: Bool { payoutLines > 0 && payoutLines == lines }

    /// Takes what a payout without lines paid out from the balance of the lines without payout.
    mutating func draw(from balance: inout PayoutWaterfall) {
        let drawn = (claimed ?? 0) + fees + taxes
        fromBalance += drawn
        balance.fromBalance -= drawn
    }
}
