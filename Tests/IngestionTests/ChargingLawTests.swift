import Foundation
import TestKit
import Testing

/// Law 7 over small random businesses with sessions: nights of incremental dumps tell what nights of
/// full dumps tell while records leave, and all nights together what one run over the whole tells.
@Suite struct ChargingLawTests {
    static let definition = """
        name: laws
        currency: INR
        timezone: Asia/Kolkata
        dumps: COVERAGE
        max_rejects: 100
        inputs:
          payments: {files: payments.csv}
          settlements: {files: settlements.csv}
          bookings: {files: bookings.csv}
          orders: {files: orders.csv}
          sessions: {files: sessions.csv}
        match: {window: 1h}
        backfill:
          kinds: {slot: {emit: booking, keywords: [slot]}}
          default_kind: slot
          unidentified: emit
        impact: {energy_kwh_per_hour: "7.4", co2_kg_per_kwh: "0.45", saved_per_kwh: "9.5"}
        carry: {close_after: 6d, unapplied_after: 90d}
        """

    static let headers = [
        "payments": "id,user,amount,status,created_at,description,order",
        "settlements": "id,reference,gross,occurred_at",
        "bookings": "id,payment,user,item,amount,status,created_at,starts_at,ends_at",
        "orders": "id,user,item,kind,starts_at,ends_at",
        "sessions": "id,booking,user,status,energy_kwh,started_at,ended_at",
    ]

    static let seeds = IncrementalLawTests.seeds.prefix(8)
    static let nights = 14

    /// The rows of an id from a night on.
    struct Version {
        let night: Int
        let file: String
        let id: String
        let rows: [String]
    }

    /// Purchases of a slot each, whose life lies within five days.
    struct Business {
        private(set) var versions: [Version] = []

        init(_ generator: inout SeededGenerator) {
            for purchase in 0..<(nights * 3) {
                add(
                    "\(purchase)", on: Int.random(in: 0..<nights - 4, using: &generator),
                    &generator)
            }
        }

        private mutating func put(_ file: String, _ id: String, _ night: Int, _ row: String) {
            versions.append(Version(night: night, file: file, id: id, rows: [row]))
        }

        private mutating func add(
            _ name: String, on night: Int, _ generator: inout SeededGenerator
        ) {
            func pick(_ words: [String]) -> String {
                words[Int.random(in: 0..<words.count, using: &generator)]
            }
            func day(_ night: Int) -> String { "2026-03-\(night < 9 ? "0" : "")\(night + 1)" }
            let user = pick(["ama@example.com", "KOFI@example.com", "esi@example.com"])
            let ends = night + Int.random(in: 0...2, using: &generator)
            let slot =
                "\(day(ends)) \(pick(["10:00", "12:30"])),\(day(ends)) \(pick(["13:45", "18:00"]))"
            let created = "\(day(night))T03:00:00Z"
            put(
                "payments", "P\(name)", night,
                "P\(name),\(user),60.00,succeeded,\(created),slot \(name),O\(name)")
            put("orders", "O\(name)", night, "O\(name),\(user),Station \(name),slot,\(slot)")
            put("settlements", "S\(name)", night, "S\(name),P\(name),60.00,\(created)")
            // Every fourth purchase lost its booking.
            guard Int.random(in: 0..<4, using: &generator) > 0 else { return }
            for (later, status) in [
                (0, pick(["confirmed", "confirmed", "pending"])), (1, "confirmed"),
                (3, pick(["confirmed", "completed", "cancelled"])),
            ] {
                put(
                    "bookings", "B\(name)", night + later,
                    "B\(name),P\(name),\(user),Station \(name),60.00,\(status),\(created),\(slot)")
            }
            for session in 0..<Int.random(in: 0...2, using: &generator) {
                addSession("C\(name)-\(session)", "B\(name),\(user)", day(ends), ends, &generator)
            }
        }

        /// A session that its own system ends, perhaps, after a night or two.
        private mutating func addSession(
            _ id: String, _ names: String, _ day: String, _ night: Int,
            _ generator: inout SeededGenerator
        ) {
            let ending = Int.random(in: 0..<4, using: &generator)
            let began = ["\(day) 10:05", ""][Int.random(in: 0...1, using: &generator)]
            put("sessions", id, night, "\(id),\(names),active,0,\(began),")
            let energy = "\(Int.random(in: 0..<30, using: &generator)).125"
            switch ending {
            case 0: return
            case 1: put("sessions", id, night + 1, "\(id),\(names),completed,\(energy),\(began),")
            case 2:
                put(
                    "sessions", id, night,
                    "\(id),\(names),completed,\(energy),\(began),\(day) 13:00")
            default: put("sessions", id, night + 2, "\(id),\(names),failed,\(energy),\(began),")
            }
        }

