import Foundation
import Testing

/// Law 7 with incremental dumps: nights of what is new tell the same as nights of everything.
@Suite struct IncrementalNightsTests {
    static let files = [
        (file: "payments.csv", id: "payment_id", time: "created_at"),
        (file: "settlements.csv", id: "transaction_id", time: "date"),
        (file: "bookings.csv", id: "booking_id", time: "created_at"),
    ]
    static let start = Night.moment("2025-06-01T02:00:00Z")
    static let end = Night.moment("2025-08-31T02:00:00Z")

    /// The moments of so many nights, evenly spread over the history.
    static func nights(_ count: Int) -> [Date] {
        let span = end.timeIntervalSince(start)
        return (1...count).map {
            start.addingTimeInterval((span * Double($0) / Double(count)).rounded())
        }
    }

    /// Statuses and links that change after a record came into being, each delivered again.
    static func unsettled(_ seed: Int, in folder: String) throws -> History {
        var generator = SeededNumbers(seed: UInt64(seed))
        var history = try History.of(files, in: folder)
        let payments = try CSVTable(path: folder + "/payments.csv")
        let status = try #require(payments.header.firstIndex(of: "status"))
        for row in payments.rows where Int.random(in: 0..<4, using: &generator) == 0 {
            // First pending, and hours or days later what it is in the end.
            let id = payments.value(row, "payment_id")
            let created = Night.moment(payments.value(row, "created_at"))
            var pending = row
            pending[status] = "pending"
            history.add("payments.csv", id, from: created, [pending])
            let later = Double(Int.random(in: 60..<400_000, using: &generator))
            history.add("payments.csv", id, from: created.addingTimeInterval(later), [row])
        }
        let bookings = try CSVTable(path: folder + "/bookings.csv")
        let reference = try #require(bookings.header.firstIndex(of: "payment_reference"))
        for row in bookings.rows where Int.random(in: 0..<6, using: &generator) == 0 {
            // First without its payment, then with it.
            let id = bookings.value(row, "booking_id")
            let created = Night.moment(bookings.value(row, "created_at"))
            var alone = row
            alone[reference] = ""
            history.add("bookings.csv", id, from: created, [alone])
            let later = Double(Int.random(in: 60..<300_000, using: &generator))
            history.add("bookings.csv", id, from: created.addingTimeInterval(later), [row])
        }
        return history
    }

    /// The sample dumps, of which both statements of the gateway are one history.
    @Test func theSamplesTellTheSameNightByNight() throws {
        let night = try Night.tours()
        try night.redefine("files: momo*.csv", "files: settlements.csv")
        var lines = try night.dump("momo-2025-07.csv")
        lines.rows += try night.dump("momo-2025-08.csv").rows
        try night.write(lines, "settlements.csv")
        for file in ["momo-2025-07.csv", "momo-2025-08.csv"] {
            try Files.remove(night.dumps + "/" + file)
        }
        var history = try History.of(Self.files, in: night.dumps)
        let both = try TwoBusinesses(night, closeAfter: "14d")
        var before = Date.distantPast
        for moment in Self.nights(7) {
            let runs = try both.publish(history, after: before, at: moment)
            try history.load(runs.incremental, at: moment.addingTimeInterval(1))
            before = moment
        }
        let carried = try both.incremental.latest().table("carried/payments.csv")
        #expect(carried.rows.count < 130, "\(carried.rows.count)")
        #expect(try both.full.latest().table("payments.csv").rows.count == 257)
    }

