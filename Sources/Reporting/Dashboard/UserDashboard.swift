import Money
import Rules

/// One user's summary, as `dashboards.jsonl` of a published run has it.
public struct UserDashboard: Sendable, Hashable {
    /// An amount in its currency.
    public struct Sum: Sendable, Hashable {
        /// In minor units.
        public var amount: Int64
        /// Of the amount.
        public var currency: Currency

        /// Creates a sum.
        public init(_ amount: Int64, _ currency: Currency) {
            self.amount = amount
            self.currency = currency
        }
    }

    /// The figures at one moment.
    public struct Figures: Sendable, Hashable {
        /// The name of the level; nil where the pipeline has none that the user reaches.
        public var level: String?
        /// Points.
        public var points: Int64 = 0
        /// What was spent: in the pipeline's currency, then in others.
        public var spent: [Sum] = []
        /// Confirmed and completed bookings.
        public var bookings: Int64 = 0
        /// Confirmed and completed tickets.
        public var tickets: Int64 = 0
        /// Bookings and tickets that are still pending.
        public var pendingBookings: Int64 = 0
        /// Payments whose outcome is open.
        public var pendingPayments: Int64 = 0
        /// What they amount to.
        public var pendingAmount: Int64 = 0
        /// Commission on the user's payments.
        public var commissionPaid: Int64 = 0
        /// Breaks that somebody must look at.
        public var openBreaks: Int64 = 0
        /// Nil where the pipeline has no impact.
        public var impact: Impact?
        /// Nil for who sells nothing.
        public var payouts: Payouts?

        /// No figures.
        public init() {}
    }

    /// What the user's energy stands for.
    public struct Impact: Sendable, Hashable {
        /// In millionths of a kilowatt-hour.
        public var energy: Int64
        /// The part of it that was measured.
        public var measured: Int64
        /// The part of it that was estimated.
        public var estimated: Int64
        /// In ten-thousandths; nil where there is no energy.
        public var measuredShare: Int64?
        /// Carbon dioxide prevented, in grams; nil where the pipeline has no factor.
        public var co2: Int64?
        /// Money saved, in the pipeline's currency; nil where it has no factor.
        public var saved: Int64?

        /// Creates the impact of an energy.
        public init(energy: Int64, measured: Int64, estimated: Int64) {
            self.energy = energy
            self.measured = measured
            self.estimated = estimated
        }
    }

    /// What a seller is still to be paid.
    public struct Payouts: Sendable, Hashable {
        /// The total: in the pipeline's currency, then in others.
        public var total: [Sum]
        /// Each payout, by its day.
        public var schedule: [Payout]

        /// Creates a schedule.
        public init(total: [Sum], schedule: [Payout]) {
            self.total = total
            self.schedule = schedule
        }
    }

    /// A payout to come.
    public struct Payout: Sendable, Hashable {
        /// As the run writes it; nil where it has no day yet.
        public var dueDate: String?
        /// What is paid.
        public var sum: Sum
        /// A word such as `scheduled`.
        public var status: String

        /// Creates a payout.
        public init(dueDate: String?, sum: Sum, status: String) {
            self.dueDate = dueDate
            self.sum = sum
            self.status = status
        }
    }

    /// Something that the user did lately.
    public struct Activity: Sendable, Hashable {
        /// A word: `payment`, `booking` or `ticket`.
        public var type: String
        /// The record's id.
        public var id: String
        /// Its amount.
        public var sum: Sum
        /// A word such as `succeeded`.
        public var status: String
        /// As the run writes it; empty where unknown.
        public var moment: String
        /// The commission on it, in its currency; nil where there is none.
        public var commission: Int64?

        /// Creates an activity.
        public init(type: String, id: String, sum: Sum, status: String, moment: String) {
            self.type = type
            self.id = id
            self.sum = sum
            self.status = status
            self.moment = moment
        }
    }

    /// The user, as the run writes them.
    public var user: String
    /// The user's name; nil where no dump tells it.
    public var name: String?
    /// The pipeline's currency.
    public var currency: Currency
    /// The name of the pipeline.
    public var pipeline: String
    /// The run's name.
    public var run: String
    /// The run's logical time, as the run writes it.
    public var asOf: String
    /// The pipeline's levels, least first.
    public var levels: [Level] = []
    /// With what the run emitted.
    public var after = Figures()
    /// Before this run's emissions.
    public var before = Figures()
    /// The newest first.
    public var recent: [Activity] = []

