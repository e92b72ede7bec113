import Glibc

/// Work on a thread of its own, beside the work of whoever begins it.
///
/// A queue of the system would wait for ever where the system refuses it a thread; who begins one of
/// these is told.
public struct WorkThread: ~Copyable {
    /// The system refused a thread.
    public struct Refusal: Error {
        /// Why, as `errno` has it.
        public let code: CInt
    }

    /// The work, while it is handed over.
    private final class Work {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Far more than any work of ours needs, and little where address space is limited.
    private static let stackSize = 2 << 20

    private var thread = pthread_t()

    /// Begins the work.
    public init(_ body: @escaping @Sendable () -> Void) throws(Refusal) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setstacksize(&attributes, WorkThread.stackSize)
        let work = Unmanaged.passRetained(Work(body))
        let code = pthread_create(
            &thread, &attributes,
            { work in
                guard let work else { return nil }
                Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            work.release()
            throw Refusal(code: code)
        }
    }

    /// Waits until the work is done, and nothing of it is held any more.
    public consuming func join() { pthread_join(thread, nil) }

    /// Leaves the work to itself.
    public consuming func detach() { pthread_detach(thread) }
}