        /// The dumps of a night: everything so far, or what is new.
        func dumps(of night: Int, isFull: Bool) -> [String: String] {
            var order: [String] = []
            var latest: [String: Version] = [:]
            for version in versions where version.night <= night {
                let key = version.file + " " + version.id
                if latest[key] == nil { order.append(key) }
                if version.night >= latest[key]?.night ?? 0 { latest[key] = version }
            }
            return ChargingLawTests.headers.reduce(into: [:]) { dumps, entry in
                let (file, header) = entry
                let rows = order.compactMap { latest[$0] }.filter {
                    $0.file == file && (isFull || $0.night == night)
                }.flatMap(\.rows)
                dumps[file + ".csv"] = ([header] + rows).joined(separator: "\n") + "\n"
            }
        }
    }

    private func asOf(_ night: Int) -> String {
        "2026-03-\(night < 9 ? "0" : "")\(night + 1)T17:30:00Z"
    }

    /// What a night told that must be the same: rows by table, each table sorted.
    private func told(
        _ nights: Nights, _ night: Int, _ dumps: [String: String]
    ) throws -> [String: [String]] {
        try nights.run(dumps, asOf: asOf(night))
        var told: [String: [String]] = [:]
        for name in ["status_updates", "booking_links", "new_bookings", "session_updates"] {
            told[name] = try nights.rows("\(name).csv").sorted()
        }
        told["breaks"] = try nights.lines("breaks.csv").filter { !$0.contains(",info,") }.sorted()
        told["dashboards"] = try nights.lines("dashboards.jsonl").sorted()
        return told
    }

    @Test(arguments: ChargingLawTests.seeds)
    func incrementalNightsTellWhatFullNightsTell(seed: Int) throws {
        var generator = SeededGenerator(UInt64(seed) &+ 9000)
        let business = Business(&generator)
        let text = Self.definition
        let full = try Nights(text.replacing("COVERAGE", with: "full"))
        let incremental = try Nights(text.replacing("COVERAGE", with: "incremental"))
        var updates: [String] = []
        for night in 0..<Self.nights {
            let expected = try told(full, night, business.dumps(of: night, isFull: true))
            let found = try told(incremental, night, business.dumps(of: night, isFull: false))
            for (table, rows) in expected.sorted(by: { $0.key < $1.key })
            where found[table] != rows {
                let difference = (found[table] ?? []).difference(from: rows)
                Issue.record("seed \(seed), night \(night), \(table): \(difference)")
                return
            }
            updates += expected["session_updates"] ?? []
        }
        // Each session is completed once, and most of what came out even has left.
        let ids = updates.map { $0.prefix { $0 != "," } }
        #expect(Set(ids).count == ids.count && ids.count > 3)
        let sessions = try full.rows("trace/sessions.csv").count
        let left = try incremental.rows("carried/sessions.csv").count
        #expect(left < sessions, "\(left) of \(sessions)")
        let totals = try incremental.rows("carried/totals.csv")
        #expect(totals.contains { !$0.hasSuffix(",0.000000,0.000000") }, "\(totals)")
    }

    /// The figures after many nights are those of one run over what they were told in the end.
    @Test(arguments: ChargingLawTests.seeds.prefix(3), ["full", "incremental"])
    func manyNightsEndAsOneRunOverTheWhole(seed: Int, coverage: String) throws {
        var generator = SeededGenerator(UInt64(seed) &+ 9500)
        let business = Business(&generator)
        let text = Self.definition.replacing("COVERAGE", with: coverage)
        let nightly = try Nights(text)
        for night in 0..<Self.nights {
            try nightly.run(
                business.dumps(of: night, isFull: coverage == "full"), asOf: asOf(night))
        }
        let last = Self.nights - 1
        let once = try Nights(text)
        try once.run(business.dumps(of: last, isFull: true), asOf: asOf(last))
        #expect(try impacts(nightly) == impacts(once))
    }

    /// Each user's energy after the run.
    private func impacts(_ nights: Nights) throws -> [String] {
        try nights.lines("dashboards.jsonl").map { line in
            let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
            let dashboard = try #require(value as? [String: Any])
            let impact = try #require(dashboard["impact"] as? [String: Any])
            return ["measured_kwh", "estimated_kwh", "co2_kg", "saved"].reduce(
                "\(dashboard["user"] ?? "")"
            ) { "\($0) \(impact[$1] ?? "")" }
        }.sorted()
    }
}
