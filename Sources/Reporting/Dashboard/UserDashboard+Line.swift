import JSONText
import Money
import Rules

extension UserDashboard {
    /// Reads a line of `dashboards.jsonl`; nil where it is none.
    ///
    /// - Parameters:
    ///   - line: The line, without its line feed.
    ///   - pipeline: The pipeline's name.
    ///   - levels: Its levels, least first.
    ///   - run: The run's name.
    ///   - asOf: The run's logical time, as a run writes it.
    public init?(
        reading line: [UInt8], pipeline: String, levels: [Level], run: String, asOf: String
    ) {
        let value = try? line.withUnsafeBytes { bytes throws(DetailsProblem) in
            try JSONValue(reading: bytes)
        }
        guard let value else { return nil }
        guard let user = value["user"]?.text, let code = value["currency"]?.text,
            let currency = Currency(code), let after = Figures(value, currency),
            let earlier = value["before"], let before = Figures(earlier, currency)
        else { return nil }
        self.init(
            user: user, currency: currency, pipeline: pipeline, run: run, asOf: asOf)
        name = value["name"]?.text
        self.levels = levels
        self.after = after
        self.before = before
        recent = (value["recent"]?.elements ?? []).compactMap(Activity.init)
    }
}

extension UserDashboard.Figures {
    fileprivate init?(_ value: JSONValue, _ currency: Currency) {
        self.init()
        guard let spent = value["spent"]?.amount(in: currency),
            let bookings = value["bookings"]?.integer, let tickets = value["tickets"]?.integer,
            let points = value["points"]?.integer
        else { return nil }
        level = value["level"]?.text
        self.points = points
        self.spent = [UserDashboard.Sum(spent, currency)] + value.sums("spent_elsewhere")
        self.bookings = bookings
        self.tickets = tickets
        pendingBookings = value["pending_bookings"]?.integer ?? 0
        pendingPayments = value["pending_payments"]?.integer ?? 0
        pendingAmount = value["pending_amount"]?.amount(in: currency) ?? 0
        commissionPaid = value["commission_paid"]?.amount(in: currency) ?? 0
        openBreaks = value["open_breaks"]?.integer ?? 0
        impact = value["impact"].flatMap { UserDashboard.Impact($0, currency) }
        if let total = value["total_pending"]?.amount(in: currency) {
            payouts = UserDashboard.Payouts(
                total: [UserDashboard.Sum(total, currency)]
                    + value.sums("total_pending_elsewhere"),
                schedule: (value["schedule"]?.elements ?? []).compactMap(
                    UserDashboard.Payout.init))
        }
    }
}

extension UserDashboard.Impact {
    fileprivate init?(_ value: JSONValue, _ currency: Currency) {
        guard let energy = value["energy_kwh"]?.number(6),
            let measured = value["measured_kwh"]?.number(6),
            let estimated = value["estimated_kwh"]?.number(6)
        else { return nil }
        self.init(energy: energy, measured: measured, estimated: estimated)
        measuredShare = value["measured_share"]?.number(4)
        co2 = value["co2_kg"]?.number(3)
        saved = value["saved"]?.amount(in: currency)
    }
}

extension UserDashboard.Payout {
    fileprivate init?(_ value: JSONValue) {
        guard let sum = UserDashboard.Sum(value), let status = value["status"]?.text else {
            return nil
        }
        self.init(dueDate: value["due_date"]?.text, sum: sum, status: status)
    }
}

extension UserDashboard.Activity {
    fileprivate init?(_ value: JSONValue) {
        guard let type = value["type"]?.text, let id = value["id"]?.text,
            let sum = UserDashboard.Sum(value), let status = value["status"]?.text
        else { return nil }
        self.init(
            type: type, id: id, sum: sum, status: status, moment: value["at"]?.text ?? "")
        commission = value["commission"]?.amount(in: sum.currency)
    }
}

extension UserDashboard.Sum {
    fileprivate init?(_ value: JSONValue) {
        guard let code = value["currency"]?.text, let currency = Currency(code),
            let amount = value["amount"]?.amount(in: currency)
        else { return nil }
        self.init(amount, currency)
    }
}

extension JSONValue {
    fileprivate func amount(in currency: Currency) -> Int64? { number(currency.digits) }

    /// A decimal number, in units of its last digit.
    fileprivate func number(_ digits: Int) -> Int64? {
        guard let text, case .success(let number) = Amount.parse(text, digits: digits) else {
            return nil
        }
        return number
    }

    fileprivate func sums(_ key: String) -> [UserDashboard.Sum] {
        (self[key]?.elements ?? []).compactMap(UserDashboard.Sum.init)
    }
}
