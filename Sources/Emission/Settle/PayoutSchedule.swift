import Reconciliation
import Rules
import Time

/// On which day a payout falls due: the hold after completion, then the next day on which payouts are
/// made, moved to a business day.
struct PayoutSchedule: Sendable {
    let calendar: BusinessCalendar
    let zone: Zone
    let hold: PayoutHold
    let days: PayoutDays

    init(_ rules: ReconciliationRules, _ settle: SettleRules) {
        calendar = rules.calendar
        zone = rules.zone
        hold = settle.hold
        days = settle.payoutDays
    }

    /// When the payout of a payment that was completed at a moment falls due.
    func due(completed moment: Instant) -> CivilDate {
        let date = zone.date(of: moment)
        return switch hold {
        case .days(let count): payoutDay(onOrAfter: date.adding(days: count))
        case .businessDays(let count):
            payoutDay(onOrAfter: calendar.adding(businessDays: count, to: date))
        }
    }

    /// The first day for payouts at or after a moment.
    func payoutDay(onOrAfter moment: Instant) -> CivilDate {
        payoutDay(onOrAfter: zone.date(of: moment))
    }

    /// The first day for payouts on or after a date; one that is no business day gives way to the
    /// next business day.
    func payoutDay(onOrAfter date: CivilDate) -> CivilDate {
        calendar.nextBusinessDay(onOrAfter: regularDay(onOrAfter: date))
    }

    /// The same by the calendar's weeks and months alone.
    private func regularDay(onOrAfter date: CivilDate) -> CivilDate {
        switch days {
        case .all: return date
        case .weekly(let weekdays):
            let wait = (0..<7).first { weekdays.contains((date.weekday + $0) % 7) }
            return date.adding(days: wait ?? 0)
        case .monthly(let days):
            let (year, month, _) = date.parts
            let next = month == 12 ? (year + 1, 1) : (year, month + 1)
            let candidates = [(year, month), next].flatMap { year, month in
                days.compactMap { day in
                    CivilDate(
                        year: year, month: month,
                        day: min(day, CivilDate.length(ofMonth: month, year: year)))
                }
            }
            return candidates.filter { $0 >= date }.min() ?? date
        }
    }
}
