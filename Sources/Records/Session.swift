import Time

/// What a charging session says of itself; any other word of a dump stands for itself.
public enum SessionStatus: UInt8, Sendable, CaseIterable {
    case active, completed, cancelled, failed
}

extension SessionStatus: Worded {
    /// The words of outputs.
    public static let words = spelled()
}

/// A charging session, as far as impact and completion need it.
public struct SessionRow: TableRow {
    /// The id's fingerprint.
    public var id: Fingerprint
    /// The booking that it names; `none` where it names none.
    public var booking: Fingerprint
    /// The fingerprint of the user, whose case does not matter; `none` where it names none.
    public var user: Fingerprint
    /// The measured energy in millionths of a kilowatt-hour; nil where the dump has none.
    public var energy: Int64?
    /// When it began; `absent` where the dump does not say.
    public var started: Instant
    /// When it ended; `absent` where the dump does not say.
    public var ended: Instant
    /// Where the row begins in the dumps.
    public var place: RowPlace
    /// The id's text in the table.
    public var idText: TextSlice
    /// The line of its file on which the row begins, from 1.
    public var line: UInt32
    /// What the session says of itself; nil for a word that is none of ours, or for none at all.
    public var status: SessionStatus?
    /// Whether another row of the same id and the same time says something else.
    public var isConflicting: Bool

    /// The later end makes a row the latest of its id, else the later beginning.
    public var moment: Instant { ended.isPresent ? ended : started }

    /// Until a session tells its end, status and energy are still to come: one that is over came
    /// after the same one that is not.
    public var stage: UInt8? { ended.isPresent ? nil : isOpen ? 0 : 1 }

    /// A row without text; the id's text and the line are set when it enters a table.
    public init(place: RowPlace) {
        id = .none
        booking = .none
        user = .none
        energy = nil
        started = .absent
        ended = .absent
        self.place = place
        idText = TextSlice(offset: 0, count: 0)
        line = 0
        status = .active
        isConflicting = false
    }

    /// Whether nothing has ended the session yet: it is active, or says what nobody knows.
    public var isOpen: Bool { status == nil || status == .active }

    /// The energy that flowed, in millionths of a kilowatt-hour; 0 where none was measured, or where
    /// rows contradict each other.
    public var measured: Int64 { isConflicting ? 0 : energy ?? 0 }
}

extension TableRow {
    /// Most records do not change without another time.
    public var stage: UInt8? { nil }
}

extension OrderRow {
    /// Orders have no time, and nothing tells which state came first.
    public var stage: UInt8? { 0 }
}