    /// What a run was given is in its archive: the dumps, and what the run before handed on.
    @Test func theArchiveHoldsWhatWasHandedOn() throws {
        let night = try Night.tours()
        try night.redefine("dumps: full ", "dumps: incremental ")
        let first = try night.publish()
        let second = try night.publish(asOf: "2025-09-01T02:00:00Z")
        let unpacked = night.workspace.at("unpacked")
        try Files.makeFolder(unpacked)
        let ending = try Launch(
            program: "tar", arguments: ["--zstd", "-xf", second.archive, "-C", unpacked]
        ).run()
        try #require(ending.code == 0, "\(ending.errors)")
        let names = try Files.names(in: first.folder + "/carried")
        let records = ["payments.csv", "settlements.csv", "bookings.csv", "orders.csv", "bank.csv"]
        let others = [
            "emissions.csv", "open_items.csv", "recent.csv", "taken_ids.csv", "totals.csv",
        ]
        #expect(Set(names).isSuperset(of: records + others), "\(names)")
        #expect(try Files.names(in: unpacked + "/carried") == names)
        for name in names {
            #expect(
                try Files.bytes(unpacked + "/carried/" + name)
                    == Files.bytes(first.folder + "/carried/" + name), "\(name)")
        }
        #expect(
            try Files.names(in: unpacked + "/inputs")
                == [
                    "bookings.csv", "catalogue.csv", "momo-2025-07.csv", "momo-2025-08.csv",
                    "payments.csv", "users.csv",
                ])
    }

    @Test(arguments: [1, 2], [false, true])
    func eachNightTellsTheSameAsWithFullDumps(seed: Int, isLoaded: Bool) throws {
        let night = try Night.generated(payments: 700, seed: seed)
        var history = try Self.unsettled(seed, in: night.dumps)
        let both = try TwoBusinesses(night, closeAfter: "10d")
        var before = Date.distantPast
        var carried: [Int] = []
        for moment in Self.nights(11) {
            let runs = try both.publish(history, after: before, at: moment)
            if isLoaded { try history.load(runs.full, at: moment.addingTimeInterval(1)) }
            carried.append(try runs.incremental.table("carried/payments.csv").rows.count)
            before = moment
        }
        // What is reconciled leaves: far fewer are handed on than there were.
        #expect(try #require(carried.last) < (isLoaded ? 250 : 400), "\(carried)")
        #expect(try both.incremental.latest().table("carried/totals.csv").rows.count > 20)
    }

    /// Nothing that comes late changes what was found before, so that one run finds the same.
    @Test(arguments: [4, 5])
    func manyNightsEndAsOneRunOverTheWhole(seed: Int) throws {
        let night = try Night.generated(payments: 700, seed: seed)
        var history = try History.of(Self.files, in: night.dumps)
        try history.bringBookingsWithPayments(in: night.dumps)
        let backfill = try night.another()
        let both = try TwoBusinesses(night, closeAfter: "10d")
        var before = Date.distantPast
        var emitted: [String: [[String]]] = [:]
        for moment in Self.nights(10) {
            // Every charge is there when its payment is: a night begins well before its dumps end.
            let runs = try both.publish(history, after: before, at: moment)
            for (file, rows) in try runs.incremental.emittedRows() {
                emitted[file, default: []] += rows.map { $0.withoutDates }
            }
            before = moment
        }
        let once = try backfill.publish(["--no-archive"], asOf: Night.text(Self.end))
        let nightly = try both.incremental.latest()
        // What waits for days is counted from the run that emitted it.
        let items = try nightly.openItems().filter { $0[1] != "unapplied_emission" }
        #expect(try items == once.openItems())
        #expect(try nightly.figures() == once.figures())
        for (file, rows) in try once.emittedRows() {
            let all = (emitted[file] ?? []).sorted { $0.lexicographicallyPrecedes($1) }
            let expected = rows.map { $0.withoutDates }.sorted { $0.lexicographicallyPrecedes($1) }
            #expect(all == expected, "\(file): \(all.difference(from: expected))")
        }
    }
}

extension [String] {
    /// The row without days that are counted from the day of the run.
    fileprivate var withoutDates: [String] {
        map { $0.count == 10 && $0.hasPrefix("202") && $0.contains("-") ? "" : $0 }
    }
}

/// Numbers from a seed, the same on every machine.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func next() -> UInt64 {
        state = state &+ 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

