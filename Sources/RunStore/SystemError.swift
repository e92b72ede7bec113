import Diagnostics
import Glibc

/// A system call that failed, by its `errno`.
struct SystemError: Error, Hashable, Sendable {
    let code: CInt

    /// What the system call that has just failed on this thread reported.
    static var last: SystemError { SystemError(code: errno) }

    /// The system's own words for the code, in the locale "C", which the program never leaves.
    var text: String {
        let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let base = buffer.baseAddress, strerror_r(code, base, buffer.count) == 0 else {
                return "error \(code)"
            }
            return String(cString: base)
        }
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    /// The finding that says what could not be done, to which file, why, and what helps.
    func finding(_ summary: String, path: String) -> Finding {
        Finding("\(summary): \(text)", at: SourcePosition(file: path), remedy: remedy)
    }

    private var remedy: String? {
        switch code {
        case ENOSPC, EDQUOT:
            "free space on the device or give another --out; what was published before is intact"
        case EACCES, EPERM:
            "let the user that runs trueup write there and read it, or give another path"
        case EROFS: "the file system is mounted read-only: mount it for writing or give another"
        case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
        case EIO: "check the device: the system could not read or write it"
        case ENOENT: "check the path; the folder above it must exist"
        case ELOOP: "a symbolic link stands where none may be: remove it"
        case EINVAL, ENOTDIR, EISDIR, EEXIST:
            "something else stands where it should be: move it away"
        case EAGAIN, ENOMEM:
            "raise the limits of memory and threads (ulimit -v, ulimit -u), or run fewer at once"
        case ENAMETOOLONG: "shorten the name"
        case EFBIG: "raise the limit of file sizes (ulimit -f)"
        default: nil
        }
    }
}

/// Does something to a path and turns the system's refusal into a finding about that path.
func attempt<Value: ~Copyable>(
    _ summary: String, path: String, _ body: () throws(SystemError) -> Value
) throws(TrueupError) -> Value {
    do {
        return try body()
    } catch {
        throw .run(error.finding(summary, path: path))
    }
}
