import Records
import Rules

/// The energy of every booking that counts: existing ones, those that wait to be loaded, and new ones.
///
/// What sessions of a booking measured takes the place of the estimate.
public struct EnergyBook: Sendable {
    /// What is known of a booking that an earlier run made and that waits to be loaded.
    public struct WaitingBooking: Sendable {
        /// Its index among the emissions that wait.
        public var entry: Int
        /// The fingerprint of its id, by which sessions may name it.
        public var id: Fingerprint
        /// When it begins and ends.
        public var times: BookedTimes

        /// Gathers it.
        public init(entry: Int, id: Fingerprint, times: BookedTimes) {
            self.entry = entry
            self.id = id
            self.times = times
        }
    }

    /// The factors.
    public let rules: ImpactRules
    private var existing: ContiguousArray<EnergyTotal>
    private var waiting: [Int: EnergyTotal] = [:]

    /// Works out the energy of existing and waiting bookings.
    ///
    /// - Parameters:
    ///   - tables: The bookings and sessions.
    ///   - links: Which session belongs to which booking.
    ///   - times: When each booking begins and ends, by its row.
    ///   - waiting: The bookings, and no tickets, that wait to be loaded.
    ///   - rules: The factors.
    public init(
        tables: RecordTables, links: SessionLinks, times: ContiguousArray<BookedTimes>,
        waiting: [WaitingBooking], rules: ImpactRules
    ) {
        self.rules = rules
        existing = ContiguousArray(repeating: EnergyTotal(), count: tables.bookings.count)
        let awaited = Set(waiting.map(\.id))
        var measured: [Fingerprint: EnergyTotal] = [:]
        for (session, booking) in zip(tables.sessions.rows, links.bookingOfSession) {
            let energy = EnergyTotal(measured: session.measured)
            if booking >= 0 {
                existing[Int(booking)].add(energy)
            } else if awaited.contains(session.booking) {
                measured[session.booking, default: EnergyTotal()].add(energy)
            }
        }
        for (booking, row) in tables.bookings.rows.enumerated() {
            guard EnergyBook.counts(row) else {
                existing[booking] = EnergyTotal()
                continue
            }
            existing[booking] = energy(of: times[booking], measured: existing[booking])
        }
        for booking in waiting {
            self.waiting[booking.entry] = energy(
                of: booking.times, measured: measured[booking.id] ?? EnergyTotal())
        }
    }

    /// Tickets are for events, and what is not confirmed has no impact yet, or none any more.
    public static func counts(_ row: BookingRow) -> Bool { row.isMade && !row.isTicket }

    /// A meter that measured nothing writes 0, which is no measurement.
    private func energy(of times: BookedTimes, measured: EnergyTotal) -> EnergyTotal {
        measured.measured > 0
            ? measured : EnergyTotal(estimated: rules.energy(from: times.starts, to: times.ends))
    }

    /// The energy of an existing booking, by its row; nothing for one that does not count.
    public func ofBooking(_ booking: Int) -> EnergyTotal { existing[booking] }

    /// The energy of an emission that waits, by its index; nothing for all but bookings.
    public func ofWaiting(_ entry: Int) -> EnergyTotal { waiting[entry] ?? EnergyTotal() }

    /// The energy of a booking that this run makes; nothing for one that is pending.
    public func ofNew(_ booking: NewBooking) -> EnergyTotal {
        guard booking.status == .confirmed else { return EnergyTotal() }
        return EnergyTotal(
            estimated: rules.energy(from: booking.purchase.startsAt, to: booking.purchase.endsAt))
    }
}