    /// Creates a summary without figures.
    public init(
        user: String, currency: Currency, pipeline: String, run: String, asOf: String
    ) {
        self.user = user
        self.currency = currency
        self.pipeline = pipeline
        self.run = run
        self.asOf = asOf
    }
}

extension UserDashboard {
    /// The level that comes next, and how far it is.
    struct NextLevel {
        var name: String
        /// What the level takes.
        var from: Int64
        /// What is still to be spent.
        var missing: Int64
    }

    /// What was spent in the pipeline's currency, by which levels go.
    var spent: Int64 { after.spent.first { $0.currency == currency }?.amount ?? 0 }

    /// Nil where the pipeline has no levels, or the highest has been reached.
    var nextLevel: NextLevel? {
        levels.first { $0.from > spent }.map {
            NextLevel(name: $0.name, from: $0.from, missing: $0.from - spent)
        }
    }

    /// Of before and after, whether either has any of this.
    func has(_ figure: (Figures) -> Int64) -> Bool {
        figure(before) != 0 || figure(after) != 0
    }

    /// A sum in words for a row: what it is called, before, and now.
    struct Row {
        var name: String
        var before: [String]
        var after: [String]
    }

    /// The rows of the summary, for a terminal or a page.
    func rows(minus: DisplayText.Minus) -> [Row] {
        func count(_ name: String, _ value: (Figures) -> Int64) -> Row {
            Row(
                name: name, before: [DisplayText.count(Int(value(before)), minus: minus)],
                after: [DisplayText.count(Int(value(after)), minus: minus)])
        }
        func sums(_ name: String, _ value: (Figures) -> [Sum]) -> Row {
            func words(_ figures: Figures) -> [String] {
                value(figures).map { $0.text(minus: minus) }
            }
            return Row(name: name, before: words(before), after: words(after))
        }
        var rows = [
            count("Bookings") { $0.bookings }, count("Tickets") { $0.tickets },
            sums("Spent") { $0.spent },
        ]
        if !levels.isEmpty {
            rows.append(
                Row(
                    name: "Level", before: [before.level ?? "none yet"],
                    after: [after.level ?? "none yet"]))
        }
        rows += [
            count("Points") { $0.points }, count("Pending bookings") { $0.pendingBookings },
            count("Pending payments") { $0.pendingPayments },
        ]
        if has({ $0.pendingAmount }) {
            rows.append(sums("Pending amount") { [Sum($0.pendingAmount, currency)] })
        }
        if has({ $0.commissionPaid }) {
            rows.append(sums("Commission paid") { [Sum($0.commissionPaid, currency)] })
        }
        if after.payouts != nil {
            rows.append(count("Pending payouts") { Int64($0.payouts?.schedule.count ?? 0) })
            rows.append(sums("Total pending") { $0.payouts?.total ?? [] })
        }
        if has({ $0.openBreaks }) { rows.append(count("Open breaks") { $0.openBreaks }) }
        return rows
    }

    /// The rows of the impact; none where the pipeline has none.
    func impactRows(minus: DisplayText.Minus, co2: String) -> [Row] {
        guard let now = after.impact else { return [] }
        func row(_ name: String, _ text: (Impact) -> String?) -> Row {
            let before = before.impact.flatMap(text) ?? ""
            return Row(name: name, before: [before], after: [text(now) ?? ""])
        }
        let space = minus == .typographic ? "\u{A0}" : " "
        func energy(_ name: String, _ value: @escaping (Impact) -> Int64) -> Row {
            row(name) {
                DisplayText.grouped(Int128(value($0)), digits: 6, minus: minus) + space + "kWh"
            }
        }
        var rows = [
            energy("Energy") { $0.energy }, energy("of which measured") { $0.measured },
            energy("of which estimated") { $0.estimated },
            row("Measured share") { impact in
                impact.measuredShare.map { DisplayText.percent($0, minus: minus) } ?? "none"
            },
        ]
        if now.co2 != nil {
            rows.append(
                row("\(co2) prevented") { impact in
                    impact.co2.map {
                        DisplayText.grouped(Int128($0), digits: 3, minus: minus) + space + "kg"
                    }
                })
        }
        if now.saved != nil {
            rows.append(
                row("Money saved") { impact in
                    impact.saved.map { Sum($0, currency).text(minus: minus) }
                })
        }
        return rows
    }
}

extension UserDashboard.Sum {
    /// The amount with its currency.
    func text(minus: DisplayText.Minus) -> String {
        DisplayText.amount(Int128(amount), currency, minus: minus)
    }
}
