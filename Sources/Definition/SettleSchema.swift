import Money
import Rules
import Time

/// The section `settle`: commission, payouts and the business calendar.
enum SettleSchema {
    static let settle = Shape<SettleRules>.mapping(
        SettleRules(),
        [
            Key(
                "commission", \.commissionPercent, commission,
                "The marketplace's share of each payment; nothing where this is left out."),
            Key(
                "hold_days", \.holdDays, .wholeNumber(0...3650, example: 7), default: 7,
                "Days from completion until a payout falls due."),
            Key(
                "minimum", \.minimum, .amount(), default: "0",
                "The least payout; a smaller one waits for the next."),
            Key(
                "holidays", \.holidays, holidays, default: [],
                "Days, as YYYY-MM-DD, on which nothing is paid."),
            Key(
                "weekend", \.weekend, weekend, default: ["sat", "sun"],
                "Weekdays on which nothing is paid."),
        ])

    private static let commission = Shape<Rate>.mapping(
        Rate(millionthsOfPercent: 0),
        [
            .required(
                "percent", \.self, .percentage, example: "percent: 7",
                "The share of each payment, in percent.")
        ])

    private static let holidays = Shape.list(
        of: Shape<CivilDate>.date, "dates", example: "[2025-12-25, 2025-12-26]"
    ).map { Set($0) }

    private static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    private static let weekend = Shape.list(
        of: Shape<Int>.choice(weekdays.enumerated().map { ($0.element, $0.offset) }),
        "weekdays", example: "[sat, sun]"
    ).checked { days, node, decoding in
        // A calendar without a business day would have no next one.
        guard Set(days).count == weekdays.count else { return }
        decoding.report(
            "\(decoding.place) leaves no business day", at: node.position,
            expected: "at most six of the weekdays", found: "all seven",
            remedy: "leave out the days on which payouts are made")
    }.map { Set($0) }
}
