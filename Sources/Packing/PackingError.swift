import CLibArchive

/// What libarchive refused, in its own words.
public struct PackingError: Error, Sendable, Hashable {
    /// The reason.
    public let message: String

    init(_ message: String) { self.message = message }

    /// The error that libarchive reports for its last call, read before anything is freed.
    init(_ handle: OpaquePointer, status: CInt) {
        let words = archive_error_string(handle).map { String(cString: $0) }
        // Some of libarchive's messages are whole lines.
        message =
            words?.split(separator: "\n").joined(separator: " ") ?? PackingError.name(of: status)
    }

    /// Whether more memory is asked for than libarchive lets a file take for its window.
    var isTooWide: Bool { message.contains("requires too much memory") }

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
