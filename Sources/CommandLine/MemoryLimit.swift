import Glibc
import Synchronization

/// Tells of memory that ran out where the process has a limit of it, as `ulimit -v` sets one.
///
/// The language ends a process to which the system refuses memory by a trap, which says nothing and
/// looks like a fault of the program. Nothing is half done by that, as at any other sudden end; what
/// is missing is a word for the user and an exit code that a script understands.
enum MemoryLimit {
    private static let message: StaticString = """
        error: the run needs more memory than its limit allows; nothing was published
            to do: raise the limit (ulimit -v), or run with --memory, or fewer --threads

        """

    /// Looks from here on at traps, where there is a limit; without one they stay what they are.
    static func tell() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0,
            limit.rlim_cur < UInt64(Int64.max)
        else { return }
        // Touched before any signal can come: the handler must not be the one to set it up.
        isTold.store(false, ordering: .releasing)
        mostBytes.store(Int(limit.rlim_cur), ordering: .releasing)
        _ = isNear
        message.withUTF8Buffer { _ = $0.count }
        for number in [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS] {
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { number in
                guard MemoryLimit.isNear else {
                    // Returning repeats what led here, and without a handler that ends the process.
                    signal(number, SIG_DFL)
                    return
                }
                // Several threads may be refused at once: one tells, and ends them all.
                guard !isTold.exchange(true, ordering: .relaxed) else { while true { pause() } }
                MemoryLimit.message.withUTF8Buffer {
                    _ = write(STDERR_FILENO, $0.baseAddress, $0.count)
                }
                _exit(ExitStatus.failure.code)
            }
            sigemptyset(&action.sa_mask)
            sigaction(number, &action, nil)
        }
    }

    /// Whether as much again as the process has would be more than its limit, or little is left of it.
    ///
    /// Tables grow by doubling, and a thread or a library may ask for much at once. It allocates
    /// nothing, so that a handler may ask.
    private static var isNear: Bool {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let pages = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { digits in
            let count = read(descriptor, digits.baseAddress, digits.count)
            var pages = 0
            for place in 0..<max(count, 0) {
                guard digits[place] >= 0x30, digits[place] <= 0x39 else { break }
                pages = pages &* 10 &+ Int(digits[place] &- 0x30)
            }
            return pages
        }
        let most = mostBytes.load(ordering: .acquiring)
        let left = most &- pages &* sysconf(CInt(_SC_PAGESIZE))
        return left <= most / 2 || left <= littleBytes
    }
}

private let littleBytes = 256 << 20
private let mostBytes = Atomic<Int>(.max)
private let isTold = Atomic<Bool>(false)
