import Diagnostics
import Packing

/// Why an archive could not be written or read.
public struct ArchiveError: Error, Sendable, CustomStringConvertible {
    /// What was being done, as in "cannot …".
    public let operation: String
    /// The archive's path.
    public let archive: String
    /// The entry concerned; nil where it is the archive as a whole.
    public let entry: String?
    /// The reason, in the library's or the system's words.
    public let message: String
    /// What to do about it; nil where nothing can be told.
    public let remedy: String?
    /// The finding that lies behind it where another file is at fault, an input that changed, say.
    public let cause: TrueupError?

    init(
        _ operation: String, archive: String, entry: String? = nil, message: String,
        remedy: String? = nil
    ) {
        self.operation = operation
        self.archive = archive
        self.entry = entry
        self.message = message
        self.remedy = remedy
        cause = nil
    }

    /// The error whose reason is another one.
    init(
        _ operation: String, archive: String, entry: String? = nil, cause: TrueupError
    ) {
        self.operation = operation
        self.archive = archive
        self.entry = entry
        self.cause = cause
        remedy = nil
        message = cause.finding?.summary ?? "\(cause)"
    }

    /// The error that libarchive reports.
    init(
        _ operation: String, archive: String, entry: String? = nil, _ error: PackingError,
        remedy: String? = nil
    ) {
        self.init(
            operation, archive: archive, entry: entry, message: error.message, remedy: remedy)
    }

    /// The refusal of something that no run puts into its archive.
    init(refusing archive: String, entry: String? = nil, _ reason: String) {
        self.init(
            entry == nil ? "read the archive" : "read from the archive the", archive: archive,
            entry: entry, message: reason,
            remedy: "no run made this archive: trust nothing in it, and take another from a backup")
    }

    /// What to do about an archive that cannot be read.
    static let damaged = "check that it is an archive of a run; if so, take it from a backup"

    /// The error as a person reads it.
    public var description: String { asTrueupError.finding?.description ?? "\(asTrueupError)" }

    /// The error that ends the run: the cause itself, or a finding about the archive.
    public var asTrueupError: TrueupError {
        if let cause { return cause }
        let place = entry.map { " entry '\($0)'" } ?? ""
        return .run(
            Finding(
                "cannot \(operation)\(place): \(message)", at: SourcePosition(file: archive),
                remedy: remedy))
    }
}

extension TrueupError {
    /// The finding of an error that has exactly one.
    var finding: Finding? {
        switch self {
        case .usage(let finding), .run(let finding), .busy(let finding): finding
        case .definition, .dumps, .stopped: nil
        }
    }
}
