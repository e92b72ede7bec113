import Money
import Rules
import Time

/// The section `settle`: commission, payouts and the business calendar.
enum SettleSchema {
    static let settle = Shape<SettleRules>.mapping(
        SettleRules(),
        [
            Key(
                "commission", \.commission, CommissionSchema.commission,
                "The marketplace's share of each payment; nothing where this is left out."),
            Key(
                "hold_days", \.holdDays, .wholeNumber(0...3650, example: 7), default: 7,
                "Days from completion until a payout falls due."),
            Key(
                "hold_business_days", \.holdBusinessDays, .wholeNumber(0...365, example: 5),
                "The same, counted in business days."),
            Key(
                "payout_days", \.payoutDays, payoutDays,
                "The days on which payouts are made; every business day where this is left out."),
            Key(
                "minimum", \.minimum, .amount(), default: "0",
                "The least payout; a smaller one waits for the next."),
            Key(
                "held", \.held, held, default: [],
                "Sellers to whom nothing is paid for now; it waits until they are taken off."),
            Key(
                "holidays", \.holidays, holidays, default: [],
                "Days, as YYYY-MM-DD, on which nothing is paid."),
            Key(
                "weekend", \.weekend, weekend, default: ["sat", "sun"],
                "Weekdays on which nothing is paid."),
        ],
        check: { node, decoding in
            guard let days = node["hold_days"], node["hold_business_days"] != nil else { return }
            decoding.report(
                "settle has both hold_days and hold_business_days", at: days.position,
                expected: "one of the two", found: "both", remedy: "remove one of them")
        })

    private static let held = Shape.list(
        of: Shape.user("a seller", example: "gallery@example.com"),
        "sellers", example: "[gallery@example.com]"
    ).map { Set($0) }

    private static let payoutDays = Shape<PayoutDays>.mapping(
        .all,
        [
            Key(
                "weekly", \.weekdays,
                Shape.list(
                    of: weekday, atLeast: 1, "weekdays", example: "[fri]"
                ).map { Set($0) },
                "The days of each week."),
            Key(
                "monthly", \.monthDays,
                Shape.list(
                    of: Shape.wholeNumber(1...31, example: 15), atLeast: 1, "days of the month",
                    example: "[1, 15]"
                ).map { Set($0) },
                "The days of each month; in a shorter month, its last."),
        ],
        check: { node, decoding in
            let isBoth = node["weekly"] != nil && node["monthly"] != nil
            guard isBoth || (node["weekly"] == nil && node["monthly"] == nil) else { return }
            decoding.report(
                "\(decoding.place) names \(isBoth ? "two rhythms" : "no days")",
                at: node.position, expected: "one of the keys weekly or monthly",
                found: isBoth ? "both" : "neither",
                remedy: isBoth ? "remove one of them" : "write it like {weekly: [fri]}")
        })

    private static let holidays = Shape.list(
        of: Shape<CivilDate>.date, "dates", example: "[2025-12-25, 2025-12-26]"
    ).map { Set($0) }

    private static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    private static let weekday = Shape<Int>.choice(
        weekdays.enumerated().map { ($0.element, $0.offset) })

    private static let weekend = Shape.list(
        of: weekday, "weekdays", example: "[sat, sun]"
    ).checked { days, node, decoding in
        // A calendar without a business day would have no next one.
        guard Set(days).count == weekdays.count else { return }
        decoding.report(
            "\(decoding.place) leaves no business day", at: node.position,
            expected: "at most six of the weekdays", found: "all seven",
            remedy: "leave out the days on which payouts are made")
    }.map { Set($0) }
}

// The definition has a key for each form of these rules.

extension SettleRules {
    fileprivate var holdDays: Int {
        get {
            guard case .days(let count) = hold else { return 0 }
            return count
        }
        set { hold = .days(newValue) }
    }

    fileprivate var holdBusinessDays: Int {
        get {
            guard case .businessDays(let count) = hold else { return 0 }
            return count
        }
        set { hold = .businessDays(newValue) }
    }
}

extension PayoutDays {
    fileprivate var weekdays: Set<Int> {
        get {
            guard case .weekly(let days) = self else { return [] }
            return days
        }
        set { self = .weekly(newValue) }
    }

    fileprivate var monthDays: Set<Int> {
        get {
            guard case .monthly(let days) = self else { return [] }
            return days
        }
        set { self = .monthly(newValue) }
    }
}
