import Records

/// Sessions leave with their bookings: what they measured is told with them.
extension Closer {
    mutating func uniteSessions() {
        for (session, booking) in SessionLinks(tables).bookingOfSession.enumerated()
        where booking >= 0 {
            groups.unite(.booking(Int(booking)), .session(session))
        }
    }

    /// A session stays while it is young, or while its completion waits to be loaded.
    mutating func holdSessions(_ texts: Texts) throws {
        for update in emissions.sessionUpdates { groups.hold(.session(Int(update.session))) }
        let awaited = Set(waiting.entries.lazy.filter { $0.thing == .sessionUpdate }.map(\.id))
        for session in tables.sessions.rows.indices where !groups.holds(.session(session)) {
            let isAwaited = !awaited.isEmpty && awaited.contains(tables.sessions.id(session))
            if try isAwaited || texts.ofSession(session) >= horizon {
                groups.hold(.session(session))
            }
        }
    }
}
