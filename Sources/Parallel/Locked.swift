// UNSAFE MEMORY. The invariant of this file: the system's mutex is made once, stays where it is, and is
// freed when nobody has it any more; the state is touched by the one thread that holds it alone.

import Glibc

/// State that one thread at a time may touch.
///
/// It is guarded by the system's own mutex, since that is one whose order ThreadSanitizer knows: it
/// takes correct uses of `Synchronization.Mutex` for races on Linux.
public final class Locked<State>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var state: State

    /// Guards a state.
    public init(_ state: sending State) {
        self.state = state
        mutex = .allocate(capacity: 1)
        mutex.initialize(to: pthread_mutex_t())
        let code = pthread_mutex_init(mutex, nil)
        precondition(code == 0, "the system has no mutex left")
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Does something with the state while nobody else can.
    public func withLock<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body(&state)
    }
}
