import Records
import Time

extension World {
    /// Adds a charging session: active, since ten on Monday, 2026-03-02.
    ///
    /// A status of nil is a word that nobody knows.
    public mutating func session(
        _ id: String, of booking: String? = nil, energy: Int64? = nil,
        status: SessionStatus? = .active, user: String? = "ama@example.com",
        at started: String? = "2026-03-02T10:00:00Z", ended: String? = nil,
        conflicting: Bool = false
    ) {
        var row = SessionRow(place: RowPlace(file: 9, offset: tables.sessions.count))
        row.id = print(id)
        row.booking = print(booking)
        row.user = print(user)
        row.energy = energy
        row.status = status
        row.started = started.map(moment) ?? .absent
        row.ended = ended.map(moment) ?? .absent
        row.isConflicting = conflicting
        append(row, id, to: &tables.sessions)
    }
}
