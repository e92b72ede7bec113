import Reconciliation
import Records
import Time

/// A session that nothing has ended although its booking is over.
public struct SessionUpdate: Sendable, Hashable {
    /// The session's row.
    public var session: Int32
    /// The row of its booking.
    public var booking: Int32
    /// The row of the booking's payment, of several the one of the least id; -1 for none.
    public var payment: Int32
}

/// What was decided on a session; what holds it back is named by the first that does.
public enum SessionDecision: UInt8, Sendable, CaseIterable, Worded {
    /// The words of outputs.
    public static let words = spelled()

    /// It is completed, cancelled or failed already.
    case isOver
    /// It names no booking.
    case noBooking
    /// The booking that it names is in no dump.
    case unknownBooking
    /// Rows of the session or of its booking contradict each other.
    case conflicting
    /// Its booking is neither confirmed nor completed.
    case notConfirmed
    /// Nothing says that it or its booking has ended by the time of the run.
    case notEnded
    /// An earlier run completed it, and no dump shows that yet.
    case emittedEarlier
    /// The run was asked to emit for other users and payments only.
    case notSelected
    /// It is completed.
    case completed
}

/// Completes the sessions of confirmed bookings that are over (contract, `session_updates.csv`).
public struct SessionCompleter {
    let tables: RecordTables
    let links: SessionLinks
    let times: ContiguousArray<BookedTimes>
    let bookings: BookingMatch
    let waiting: WaitingEmissions
    let asOf: Instant

    /// Gathers what completing needs; `times` tells of each booking with an open session when it
    /// ends.
    public init(
        tables: RecordTables, links: SessionLinks, times: ContiguousArray<BookedTimes>,
        bookings: BookingMatch, waiting: WaitingEmissions, asOf: Instant
    ) {
        self.tables = tables
        self.links = links
        self.times = times
        self.bookings = bookings
        self.waiting = waiting
        self.asOf = asOf
    }

    /// What is decided on each session, in the order of the sessions.
    public func decisions(_ selection: Selection) -> ContiguousArray<SessionDecision> {
        ContiguousArray(tables.sessions.rows.indices.map { decision(on: $0, selection) })
    }

    /// The sessions that are completed, in their order.
    public func updates(_ decisions: ContiguousArray<SessionDecision>) -> [SessionUpdate] {
        decisions.indices.filter { decisions[$0] == .completed }.map { session in
            let booking = links.bookingOfSession[session]
            return SessionUpdate(
                session: Int32(session), booking: booking,
                payment: payments(of: Int(booking)).first ?? -1)
        }
    }

    private func decision(on session: Int, _ selection: Selection) -> SessionDecision {
        let row = tables.sessions.rows[session]
        guard row.isOpen else { return .isOver }
        guard row.booking.isPresent else { return .noBooking }
        let booking = Int(links.bookingOfSession[session])
        guard booking >= 0 else { return .unknownBooking }
        let booked = tables.bookings.rows[booking]
        if row.isConflicting || booked.isConflicting { return .conflicting }
        guard booked.isMade else { return .notConfirmed }
        let hasEnded = [row.ended, times[booking].ends].contains { $0.isPresent && $0 <= asOf }
        guard hasEnded else { return .notEnded }
        if waiting.hasSessionUpdate(id: tables.sessions.id(session)) { return .emittedEarlier }
        return selection.includes(row, booked, payments: payments(of: booking), tables)
            ? .completed : .notSelected
    }

    /// The rows of a booking's payments, in order of their ids.
    private func payments(of booking: Int) -> [Int32] {
        bookings.payments(ofBooking: booking).sorted(by: tables.payments.idPrecedes)
            .map { Int32($0) }
    }
}

extension Selection {
    /// Whether a session was asked for: by its user or its booking's, or by a payment of its booking.
    fileprivate func includes(
        _ session: SessionRow, _ booking: BookingRow, payments rows: [Int32], _ tables: RecordTables
    ) -> Bool {
        if users.isEmpty, payments.isEmpty { return true }
        return users.contains(session.user) || users.contains(booking.user)
            || rows.contains { row in
                let payment = tables.payments.rows[Int(row)]
                return payments.contains(payment.id) || payments.contains(payment.reference)
            }
    }
}
