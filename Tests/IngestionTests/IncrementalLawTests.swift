import Foundation
import TestKit
import Testing

/// Law 7 over small random businesses: nights of incremental dumps tell what nights of full dumps
/// tell, while records leave.
@Suite struct IncrementalLawTests {
    static let definition = """
        name: laws
        currency: GHS
        timezone: Africa/Accra
        dumps: COVERAGE
        max_rejects: 100
        inputs:
          payments: {files: payments.csv}
          settlements: {files: settlements.csv}
          bookings: {files: bookings.csv}
          orders: {files: orders.csv}
          catalogue: {files: catalogue.csv}
          bank: {files: bank.csv}
        match: {tolerance: "0.01", window: 1h}
        fees: {percent: 2.9, fixed: "0.30", tolerance: "3.00"}
        backfill:
          kinds:
            ticket: {emit: ticket, keywords: [concert]}
            destination: {emit: booking, keywords: [castle, tour]}
          details: {item: item, quantity: count}
          default_kind: destination
          unidentified: emit
        settle: {commission: {percent: 7}, hold_days: 3}
        dashboard: {levels: {Bronze: "0", Silver: "100"}, points_per: "10", recent: 4}
        carry: {close_after: 6d}
        """

    static let seeds = Array(
        0..<(Int(ProcessInfo.processInfo.environment["TRUEUP_LAW_SEEDS"] ?? "") ?? 10))

    static let headers = [
        "payments": "id,reference,user,amount,currency,status,created_at,description,order,booking,"
            + "refunded,seller",
        "settlements": "id,reference,type,state,gross,fee,net,currency,occurred_at,payout",
        "bookings": "id,payment,user,item,amount,status,created_at,order,kind",
        "orders": "id,user,item,kind,quantity,seller",
        "catalogue": "id,name,kind,seller",
        "bank": "id,payout,amount,date,description",
    ]

    /// The rows of an id from a night on, and what stands there before that night.
    struct Version {
        let night: Int
        let file: String
        let id: String
        let rows: [String]
    }

    /// A business: each purchase has ids of its own, and all of its life lies within five days.
    struct Business {
        var versions: [Version] = []
        /// By the night of the payout, in halves of the currency's unit.
        private var deposits: [Int: Int] = [:]

        init(_ generator: inout SeededGenerator, nights: Int) {
            for purchase in 0..<(nights * 3) {
                let night = Int.random(in: 0..<max(1, nights - 3), using: &generator)
                if purchase % 2 == 0 {
                    addPlain(purchase, on: night, &generator)
                } else {
                    add(purchase, on: night, &generator)
                }
            }
            addDeposits(&generator)
            versions.append(
                Version(
                    night: 0, file: "catalogue", id: "C",
                    rows: [
                        "C1,Elmina Castle,destination,sika@example.com",
                        "C2,Jazz Night,ticket,", "C3,Ada Tour,destination,",
                    ]))
        }

        /// What the bank received for the payouts of plain purchases, as a rule the right amount.
        private mutating func addDeposits(_ generator: inout SeededGenerator) {
            for (payout, net) in deposits.sorted(by: { $0.key < $1.key }) {
                let short = Int.random(in: 0..<8, using: &generator) == 0 ? 1 : 0
                let name = Int.random(in: 0..<2, using: &generator) == 0 ? "PO\(payout)" : ""
                let amount = "\((net - short) / 2).\((net - short) % 2 == 0 ? "00" : "50")"
                let day = "2026-03-\(payout < 9 ? "0" : "")\(payout + 1)"
                put(
                    "bank", "K\(payout)", payout + Int.random(in: 0...2, using: &generator),
                    ["K\(payout),\(name),\(amount),\(day),payment PAYOUT\(payout)"])
            }
        }

