import Money
import Reconciliation
import Time

extension RunReport {
    /// One payout as a reader sees it, with the bank lines that belong to it.
    public struct PayoutLine: Sendable {
        /// The payout, and what came of holding it against the bank account.
        public var tieOut: PayoutTieOut
        /// The ids of its bank lines, in the order of the input.
        public var bankIDs: [String] = []
        /// The latest day of its bank lines; `absent` where there is none.
        public var bankDate = CivilDate.absent

        /// A payout without bank lines.
        public init(_ tieOut: PayoutTieOut) { self.tieOut = tieOut }
    }

    /// How many payouts there are of a status.
    func payoutCount(_ status: PayoutTieOut.Status) -> Int {
        payouts.count { $0.tieOut.status == status }
    }

    /// The payouts as a page shows them: the largest residual first, then the largest payout.
    var payoutsBySize: [PayoutLine] {
        func key(_ line: PayoutLine) -> (UInt64, UInt64) {
            ((line.tieOut.residual ?? 0).magnitude, line.tieOut.net.magnitude)
        }
        return payouts.indices.sorted { left, right in
            let first = key(payouts[left])
            let second = key(payouts[right])
            return first == second ? left < right : first > second
        }.map { payouts[$0] }
    }

    /// What all payouts in a currency add up to.
    func paidOut(_ currency: Currency) -> [WaterfallStep] {
        payouts.lazy.filter { $0.tieOut.currency == currency }
            .reduce(PayoutWaterfall().steps) { sums, line in
                zip(sums, line.tieOut.waterfall.steps).map { sum, step in
                    WaterfallStep(
                        name: sum.name, title: sum.title, amount: sum.amount + step.amount,
                        isCost: sum.isCost)
                }
            }
    }

    /// The currencies of payouts and of what is not paid out yet, the pipeline's own first.
    var payoutCurrencies: [Currency] {
        let all = Set(payouts.map(\.tieOut.currency)).union(unpaid.map(\.currency))
        return all.sorted { left, right in
            left == currency ? right != currency : right != currency && left < right
        }
    }
}

/// One step of a waterfall, as outputs write it.
struct WaterfallStep: Sendable {
    /// The key in `report.json`.
    let name: StaticString
    /// The words of a page.
    let title: String
    /// Minor units; a cost is positive.
    let amount: Int64
    /// Whether the step takes its amount away.
    let isCost: Bool
}

extension PayoutWaterfall {
    /// The steps from gross to net, in their order.
    var steps: [WaterfallStep] {
        func step(
            _ name: StaticString, _ title: String, _ amount: Int64, isCost: Bool = false
        ) -> WaterfallStep {
            WaterfallStep(name: name, title: title, amount: amount, isCost: isCost)
        }
        return [
            step("gross", "gross", gross),
            step("fees", "fees", fees, isCost: true),
            step("taxes", "taxes", taxes, isCost: true),
            step("refunds", "refunds", refunds, isCost: true),
            step("chargebacks", "chargebacks", chargebacks, isCost: true),
            step("reserves", "reserves", reserves),
            step("adjustments", "adjustments", adjustments),
            step("other_fees", "other fees", otherFees, isCost: true),
            step("from_balance", "from the balance", fromBalance),
        ]
    }
}

extension PayoutTieOut.Status {
    /// The status in a word or two.
    var title: String {
        switch self {
        case .tiedOut: "tied out"
        case .expected: "expected"
        case .short: "short"
        case .over: "over"
        case .missing: "missing"
        case .notCompared: "not compared"
        }
    }

    /// The class of the style sheet that gives its colour.
    var style: String {
        switch self {
        case .tiedOut: "clean"
        case .expected, .notCompared: "info"
        case .short, .over, .missing: "critical"
        }
    }
}

extension PayoutTieOut.Reason {
    /// Where the residual comes from, in one sentence; empty where there is none.
    var sentence: String {
        switch self {
        case .none: ""
        case .notYetDue: "It is not yet due."
        case .notReceived: "It is due, and the bank has no line for it."
        case .lineNets:
            "The bank received what the lines' own net amounts add up to; their figures do not."
        case .linesAgainstPayout:
            "The bank received what the gateway says it paid out; the lines add up to something "
                + "else."
        case .bankAgainstPayout:
            "The lines add up to what the gateway says it paid out; the bank received something "
                + "else."
        case .unexplained: "No other figure of the gateway explains the residual."
        }
    }
}
