import Records
import Time

/// The open records that the run before handed on, to be read before tonight's dumps.
///
/// They are dumps of canonical columns, so that whoever reads a row's texts again reads these rows as
/// any others.
public struct CarriedRecords: Sendable {
    /// The folder of the run before, without a slash at its end.
    public var folder: String
    /// A record whose own times all lie before this moment may have left already.
    public var horizon: Instant

    /// The files in a run's folder.
    public init(folder: String, horizon: Instant) {
        self.folder = folder
        self.horizon = horizon
    }
}

/// The files in which a run of incremental dumps hands on its open records.
public enum CarriedRecordsFile {
    /// The kinds that are handed on; the others stand whole in every night's dumps.
    public static let kinds: [RecordKind] = [
        .payments, .settlements, .bookings, .orders, .sessions, .bank,
    ]

    /// The name of a kind's file in the run.
    public static func name(_ kind: RecordKind) -> String { "carried/\(kind.rawValue).csv" }

    /// A file's columns, in order: the kind's fields, then what only carried rows have.
    public static func columns(_ kind: RecordKind) -> [String] {
        kind.fields.map(\.text) + CarriedField.fields(of: kind).map(\.name)
    }
}

/// What a carried row says beyond the fields of its kind.
public enum CarriedField: Int, Sendable, CaseIterable {
    /// `true` where rows of this id contradicted each other in the night that brought them.
    case conflicting
    /// `true` where the line's payout came to its end: it is not tied out again without the lines
    /// that have left.
    case payoutClosed
    /// The as-of of the run that first read a record that has no time of its own.
    case since

    /// The column's name.
    public var name: String {
        switch self {
        case .conflicting: "conflicting"
        case .payoutClosed: "payout_closed"
        case .since: "since"
        }
    }

    /// Those that rows of a kind have, in the order of their columns.
    static func fields(of kind: RecordKind) -> [CarriedField] {
        switch kind {
        case .settlements: [.conflicting, .payoutClosed, .since]
        case .payments, .bank: [.conflicting]
        case .bookings, .orders, .sessions: [.conflicting, .since]
        case .catalogue, .users, .overrides: []
        }
    }

    /// How a column that is true or not says that it is.
    public static let yes = "true"
}

extension FieldText {
    /// A text of a carried row without the apostrophe that was put before it.
    ///
    /// What begins like a formula or with an apostrophe of its own is handed on with one more, so
    /// that no spreadsheet runs it and every text comes back as it was.
    @inline(__always)
    static func unguarded(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard text.first == UInt8(ascii: "'") else { return text }
        return UnsafeRawBufferPointer(rebasing: text.dropFirst())
    }
}
