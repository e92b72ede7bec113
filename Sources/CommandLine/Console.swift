import Diagnostics
import Glibc
import Time
import Watching

/// Standard output and standard error.
struct Console: Sendable {
    /// Results go here.
    var output: CInt = STDOUT_FILENO
    /// Errors and progress go here.
    var errors: CInt = STDERR_FILENO
    /// Whether `error:` is coloured.
    var isColoured: Bool
    /// Whether what is wrong is told as JSON, for programs.
    var logsJSON = false

    /// Whether what is written to a stream may be coloured: on a terminal, unless NO_COLOR is set.
    static func mayColour(_ stream: CInt) -> Bool {
        isCapableTerminal(stream) && !isSet("NO_COLOR")
    }

    /// The console of this process; `error:` is coloured on a terminal unless NO_COLOR is set.
    static var standard: Console {
        Console(isColoured: mayColour(STDERR_FILENO))
    }

    /// Makes writing safe: a closed pipe becomes an error of writing in place of a signal, and
    /// whichever of the three standard streams is closed is led nowhere, so that no file opened
    /// later takes its number and receives what is meant for people.
    static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        for descriptor in STDIN_FILENO...STDERR_FILENO
        where fcntl(descriptor, F_GETFD) < 0 && errno == EBADF {
            // The lowest free number is given, and those below are open.
            _ = open("/dev/null", O_RDWR)
        }
    }

    /// Whether a stream is a terminal that lines can be redrawn on.
    static func isCapableTerminal(_ descriptor: CInt) -> Bool {
        guard isatty(descriptor) == 1 else { return false }
        return getenv("TERM").map { String(cString: $0) } != "dumb"
    }

    /// As the NO_COLOR convention has it: an empty value does not count.
    private static func isSet(_ variable: String) -> Bool {
        getenv(variable).map { $0.pointee != 0 } ?? false
    }

    /// Writes a result.
    ///
    /// A reader that has gone away is no error: it has seen what it wanted.
    ///
    /// - Throws: what else keeps the text from being written, such as a full disk.
    func write(_ text: String) throws(Finding) {
        let code = Console.writeAll(text, to: output)
        guard code != 0, code != EPIPE else { return }
        throw Finding(
            "standard output cannot be written", found: String(cString: strerror(code)),
            remedy: "check where it is led")
    }

    /// Writes what is wrong; where that is not possible, nobody is left to tell.
    func report(_ finding: Finding) {
        guard !logsJSON else {
            return EventLog.json(on: errors).tell(Event(finding), at: Console.now)
        }
        _ = Console.writeAll(text(of: finding) + "\n", to: errors)
    }

    /// The present, for whoever reads a log.
    static var now: Instant { moment(of: CLOCK_REALTIME) }

    /// What a clock of the system shows.
    static func moment(of clock: clockid_t) -> Instant {
        var time = timespec()
        clock_gettime(clock, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    private func text(of finding: Finding) -> String {
        let text = finding.description
        let place = finding.position.map { "\($0): " } ?? "trueup: "
        let word = "\(finding.severity.rawValue):"
        guard isColoured, text.hasPrefix(place + word) else { return text }
        return "\(place)\(Console.emphasis(finding.severity))\(word)\u{1B}[0m"
            + text.dropFirst(place.count + word.count)
    }

    private static func emphasis(_ severity: Severity) -> String {
        switch severity {
        case .error: "\u{1B}[1;31m"
        case .warning: "\u{1B}[1;33m"
        case .info: "\u{1B}[1;36m"
        }
    }

    /// Writes all of a text; returns 0, or the number of the error that prevented it.
    static func writeAll(_ text: String, to descriptor: CInt) -> CInt {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written >= 0 {
                rest = rest.dropFirst(written)
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }
}

/// The machine's processors.
enum Processors {
    /// How many threads can work at once, within what `--threads` allows.
    static var online: Int { min(max(sysconf(CInt(_SC_NPROCESSORS_ONLN)), 1), 64) }
}
