import Reporting

/// The rows of a run that concern what was asked for.
struct Dossier: Sendable {
    /// By table, then by place.
    private var found: [TableName: [Int: FoundRow]] = [:]
    /// Rows that concern it only as candidates that came close.
    private var closest: [TableName: [Int: FoundRow]] = [:]

    /// Adds rows; one that is there already stays.
    mutating func add(_ rows: [FoundRow], to table: TableName) {
        for row in rows { found[table, default: [:]][row.number] = row }
    }

    /// The rows of a table, in their order.
    func rows(_ table: TableName) -> [FoundRow] {
        (found[table] ?? [:]).values.sorted { $0.number < $1.number }
    }

    /// The rows of a table with a value in a column, in their order.
    func rows(_ table: TableName, _ column: String, is value: String) -> [FoundRow] {
        rows(table).filter { $0[column] == value }
    }

    /// The row of a table at a place, from 0.
    func row(_ table: TableName, _ number: Int) -> FoundRow? { found[table]?[number] }

    /// Adds a row that came close.
    mutating func addClosest(_ row: FoundRow, of table: TableName) {
        closest[table, default: [:]][row.number] = row
    }

    /// The row that came close, by its place from 0.
    func closest(_ table: TableName, _ number: Int) -> FoundRow? { closest[table]?[number] }

    /// The values of a column, without empty ones, each once, in order of the rows.
    func values(_ table: TableName, _ column: String) -> [String] {
        var seen: Set<String> = []
        return rows(table).map { $0[column] }.filter { !$0.isEmpty && seen.insert($0).inserted }
    }
}

/// Gathers the rows of a run that concern a reference.
///
/// Small tables are searched first: what they tell saves a pass over the large ones.
struct Gatherer {
    let run: RunReader
    let reference: String
    private(set) var dossier = Dossier()
    /// Payments, lines, bookings and gateway payouts to which the reference leads.
    private var payments: [String] = []
    private var lines: [String] = []
    private var bookings: [String] = []
    private var payouts: [String] = []

    init(run: RunReader, reference: String) {
        self.run = run
        self.reference = reference
    }

    /// The rows; none at all where the run does not know the reference.
    consuming func gather() throws -> Dossier {
        try searchSmallTables()
        try searchRecords()
        try followRecords()
        try searchWhatConcernsThem()
        try searchClosest()
        return dossier
    }

    private mutating func add(_ table: TableName, _ conditions: Condition...) throws {
        dossier.add(try run.rows(table, where: conditions), to: table)
    }

    private mutating func searchSmallTables() throws {
        let asked = Needles([reference])
        try add(.breaks, .value(of: "break_id", in: asked))
        try add(.cleared, .value(of: "break_id", in: asked))
        try add(.newBookings, .value(of: "booking_id", in: asked))
        try add(.newTickets, .value(of: "ticket_id", in: asked))
        try add(.transactions, .value(of: "transaction_id", in: asked))
        try add(.payouts, .value(of: "payout_id", in: asked))
        try add(.waiting, .value(of: "id", in: asked))
        try add(.orders, .value(of: "order_id", in: asked))
        for table in [TableName.breaks, .newBookings, .newTickets, .transactions, .waiting] {
            payments += dossier.values(table, "payment_id")
        }
        try add(.sessions, .value(of: "session_id", in: asked))
        lines = dossier.values(.breaks, "settlement_id")
        bookings = dossier.values(.breaks, "booking_id") + dossier.values(.sessions, "booking_id")
        payouts = dossier.values(.breaks, "payout") + [reference]
        for row in dossier.rows(.orders) {
            if row["record"] == "payment" { payments.append(row["id"]) }
            if row["record"] == "booking" { bookings.append(row["id"]) }
        }
    }

    private mutating func searchRecords() throws {
        let asked = Needles([reference])
        let paymentIDs = Needles(payments + [reference])
        try add(
            .payments, .value(of: "payment_id", in: paymentIDs),
            .value(of: "reference", in: asked))
        try add(
            .settlements, .value(of: "settlement_id", in: Needles(lines + [reference])),
            .value(of: "reference", in: asked), .value(of: "payment_id", in: paymentIDs),
            .value(of: "payout", in: Needles(payouts)))
        try add(
            .bookings, .value(of: "booking_id", in: Needles(bookings + [reference])),
            .item(of: "payment_ids", in: paymentIDs))
    }

