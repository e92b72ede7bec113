import Glibc
import Packing

/// Why an input could not be read.
public enum TextSourceError: Error, Sendable, Hashable {
    /// What was being done with the file when the system refused.
    public enum Operation: String, Sendable {
        case open, inspect, read
    }

    /// The system refused; `code` is its `errno`.
    case system(Operation, path: String, code: Int32)
    /// The path names a folder, a device, a pipe or a socket, which cannot be read twice.
    case notRegularFile(path: String)
    /// The file is not what it was when it was opened, so what was read of it is not one state.
    case changed(path: String)
    /// The file is packed, and its text cannot be had.
    case packed(path: String, UnpackingError)
    /// Whoever asked for the text does not want it any more.
    case stopped(path: String)
    /// No record begins at or after this byte offset.
    case noRecord(path: String, offset: Int)

    /// The path of the file concerned, as it was given.
    public var path: String {
        switch self {
        case .system(_, let path, _), .notRegularFile(let path), .changed(let path),
            .packed(let path, _), .stopped(let path), .noRecord(let path, _):
            path
        }
    }

    /// What to do about it, where that depends on what was found.
    public var remedy: String? {
        guard case .packed(_, let error) = self else { return nil }
        return error.remedy
    }
}

extension TextSourceError: CustomStringConvertible {
    /// One line that names the file and what is wrong with it.
    public var description: String {
        switch self {
        case .system(let operation, let path, let code):
            "cannot \(operation.rawValue) \(path): \(String(cString: strerror(code)))"
        case .notRegularFile(let path):
            "\(path) is no regular file"
        case .changed(let path):
            "\(path) changed while it was read"
        case .packed(let path, let error):
            "\(path): \(error.found)"
        case .stopped(let path):
            "\(path) was not read to its end"
        case .noRecord(let path, let offset):
            "\(path) has no record at byte \(offset)"
        }
    }
}
