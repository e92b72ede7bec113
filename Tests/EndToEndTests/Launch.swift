import Foundation
import Testing

/// How a program ended, and what it said.
struct Ending: Sendable {
    /// The exit code as a shell tells it: 128 and the signal's number where a signal ended it.
    let code: Int32
    /// Standard output.
    let output: String
    /// Standard error.
    let errors: String
    /// The largest resident size that was seen, in bytes; 0 where it ended at once.
    let peakMemory: Int
}

/// A program to be started, with arguments, folder and environment.
struct Launch: Sendable {
    var program: String
    var arguments: [String]
    /// The working folder; nil for that of the tests.
    var folder: String?
    /// What is added to the environment, or replaced in it.
    var environment: [String: String] = [:]
    /// The mask of permissions of files that the program creates.
    var umask: String?

    /// A run that takes longer hangs.
    static let longest = 300.0

    /// Starts the program and waits until it ends.
    func run() throws -> Ending { try start().wait() }

    /// Starts the program.
    func start() throws -> Child {
        var words = [program] + arguments
        if folder != nil || umask != nil {
            let script = "cd \"$1\" && umask \"$2\" && shift 2 && exec \"$@\""
            words = ["/bin/sh", "-c", script, "sh", folder ?? ".", umask ?? "022"] + words
        }
        var variables = ProcessInfo.processInfo.environment
        // What a test's own machine says of zones and languages must not matter.
        variables["TZ"] = nil
        variables["LC_ALL"] = nil
        variables.merge(environment) { $1 }
        let output = try Capture()
        let errors = try Capture()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output.descriptor, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors.descriptor, STDERR_FILENO)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // The threads of the tests hold signals back, and a program would inherit that.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var pid: pid_t = 0
        let path = words[0]
        let failure = withCStrings(words) { words in
            withCStrings(variables.map { "\($0)=\($1)" }) { variables in
                posix_spawnp(&pid, path, &actions, &attributes, words, variables)
            }
        }
        try #require(failure == 0, "cannot start \(program): \(String(cString: strerror(failure)))")
        return Child(pid: pid, output: output, errors: errors)
    }
}

/// A program at work.
final class Child {
    private let pid: pid_t
    private let output: Capture
    private let errors: Capture

    fileprivate init(pid: pid_t, output: Capture, errors: Capture) {
        self.pid = pid
        self.output = output
        self.errors = errors
    }

    /// Sends a signal.
    func send(_ signal: Int32) { kill(pid, signal) }

    /// Waits until the program has ended; one that hangs is killed.
    func wait() throws -> Ending {
        let deadline = Date(timeIntervalSinceNow: Launch.longest)
        var status: Int32 = 0
        var peakMemory = 0
        for round in 0... {
            // What the system counts itself begins with the size of the process of the tests.
            if round % 16 == 0 { peakMemory = max(peakMemory, residentPeak) }
            let ended = waitpid(pid, &status, WNOHANG)
            if ended == pid { break }
            try #require(ended == 0 || errno == EINTR, "nothing to wait for")
            if Date() > deadline {
                Issue.record("the program hangs; what it said so far: \(try errors.text())")
                send(SIGKILL)
            }
            usleep(300)
        }
        let signal = status & 0x7F
        return Ending(
            code: signal == 0 ? (status >> 8) & 0xFF : 128 + signal, output: try output.text(),
            errors: try errors.text(), peakMemory: peakMemory)
    }

    /// The largest resident size of the program so far, in bytes.
    private var residentPeak: Int {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        let number = line?.split(separator: " ").dropFirst().first
        return number.flatMap { Int($0) }.map { $0 * 1024 } ?? 0
    }
}

/// A file without a name that takes what a program says.
private final class Capture {
    let descriptor: Int32

    init() throws {
        var name = Array("/tmp/end-to-end-XXXXXX".utf8CString)
        descriptor = mkstemp(&name)
        try #require(descriptor >= 0, "no temporary file: \(String(cString: strerror(errno)))")
        unlink(name)
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    }

    deinit { close(descriptor) }

    func text() throws -> String {
        let size = Int(lseek(descriptor, 0, SEEK_END))
        var bytes = [UInt8](repeating: 0, count: max(size, 0))
        let count = pread(descriptor, &bytes, bytes.count, 0)
        try #require(count == size)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Calls with texts as C wants a list of them, ended by a null pointer.
private func withCStrings<Result>(
    _ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) throws -> Result
) rethrows -> Result {
    let copies = texts.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return try body(copies + [nil])
}