        /// A purchase that comes out even, perhaps after a night or two.
        private mutating func addPlain(
            _ number: Int, on night: Int, _ generator: inout SeededGenerator
        ) {
            let day = "2026-03-\(night < 9 ? "0" : "")\(night + 1)T"
            let user = ["ama@example.com", "adwoa@example.com", "KOJO@example.com"][number / 2 % 3]
            let seller = ["", "kojo@example.com"][Int.random(in: 0...1, using: &generator)]
            let nights = (0..<3).map { _ in night + Int.random(in: 0...2, using: &generator) }
            let name = "\(number)"
            // In halves: the charge less its fee of 2.50, and the refund in a later payout.
            deposits[night, default: 0] += 2 * (number + 50) - 5
            if number % 3 == 0 { deposits[night + 2, default: 0] -= 40 }
            put(
                "payments", "P" + name, night,
                ["P\(name),,\(user),\(number + 50).00,,succeeded,\(day)08:00:00Z,Tour,,,,\(seller)"]
            )
            put(
                "settlements", "S" + name, nights[0],
                [
                    "S\(name),P\(name),charge,completed,\(number + 50).00,2.50,,,\(day)08:01:00Z,PO\(night)"
                ])
            if number % 3 == 0 {
                put(
                    "settlements", "F" + name, nights[1],
                    ["F\(name),P\(name),refund,completed,20.00,,,,\(day)20:00:00Z,PO\(night + 2)"])
            }
            put(
                "bookings", "B" + name, night,
                ["B\(name),P\(name),\(user),C3,\(number + 50).00,confirmed,\(day)08:02:00Z,,"])
            put(
                "bookings", "B" + name, nights[2],
                ["B\(name),P\(name),\(user),C3,\(number + 50).00,completed,\(day)08:02:00Z,,"])
        }

        private mutating func add(
            _ number: Int, on night: Int, _ generator: inout SeededGenerator
        ) {
            func pick(_ words: [String]) -> String {
                words[Int.random(in: 0..<words.count, using: &generator)]
            }
            func time() -> String {
                "2026-03-\(night < 9 ? "0" : "")\(night + 1)T"
                    + pick(["10:00", "10:05", "10:20", "11:00", "18:00"]) + ":00Z"
            }
            func later() -> Int {
                night + [0, 0, 0, 1, 2, 3][Int.random(in: 0...5, using: &generator)]
            }
            let amounts = ["100.00", "60.00", "60.00", "40.00", "100.01"]
            let users = ["ama@example.com", "KOFI@example.com", "esi@example.com"]
            let (price, user) = (pick(amounts), pick(users))
            let order = pick(["", "", "O\(number)"])
            for payment in 0...Int.random(in: 0...9, using: &generator) / 9 {
                let id = "P\(number)-\(payment)"
                let reference = pick(["", "R\(number)"])
                let created = time()
                let about = pick([
                    "Elmina Castle", "castle visit", "Jazz Night", "concert", "", "x",
                ])
                let seller = pick(["", "", "kojo@example.com"])
                func row(_ status: String, _ refunded: String) -> String {
                    [
                        id, reference, user, price, "", status, created, about, order,
                        pick(["", "", "B\(number)-0"]), refunded, seller,
                    ].joined(separator: ",")
                }
                let last = row(pick(["succeeded", "succeeded", "succeeded", "failed"]), "")
                switch Int.random(in: 0..<6, using: &generator) {
                case 0:
                    put("payments", id, night, [row("pending", "")])
                    put("payments", id, later(), [last])
                case 1:
                    put("payments", id, night, [last])
                    put("payments", id, later(), [row("succeeded", price)])
                case 2:
                    put("payments", id, night, [last, row("succeeded", pick(["", "1.00"]))])
                default: put("payments", id, night, [last])
                }
                for line in 0..<Int.random(in: 0...3, using: &generator) {
                    let name = reference.isEmpty ? id : reference
                    let cells = [
                        "S\(number)-\(payment)-\(line)", pick([name, name, name, "none\(number)"]),
                        line == 0
                            ? "charge" : pick(["charge", "refund", "chargeback", "fee", "payout"]),
                        pick(["completed", "completed", "completed", "failed", "pending"]),
                        pick([price, price, price, "7.00"]), pick(["", "3.20"]),
                        pick(["", "96.80"]),
                        pick(["", "", "", "", "USD"]), pick([created, time(), ""]),
                        pick(["", "PX\(night)", "PX\(night + 1)"]),
                    ]
                    put("settlements", cells[0], later(), [cells.joined(separator: ",")])
                }
            }
            if !order.isEmpty, pick(["yes", "no"]) == "yes" {
                put(
                    "orders", order, night,
                    ["\(order),\(user),C1,destination,2,\(pick(["", "yaa@example.com"]))"])
            }
            for booking in 0..<Int.random(in: 0...2, using: &generator) {
                let id = "B\(number)-\(booking)"
                let named = pick(["", "P\(number)-0"])
                // One that names neither payment nor time could be for any payment to come.
                let created = named.isEmpty ? time() : pick([time(), ""])
                let item = pick(["", "C1", "Jazz Night"])
                func row(_ payment: String, _ status: String) -> String {
                    [
                        id, payment, pick([user, user, user, users[0]]), item, price, status,
                        created, pick(["", order]), pick(["", "ticket"]),
                    ].joined(separator: ",")
                }
                let state = pick(["confirmed", "confirmed", "completed", "cancelled", "pending"])
                put("bookings", id, night, [row(named, state)])
                if pick(["yes", "no"]) == "yes" {
                    put("bookings", id, later(), [row("P\(number)-0", "completed")])
                }
            }
        }

