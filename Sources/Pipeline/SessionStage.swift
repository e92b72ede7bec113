import Definition
import Emission
import Ingestion
import Parallel
import Reconciliation
import Records
import Rules
import Time

/// Sessions, and the energy of bookings: what sees their texts.
///
/// The tables do not keep when a booking begins and ends; it is read again for the bookings that need
/// it, and where the pipeline has neither sessions nor impact, for none.
struct SessionStage: Sendable {
    let setting: RunSetting
    let ingested: IngestedDumps
    let links: SessionLinks

    init(_ setting: RunSetting, _ ingested: IngestedDumps) {
        self.setting = setting
        self.ingested = ingested
        links = SessionLinks(ingested.tables)
    }

    /// When each booking begins and ends, by its row; nothing at all where nobody asks.
    ///
    /// - Throws: `TrueupError.run` where a dump cannot be read again.
    func times() throws -> ContiguousArray<BookedTimes> {
        let bookings = ingested.tables.bookings.rows
        let needed = neededBookings()
        guard !needed.isEmpty || setting.definition.impact != nil else { return [] }
        var times = ContiguousArray(repeating: BookedTimes(), count: bookings.count)
        let zone = setting.zone
        let found = try setting.workers.flatMapRanges(of: needed.count) { range in
            var texts = RowTexts(ingested.dumps)
            return try needed[range].map { booking in
                try texts.go(to: bookings[booking].place)
                return BookedTimes(
                    starts: texts.instant(BookingField.startsAt, in: zone),
                    ends: texts.instant(BookingField.endsAt, in: zone))
            }
        }
        for (booking, booked) in zip(needed, found) { times[booking] = booked }
        return times
    }

    /// The rows of bookings of which somebody must know the times, in rising order.
    private func neededBookings() -> [Int] {
        let tables = ingested.tables
        var isNeeded = ContiguousArray(repeating: false, count: tables.bookings.count)
        for (session, booking) in zip(tables.sessions.rows, links.bookingOfSession)
        where booking >= 0 && session.isOpen {
            isNeeded[Int(booking)] = true
        }
        if setting.definition.impact != nil {
            for (booking, row) in tables.bookings.rows.enumerated() where EnergyBook.counts(row) {
                isNeeded[booking] = true
            }
        }
        let dumps = ingested.dumps
        let hasTimes = dumps.files.all.enumerated().map { file, input in
            input.kind == .bookings
                && [BookingField.startsAt, .endsAt].contains { dumps.has($0, file: file) }
        }
        return isNeeded.indices.filter {
            isNeeded[$0] && hasTimes[tables.bookings.rows[$0].place.file]
        }
    }

    /// What is decided on each session.
    func completer(
        _ bookings: BookingMatch, _ waiting: WaitingEmissions,
        _ times: ContiguousArray<BookedTimes>
    ) -> SessionCompleter {
        SessionCompleter(
            tables: ingested.tables, links: links, times: times, bookings: bookings,
            waiting: waiting, asOf: setting.rules.asOf)
    }

    /// The energy of every booking; nil where the pipeline has no impact.
    ///
    /// - Throws: `TrueupError.run` where a dump cannot be read again.
    func energy(
        _ times: ContiguousArray<BookedTimes>, _ waiting: WaitingEmissions, _ purchases: Purchases
    ) throws -> EnergyBook? {
        guard let rules = setting.definition.impact else { return nil }
        return EnergyBook(
            tables: ingested.tables, links: links, times: times,
            waiting: try waitingBookings(waiting, purchases.reader), rules: rules)
    }

    /// The bookings that wait to be loaded, with the times that their orders or payments tell: those
    /// from which they were made.
    private func waitingBookings(
        _ waiting: WaitingEmissions, _ reader: PurchaseReader
    ) throws -> [EnergyBook.WaitingBooking] {
        let entries = waiting.entries.indices.filter { index in
            let entry = waiting.entries[index]
            return entry.thing == .booking && entry.status == BookingStatus.confirmed.word
        }
        guard !entries.isEmpty else { return [] }
        let payments = ingested.tables.payments.rows
        let index = FingerprintIndex(count: payments.count) { payments[$0].id }
        let rows = entries.map { entry in
            index.first(waiting.entries[entry].payment, key: { payments[$0].id })
        }
        // In the order of the payments, so that their dumps are read in one pass.
        let known = rows.compactMap(\.self).sorted().map { Int32($0) }
        let described = try reader.describe(known)
        let purchases = Dictionary(described.map { ($0.payment, $0.purchase) }) { first, _ in first
        }
        return zip(entries, rows).map { entry, row in
            let purchase = row.flatMap { purchases[Int32($0)] } ?? Purchase()
            return EnergyBook.WaitingBooking(
                entry: entry, id: ingested.key.storedIDPrint(waiting.entries[entry].id),
                times: BookedTimes(starts: purchase.startsAt, ends: purchase.endsAt))
        }
    }
}

extension Classification {
    /// Adds sessions of which rows contradict each other, as breaks of their bookings.
    ///
    /// Of a session without a booking nothing depends; `repeats.csv` has its rows.
    mutating func add(conflictsOf stage: SessionStage) {
        let sessions = stage.ingested.tables.sessions
        for (session, booking) in stage.links.bookingOfSession.enumerated()
        where booking >= 0 && sessions.rows[session].isConflicting {
            var item = Break(.conflictingEvidence)
            item.booking = booking
            item.other = sessions.id(session)
            add(item)
        }
    }
}