    /// From lines, bookings and references to their payments, and from those to all that is theirs.
    private mutating func followRecords() throws {
        let searched = Set(payments + [reference])
        let namedLines = Set(lines + [reference])
        let namedBookings = Set(bookings + [reference])
        let known = Set(dossier.values(.payments, "payment_id"))
        var leads: Set<String> = []
        for row in dossier.rows(.settlements) where namedLines.contains(row["settlement_id"]) {
            leads.insert(row["payment_id"])
        }
        for row in dossier.rows(.bookings) where namedBookings.contains(row["booking_id"]) {
            leads.formUnion(row.list("payment_ids"))
        }
        leads.remove("")
        let unknown = leads.subtracting(known)
        if !unknown.isEmpty {
            let needles = Needles(unknown)
            try add(.payments, .value(of: "payment_id", in: needles))
            try add(.settlements, .value(of: "payment_id", in: needles))
        }
        // The lines of payments that were found by their reference were found by it, too.
        let rest = dossier.rows(.payments).filter { row in
            !searched.contains(row["payment_id"])
                && row.list("booking_ids").contains { id in
                    dossier.rows(.bookings, "booking_id", is: id).isEmpty
                }
        }
        if !rest.isEmpty {
            let needles = Needles(rest.map { $0["payment_id"] })
            try add(.bookings, .item(of: "payment_ids", in: needles))
        }
    }

    private mutating func searchWhatConcernsThem() throws {
        let paymentIDs = dossier.values(.payments, "payment_id")
        let lineIDs = dossier.values(.settlements, "settlement_id")
        let bookingIDs = dossier.values(.bookings, "booking_id")
        let paid = Needles(paymentIDs)
        try add(.statusUpdates, .value(of: "payment_id", in: paid))
        try add(.bookingLinks, .value(of: "payment_id", in: paid))
        try add(.newBookings, .value(of: "payment_id", in: paid))
        try add(.newTickets, .value(of: "payment_id", in: paid))
        try add(.transactions, .value(of: "payment_id", in: paid))
        let booked = Needles(bookingIDs)
        try add(.sessions, .value(of: "booking_id", in: booked))
        let sessionIDs = dossier.values(.sessions, "session_id")
        try add(.sessionUpdates, .value(of: "id", in: Needles(sessionIDs)))
        try add(
            .waiting, .value(of: "payment_id", in: paid), .value(of: "id", in: Needles(sessionIDs)))
        try add(
            .repeats,
            .value(of: "id", in: Needles(paymentIDs + lineIDs + bookingIDs + sessionIDs)))
        try add(.orders, .value(of: "id", in: Needles(paymentIDs + bookingIDs)))
        let orders = dossier.values(.orders, "order_id")
        try add(.orders, .value(of: "order_id", in: Needles(orders)))
        try add(.orderUpdates, .value(of: "id", in: Needles(orders)))
        try add(
            .breaks, .value(of: "payment_id", in: paid),
            .value(of: "settlement_id", in: Needles(lineIDs)),
            .value(of: "booking_id", in: booked),
            .value(of: "payout", in: Needles(payouts)))
        let isPayout = !dossier.rows(.payouts).isEmpty
        let transactions = dossier.values(.transactions, "transaction_id")
        try add(
            .payoutLines, .value(of: "transaction_id", in: Needles(transactions)),
            .value(of: "payout_id", in: Needles(isPayout ? [reference] : [])))
        if isPayout {
            // What a payout is made of is told by its transactions, without all their payments.
            let members = dossier.values(.payoutLines, "transaction_id")
            try add(.transactions, .value(of: "transaction_id", in: Needles(members)))
        } else {
            let payouts = dossier.values(.payoutLines, "payout_id")
            try add(.payouts, .value(of: "payout_id", in: Needles(payouts)))
        }
    }

    /// The records that rule 3 found closest to those that have no match.
    private mutating func searchClosest() throws {
        guard let trials = run.trials else { return }
        for (table, other, isBooking) in [
            (TableName.payments, TableName.bookings, false), (.bookings, .payments, true),
        ] {
            var wanted: Set<Int> = []
            for row in dossier.rows(table) {
                let trial = try trials.trial(ofBooking: isBooking, row: row.number)
                guard let closest = trial?.closest.map(Int.init) else { continue }
                if let known = dossier.row(other, closest) {
                    dossier.addClosest(known, of: other)
                } else {
                    wanted.insert(closest)
                }
            }
            for row in try run.rows(other, where: [.place(wanted)]) {
                dossier.addClosest(row, of: other)
            }
        }
    }
}