        private mutating func put(_ file: String, _ id: String, _ night: Int, _ rows: [String]) {
            versions.append(Version(night: night, file: file, id: id, rows: rows))
        }

        /// The dumps of a night: everything so far, or what came in that night.
        func dumps(of night: Int, isFull: Bool) -> [String: String] {
            var latest: [String: Version] = [:]
            var order: [String] = []
            for version in versions where version.night <= night {
                let key = version.file + " " + version.id
                if latest[key] == nil { order.append(key) }
                if version.night >= latest[key]?.night ?? 0 { latest[key] = version }
            }
            return IncrementalLawTests.headers.reduce(into: [:]) { dumps, entry in
                let (file, header) = entry
                let rows = order.compactMap { latest[$0] }.filter {
                    $0.file == file && (isFull || $0.night == night || file == "catalogue")
                }.flatMap(\.rows)
                dumps[file + ".csv"] = ([header] + rows).joined(separator: "\n") + "\n"
            }
        }
    }

    /// What a night told that must be the same: rows by table, each table sorted.
    private func told(_ nights: Nights, _ night: Int, _ dumps: [String: String]) throws
        -> [String: [String]]
    {
        try nights.run(
            dumps, asOf: "2026-03-\(night < 9 ? "0" : "")\(night + 1)T23:30:00Z")
        var told: [String: [String]] = [:]
        for name in [
            "status_updates", "booking_links", "new_bookings", "new_tickets", "transactions",
        ] {
            told[name] = try nights.lines("\(name).csv").sorted()
        }
        told["breaks"] = try nights.lines("breaks.csv").filter { !$0.contains(",info,") }.sorted()
        told["dashboards"] = try nights.lines("dashboards.jsonl").sorted()
        return told
    }

    @Test(arguments: IncrementalLawTests.seeds)
    func incrementalNightsTellWhatFullNightsTell(seed: Int) throws {
        var generator = SeededGenerator(UInt64(seed) &+ 7000)
        let nights = 14
        let business = Business(&generator, nights: nights)
        let text = IncrementalLawTests.definition
        let full = try Nights(text.replacing("COVERAGE", with: "full"))
        let incremental = try Nights(text.replacing("COVERAGE", with: "incremental"))
        for night in 0..<nights {
            let expected = try told(full, night, business.dumps(of: night, isFull: true))
            let found = try told(incremental, night, business.dumps(of: night, isFull: false))
            for (table, rows) in expected.sorted(by: { $0.key < $1.key })
            where found[table] != rows {
                let difference = (found[table] ?? []).difference(from: rows)
                Issue.record("seed \(seed), night \(night), \(table): \(difference)")
                return
            }
        }
        let all = try full.lines("payments.csv").count
        let left = try incremental.lines("carried/payments.csv").count
        #expect(left < all)
        #expect(try incremental.lines("carried/totals.csv").count > 1)
    }
}
