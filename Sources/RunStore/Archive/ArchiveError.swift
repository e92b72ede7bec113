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
    /// The finding that lies behind it where another file is at fault, an input that changed, say.
    public let cause: TrueupError?

    init(
        _ operation: String, archive: String, entry: String? = nil, message: String
    ) {
        self.operation = operation
        self.archive = archive
        self.entry = entry
        self.message = message
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
        message = cause.finding?.summary ?? "\(cause)"
    }

    /// The error that libarchive reports.
    init(_ operation: String, archive: String, entry: String? = nil, _ error: PackingError) {
        self.init(operation, archive: archive, entry: entry, message: error.message)
    }

    /// The error as a person reads it.
    public var description: String { asTrueupError.finding?.description ?? "\(asTrueupError)" }

    /// The error that ends the run: the cause itself, or a finding about the archive.
    public var asTrueupError: TrueupError {
        if let cause { return cause }
        let place = entry.map { " entry '\($0)'" } ?? ""
        return .run(
            Finding("cannot \(operation)\(place): \(message)", at: SourcePosition(file: archive)))
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
