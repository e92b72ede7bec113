import Emission
import Money
import Time

extension RunReport {
    /// What sellers are to be paid on one day, in one currency.
    public struct DayPayouts: Sendable, Hashable {
        /// The day.
        public var due: CivilDate
        /// The currency of the payouts.
        public var currency: Currency
        /// How many sellers are paid.
        public var count: Int
        /// Minor units.
        public var amount: Int128

        /// Creates the payouts of a day.
        public init(due: CivilDate, currency: Currency, count: Int, amount: Int128) {
            self.due = due
            self.currency = currency
            self.count = count
            self.amount = amount
        }

        /// The payouts that have a day, in order of the days, then of the currencies.
        static func all(of agendas: SellerAgendas) -> [DayPayouts] {
            struct Key: Hashable {
                let due: CivilDate
                let currency: Currency
            }
            var days: [Key: DayPayouts] = [:]
            for payout in agendas.all.lazy.flatMap(\.after) where payout.due.isPresent {
                let key = Key(due: payout.due, currency: payout.currency)
                let none = DayPayouts(
                    due: payout.due, currency: payout.currency, count: 0, amount: 0)
                days[key, default: none].count += 1
                days[key, default: none].amount += Int128(payout.amount)
            }
            return days.values.sorted { ($0.due, $0.currency) < ($1.due, $1.currency) }
        }
    }
}
