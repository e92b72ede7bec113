import Money
import Reconciliation
import Time

extension RunReport {
    /// One run of the history, in the figures by which nights are compared.
    ///
    /// It has no name: that depends on how the rows of a run were shared out among files.
    public struct RunPoint: Sendable, Hashable {
        /// The moment as of which it judged.
        public var asOf: Instant
        /// Whether its night could be closed.
        public var verdict: Verdict
        /// The pipeline's currency then; both amounts are in it.
        public var currency: Currency
        /// How many payments there were.
        public var payments: Int
        /// Their amounts, in minor units.
        public var value: Int64
        /// The part of the payments that needed nobody, in ten-thousandths.
        public var countRate: Int64
        /// The same of their value.
        public var valueRate: Int64
        /// How many breaks were open at its end.
        public var openItems: Int
        /// The money in doubt, in minor units.
        public var atRisk: Int64

        /// A run of which nothing is counted.
        public init(asOf: Instant, verdict: Verdict, currency: Currency) {
            self.asOf = asOf
            self.verdict = verdict
            self.currency = currency
            payments = 0
            value = 0
            countRate = 0
            valueRate = 0
            openItems = 0
            atRisk = 0
        }
    }

    /// How many runs the history goes back.
    public static let longestHistory = 60

    /// Goes on from the history that the run before handed on, with this run at its end.
    public mutating func continueHistory(_ earlier: [RunPoint]) {
        history = (earlier + [point]).suffix(RunReport.longestHistory)
    }

    private var point: RunPoint {
        let all = payments(nil)
        var point = RunPoint(asOf: asOf, verdict: verdict, currency: currency)
        point.payments = all.count
        point.value = Int64(clamping: all.value[currency])
        point.countRate = countRate
        point.valueRate = valueRate(currency)
        point.openItems = openBreaks
        point.atRisk = Int64(
            clamping: breakFigures.lazy.filter { $0.code.severity > .info }
                .reduce(Int128(0)) { $0 + $1.atRisk[currency] })
        return point
    }
}
