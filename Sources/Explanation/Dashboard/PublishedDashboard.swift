import Definition
import DelimitedText
import Diagnostics
import JSONText
import Money
import Reporting
import Rules
import RunStore
import Time

/// One user's summary, read from the folder of a published run alone.
public struct PublishedDashboard: Sendable {
    /// The user's line of `dashboards.jsonl`, as it stands there.
    public let line: String
    /// What it says.
    public let dashboard: UserDashboard

    /// Looks a user up in the latest run of an output folder, or in the one of this name.
    ///
    /// Users are compared as a run does: ignoring case and surrounding space.
    ///
    /// - Throws: `TrueupError.run` where the run has no summary of this user, and never with
    ///   another user's name; `TrueupError.usage` where there is no run of this name.
    public init(outputFolder: String, user: String, run: String?) throws {
        let history = try RunHistory(path: outputFolder)
        let id = try RunReader.run(named: run, in: history)
        let folder = history.folder(of: id)
        let path = folder + "/dashboards.jsonl"
        let bytes = try PublishedDashboard.line(of: user, path: path)
        guard let bytes else {
            throw TrueupError.run(
                Finding(
                    "the run has no summary of this user", at: SourcePosition(file: path),
                    found: user,
                    remedy: "check the spelling; case and surrounding space do not matter"))
        }
        line = String(decoding: bytes, as: UTF8.self)
        let value: JSONValue
        do {
            value = try bytes.withUnsafeBytes { bytes throws(DetailsProblem) in
                try JSONValue(reading: bytes)
            }
        } catch let error as DetailsProblem {
            throw PublishedDashboard.damaged(path, error.description)
        }
        let definition = try PipelineDefinition.load(
            path: folder + "/definition.yaml", isKnownZone: Zone.isKnown)
        guard
            let dashboard = UserDashboard(
                value, definition, run: id.text, asOf: TimeText.text(id.asOf))
        else { throw PublishedDashboard.damaged(path, "a line without the figures of a summary") }
        self.dashboard = dashboard
    }

    /// The line as JSON for a terminal: the same to every reader, and to the byte where it has no
    /// characters that control or deceive.
    public var json: String { JSONWriter.harmless(line) + "\n" }

    private static func line(of user: String, path: String) throws -> [UInt8]? {
        // As users are read from dumps: blanks of ASCII are taken off, and letters lowered.
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        let trimmed = user.utf8.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        let name = String(decoding: trimmed, as: UTF8.self).lowercased()
        do throws(TextSourceError) {
            return try DashboardSearch(source: TextSource(path: path)).line(of: name)
        } catch {
            throw TrueupError.run(
                Finding(
                    "the users' summaries of the run cannot be read",
                    at: SourcePosition(file: path), found: error.description,
                    remedy: "restore the run's folder from its archive"))
        }
    }

    private static func damaged(_ path: String, _ found: String) -> TrueupError {
        .run(
            Finding(
                "the user's summary is damaged", at: SourcePosition(file: path), found: found,
                remedy: "check the run with sha256sum -c SHA256SUMS, and restore its folder from "
                    + "its archive"))
    }
}

extension UserDashboard {
    /// Nil where the value is no summary.
    fileprivate init?(
        _ value: JSONValue, _ definition: PipelineDefinition, run: String, asOf: String
    ) {
        guard let user = value["user"]?.text, let code = value["currency"]?.text,
            let currency = Currency(code), let after = Figures(value, currency),
            let earlier = value["before"], let before = Figures(earlier, currency)
        else { return nil }
        self.init(
            user: user, currency: currency, pipeline: definition.name, run: run, asOf: asOf)
        name = value["name"]?.text
        levels = definition.dashboard.levels
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
