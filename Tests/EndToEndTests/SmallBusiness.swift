import Foundation
import Testing

/// A business of a few records, told record by record, over which the program runs night by night.
struct SmallBusiness {
    let night: Night
    /// Rows by id, for each dump; a dump without rows has its header alone.
    private var rows: [String: [String: String]] = [:]

    private static let headers = [
        "payments": "id,reference,user,amount,currency,status,created_at,description,seller",
        "settlements": "id,reference,type,state,gross,fee,net,currency,occurred_at",
        "bookings": "id,payment,user,item,amount,currency,status,created_at",
        "overrides": "break_id,action,target,reason,maker,checker,expires",
    ]

    /// A definition of these dumps; `more` is added to it.
    init(timezone: String = "Africa/Accra", _ more: String = "") throws {
        night = Night(try Workspace())
        try Files.makeFolder(night.dumps)
        let inputs = Self.headers.keys.sorted().map { "  \($0): {files: \($0).csv}\n" }.joined()
        try Files.write(
            "name: small\ncurrency: GHS\ntimezone: \(timezone)\ninputs:\n\(inputs)\(more)",
            to: night.definition)
    }

    /// Sets a payment: of 100.00, succeeded on Monday, 2026-03-02.
    mutating func payment(
        _ id: String, _ amount: String = "100.00", status: String = "succeeded",
        at created: String = "2026-03-02T10:00:00Z", reference: String? = nil,
        user: String = "ama@example.com", description: String = "", seller: String = ""
    ) {
        rows["payments", default: [:]][id] =
            "\(id),\(reference ?? "R-\(id)"),\(user),\(amount),GHS,\(status),\(created),"
            + "\(description),\(seller)"
    }

    /// Sets a line of the gateway: a completed charge of 100.00 for a payment.
    mutating func line(
        _ id: String, of payment: String, _ gross: String = "100.00", type: String = "charge",
        state: String = "completed", net: String = "", reference: String? = nil,
        at occurred: String = "2026-03-02T11:00:00Z"
    ) {
        rows["settlements", default: [:]][id] =
            "\(id),\(reference ?? "R-\(payment)"),\(type),\(state),\(gross),,\(net),GHS,\(occurred)"
    }

    /// Sets a booking: confirmed, of 100.00, naming a payment or none.
    mutating func booking(
        _ id: String, of payment: String = "", _ amount: String = "100.00",
        status: String = "confirmed", user: String = "ama@example.com",
        at created: String = "2026-03-02T10:05:00Z"
    ) {
        rows["bookings", default: [:]][id] =
            "\(id),\(payment),\(user),,\(amount),GHS,\(status),\(created)"
    }

    /// Sets a decision about a break.
    mutating func override(
        _ id: String, _ action: String = "accept", target: String = "", reason: String = "seen",
        maker: String = "esi@example.com", checker: String = "yaw@example.com",
        expires: String = "", name: String = ""
    ) {
        rows["overrides", default: [:]][id + name] =
            "\(id),\(action),\(target),\(reason),\(maker),\(checker),\(expires)"
    }

    /// Takes a record out of its dump.
    mutating func remove(_ id: String) {
        for dump in Self.headers.keys { rows[dump]?[id] = nil }
    }

    /// Writes the dumps, their rows in order of the ids or the other way round.
    func write(isReversed: Bool = false) throws {
        for (dump, header) in Self.headers {
            let sorted = (rows[dump] ?? [:]).sorted { ($0.key < $1.key) != isReversed }
            let lines = [header] + sorted.map(\.value)
            try Files.write(
                lines.map { $0 + "\n" }.joined(), to: night.dumps + "/\(dump).csv")
        }
    }

    /// A night's run over the dumps as they stand.
    @discardableResult
    func publish(
        _ asOf: String, _ options: [String] = [], out: String? = nil
    ) throws -> PublishedRun {
        try write()
        return try night.publish(["--no-archive"] + options, asOf: asOf, out: out)
    }

    /// A run in an output folder of its own, as if there had been none before.
    func publishAlone(_ asOf: String) throws -> PublishedRun {
        try publish(asOf, out: night.workspace.at(UUID().uuidString))
    }

    /// The id of the only break of a code that a run of these dumps finds.
    func id(_ code: String, _ asOf: String) throws -> String {
        let breaks = try publishAlone(asOf).table("breaks.csv")
        let found = breaks.rows(where: "code", is: code)
        try #require(found.count == 1, "\(code) stands \(found.count) times")
        return breaks.value(found[0], "break_id")
    }
}

extension PublishedRun {
    /// Some columns of the breaks, each row joined by spaces.
    func breaks(_ columns: String...) throws -> [String] {
        let table = try table("breaks.csv")
        return table.rows.map { row in
            columns.map { table.value(row, $0) }.joined(separator: " ")
        }
    }

    /// What was cleared: code, first seen on which day, and by what.
    func cleared() throws -> [String] {
        let table = try table("cleared.csv")
        return table.rows.map { row in
            "\(table.value(row, "code")) \(table.value(row, "first_seen").prefix(10)) "
                + table.value(row, "cleared_by")
        }
    }

    /// The counts of the report's roll-forward: opening, new, reopened, cleared, closing.
    func roll() throws -> [Int] {
        let items = try #require(try json("report.json")["open_items"] as? [String: Any])
        return try ["opening", "new", "reopened", "cleared", "closing"].map {
            try #require(items[$0] as? Int)
        }
    }

    /// What each override comes to, in the report's order.
    func effects() throws -> [String] {
        let overrides = try #require(try json("report.json")["overrides"] as? [[String: Any]])
        return try overrides.map { try #require($0["effect"] as? String) }
    }

    /// The breaks that decisions are about.
    func overridden() throws -> [String] {
        let overrides = try #require(try json("report.json")["overrides"] as? [[String: Any]])
        return try overrides.map { try #require($0["break_id"] as? String) }
    }

    /// The outcome of a payment.
    func outcome(_ payment: String) throws -> String {
        let table = try table("payments.csv")
        let row = try #require(table.rows(where: "payment_id", is: payment).first)
        return table.value(row, "outcome")
    }
}
