import Diagnostics
import Glibc
import Synchronization

/// Tells whether a signal has asked the run to stop.
///
/// From `begin` on, SIGINT and SIGTERM are only noted, and the run ends at the next check with
/// nothing published. A second signal of the same kind ends the process at once, as if nobody
/// watched: that is safe too, and lets an impatient user out. SIGPIPE is ignored, so that a
/// closed pipe shows as an error of writing.
public struct SignalWatch: Sendable {
    private init() {}

    /// Takes over the signals of this process.
    public static func begin() -> SignalWatch {
        // Touched before any signal can come: the handler must not be the one to set it up.
        notedSignal.store(0, ordering: .releasing)
        for number in [SIGINT, SIGTERM] {
            install(number) { number in
                // A lock-free store is all that a handler may do.
                notedSignal.store(number, ordering: .releasing)
            }
        }
        signal(SIGPIPE, SIG_IGN)
        return SignalWatch()
    }

    /// The signal that came; nil where none did.
    public var stoppingSignal: CInt? {
        let number = notedSignal.load(ordering: .acquiring)
        return number == 0 ? nil : number
    }

    /// Throws `TrueupError.stopped` once a signal has come.
    public func checkStopped() throws(TrueupError) {
        if let number = stoppingSignal { throw .stopped(signal: number) }
    }

    /// Gives the signals back to the system, so that a test leaves no trace.
    static func end() {
        for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
        notedSignal.store(0, ordering: .releasing)
    }

    private static func install(_ number: CInt, _ handler: @convention(c) (CInt) -> Void) {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = handler
        // Restarting interrupted calls spares every library their handling; resetting lets the
        // second signal through.
        action.sa_flags = SA_RESTART | CInt(bitPattern: UInt32(SA_RESETHAND))
        sigemptyset(&action.sa_mask)
        let status = sigaction(number, &action, nil)
        precondition(status == 0, "signal \(number) can be caught")
    }
}

private let notedSignal = Atomic<CInt>(0)
