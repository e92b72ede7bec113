import CLibArchive

/// What libarchive refused, in its own words.
public struct PackingError: Error, Sendable, Hashable {
    /// The reason.
    public let message: String

    init(_ message: String) { self.message = message }

    /// The error that libarchive reports for its last call, read before anything is freed.
    init(_ handle: OpaquePointer, status: CInt) {
        let words = archive_error_string(handle).map { String(cString: $0) }
        message = words ?? PackingError.name(of: status)
    }

    private static func name(of status: CInt) -> String {
        switch status {
        case ARCHIVE_EOF: "unexpected end of the archive"
        case ARCHIVE_RETRY: "interrupted"
        case ARCHIVE_WARN: "done with a reservation"
        case ARCHIVE_FAILED: "this could not be done"
        default: "the archive cannot be used any more"
        }
    }
}
