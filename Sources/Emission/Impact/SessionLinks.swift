import Records

/// Which booking each session belongs to: the one that it names.
public struct SessionLinks: Sendable {
    /// The booking's row, or -1; one entry for each session.
    public let bookingOfSession: ContiguousArray<Int32>

    /// Looks up what the sessions name; without sessions nothing is indexed.
    public init(_ tables: RecordTables) {
        guard tables.sessions.count > 0 else {
            bookingOfSession = []
            return
        }
        let bookings = tables.bookings.rows
        let index = FingerprintIndex(count: bookings.count) { bookings[$0].id }
        bookingOfSession = ContiguousArray(
            tables.sessions.rows.map { session in
                index.first(session.booking, key: { bookings[$0].id }).map { Int32($0) } ?? -1
            })
    }
}