extension History {
    /// Does what an importer of a run's emissions would do: the records change at a moment.
    mutating func load(_ run: PublishedRun, at moment: Date) throws {
        let words = ["succeeded": "successful", "failed": "failed"]
        let payments = dumps[0].header
        let bookings = dumps[2].header
        let updates = try run.table("status_updates.csv")
        for row in updates.columns("payment_id", "to_status") {
            var record = try #require(rows("payments.csv", row[0], at: moment).first)
            record[try #require(payments.firstIndex(of: "status"))] = words[row[1]] ?? row[1]
            add("payments.csv", row[0], from: moment, [record])
        }
        let reference = try #require(payments.firstIndex(of: "reference"))
        let place = try #require(bookings.firstIndex(of: "payment_reference"))
        for row in try run.table("booking_links.csv").columns("payment_id", "booking_id") {
            let payment = try #require(rows("payments.csv", row[0], at: moment).first)
            var record = try #require(rows("bookings.csv", row[1], at: moment).first)
            record[place] = payment[reference]
            add("bookings.csv", row[1], from: moment, [record])
        }
        for (file, id, quantity, date) in [
            ("new_bookings.csv", "booking_id", "participants", "booking_date"),
            ("new_tickets.csv", "ticket_id", "quantity", "event_date"),
        ] {
            let table = try run.table(file)
            for row in table.rows {
                let value = { (column: String) in table.value(row, column) }
                let payment = try #require(
                    rows("payments.csv", value("payment_id"), at: moment).first)
                add(
                    "bookings.csv", value(id), from: moment,
                    [
                        [
                            value(id), payment[reference], value("user"), value("item_name"),
                            file == "new_tickets.csv" ? "ticket" : value("kind"), value(quantity),
                            value("amount"), value("currency"), value("status"), value(date),
                            Night.text(moment),
                        ]
                    ])
            }
        }
    }

    /// Lets every booking and settlement come in the night of its payment.
    mutating func bringBookingsWithPayments(in folder: String) throws {
        let payments = try CSVTable(path: folder + "/payments.csv")
        let created = Dictionary(
            uniqueKeysWithValues: zip(payments["reference"], payments["created_at"]))
        for (file, id, column) in [
            ("settlements.csv", "transaction_id", "external_id"),
            ("bookings.csv", "booking_id", "payment_reference"),
        ] {
            let table = try CSVTable(path: folder + "/" + file)
            for row in table.rows {
                guard let moment = created[table.value(row, column)] else { continue }
                let id = table.value(row, id)
                replace(file, id, from: Night.moment(moment), rows(file, id))
            }
        }
        // What the gateway never settles is known to be missing only days later.
        let truth = try CSVTable(path: folder + "/truth.csv")
        for row in truth.rows(where: "category", is: "missing_settlement") {
            let id = truth.value(row, "payment_id")
            let known = rows("payments.csv", id)
            let made = try #require(
                zip(payments["payment_id"], payments["created_at"]).first { $0.0 == id })
            replace(
                "payments.csv", id, from: Night.moment(made.1).addingTimeInterval(518_400), known)
        }
        // A booking without reference belongs to the user's payment of its amount before it.
        let bookings = try CSVTable(path: folder + "/bookings.csv")
        let byUser = Dictionary(grouping: payments.rows) {
            payments.value($0, "user_email") + " " + payments.value($0, "amount")
        }
        for row in bookings.rows where bookings.value(row, "payment_reference").isEmpty {
            let key = bookings.value(row, "user_email") + " " + bookings.value(row, "total_amount")
            let made = Night.moment(bookings.value(row, "created_at"))
            let paid = (byUser[key] ?? []).map { Night.moment(payments.value($0, "created_at")) }
                .filter { $0 <= made }.max()
            guard let paid else { continue }
            let id = bookings.value(row, "booking_id")
            replace("bookings.csv", id, from: paid, rows("bookings.csv", id))
        }
    }
}
