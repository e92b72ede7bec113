// Owns raw memory. Invariant: the stack that `giveStack` takes is the main thread's for as long as the
// process lives, and nothing else touches it.

import Glibc
import Synchronization

/// Tells of memory that ran out where the process has a limit of it, as `ulimit -v` sets one.
///
/// The language ends a process to which the system refuses memory by a trap, or falls over the
/// nothing that it was given; neither says a word, and both look like a fault of the program. Nothing
/// is half done by that, as at any other sudden end; what is missing is a word for the user and an exit
/// code that a script understands.
enum MemoryLimit {
    private static let message: StaticString = """
        error: the run needs more memory than its limit allows; nothing was published
            to do: raise the limit (ulimit -v), or run with --memory, or fewer --threads

        """

    /// Looks from here on at traps, where there is a limit; without one they stay what they are.
    ///
    /// To be called by the main thread.
    static func tell() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0,
            limit.rlim_cur < UInt64(Int64.max)
        else { return }
        giveStack()
        // Made, opened and touched before any signal can come: where nothing is left, the handler can
        // neither make a text of a path nor have the language set anything up.
        isTold.store(false, ordering: .releasing)
        mostBytes.store(Int(limit.rlim_cur), ordering: .releasing)
        sizes.store(open("/proc/self/statm", O_RDONLY | O_CLOEXEC), ordering: .releasing)
        _ = isNear
        _ = message.utf8CodeUnitCount
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
                _ = write(
                    STDERR_FILENO, MemoryLimit.message.utf8Start,
                    MemoryLimit.message.utf8CodeUnitCount)
                _exit(ExitStatus.failure.code)
            }
            action.sa_flags = SA_ONSTACK
            sigemptyset(&action.sa_mask)
            sigaction(number, &action, nil)
        }
    }

    /// Gives the handler a stack of its own.
    ///
    /// The main thread's grows as it is used, and where it may grow no more there is no room on it for
    /// the handler either. Those of other threads are whole from the beginning.
    private static func giveStack() {
        let size = 64 << 10
        var stack = stack_t(
            ss_sp: .allocate(byteCount: size, alignment: 4096), ss_flags: 0, ss_size: size)
        sigaltstack(&stack, nil)
    }

    /// Whether as much again as the process has would be more than its limit, or little is left of it.
    ///
    /// Tables grow by doubling, and a thread or a library may ask for much at once. It allocates
    /// nothing, so that a handler may ask; that is why it reads digit by digit.
    private static var isNear: Bool {
        let descriptor = sizes.load(ordering: .acquiring)
        var pages = 0
        var place = 0
        var digit: UInt8 = 0
        while pread(descriptor, &digit, 1, place) == 1, digit >= 0x30, digit <= 0x39 {
            pages = pages &* 10 &+ Int(digit &- 0x30)
            place &+= 1
        }
        guard place > 0 else { return false }
        let most = mostBytes.load(ordering: .acquiring)
        let left = most &- pages &* sysconf(CInt(_SC_PAGESIZE))
        return left <= most / 2 || left <= littleBytes
    }
}

private let littleBytes = 256 << 20
private let mostBytes = Atomic<Int>(.max)
/// What tells how much the process has, kept open.
private let sizes = Atomic<CInt>(-1)
private let isTold = Atomic<Bool>(false)
