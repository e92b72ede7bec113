import Glibc
import Watching

/// The journal of the system, where a service's standard error leads to it.
enum Journal {
    /// Whether a stream is the one of which `JOURNAL_STREAM` says that it leads to the journal.
    static func takes(_ stream: CInt, named: String?) -> Bool {
        var status = stat()
        guard let named, fstat(stream, &status) == 0 else { return false }
        return named == "\(status.st_dev):\(status.st_ino)"
    }

    /// What tells the journal how much a line matters; it is taken off there.
    static func mark(of level: Event.Level) -> String {
        switch level {
        case .error: "<3>"
        case .warning: "<4>"
        case .info: "<6>"
        }
    }
}
