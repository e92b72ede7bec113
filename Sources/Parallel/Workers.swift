import Synchronization

/// The threads of a run: independent tasks are shared out among them.
///
/// Results come back in the order of the tasks, whatever thread did them and when, so nothing
/// that is written depends on timing.
public struct Workers: Sendable {
    /// How many threads work at once, at least 1.
    public let count: Int

    /// Creates a group of so many threads; fewer than one counts as one.
    public init(count: Int) { self.count = max(1, count) }

    /// Calls `body` once for each number below `tasks`, on several threads at once.
    ///
    /// Returns when all calls have returned. Tasks are handed out in rising order. Where the system
    /// refuses a thread, those that there are do the work.
    public func forEach(_ tasks: Int, _ body: @Sendable (Int) -> Void) {
        guard tasks > 1, count > 1 else {
            for task in 0..<tasks { body(task) }
            return
        }
        withoutActuallyEscaping(body) { body in
            let next = Counter()
            let work: @Sendable () -> Void = {
                while true {
                    let task = next.value.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard task < tasks else { return }
                    body(task)
                }
            }
            Workers.share(work, amongThreads: min(count, tasks))
        }
    }

    /// Does the work on this thread and others, as far as the system grants them.
    private static func share(_ work: @escaping @Sendable () -> Void, amongThreads count: Int) {
        guard count > 1, let helper = try? WorkThread(work) else { return work() }
        share(work, amongThreads: count - 1)
        helper.join()
    }

    /// The number of the next task.
    private final class Counter: Sendable {
        let value = Atomic<Int>(0)
    }

    /// What `body` makes of each number below `tasks`, in order of the numbers.
    public func map<Output: Sendable>(
        _ tasks: Int, _ body: @Sendable (Int) -> Output
    ) -> [Output] {
        guard tasks > 1, count > 1 else { return (0..<tasks).map(body) }
        let slots = Locked<[Output?]>(Array(repeating: nil, count: tasks))
        forEach(tasks) { task in
            let output = body(task)
            slots.withLock { $0[task] = output }
        }
        return slots.withLock { $0.compactMap(\.self) }
    }

    /// What two tasks make that do not need each other, done at once where there are two threads.
    ///
    /// - Throws: What the first throws, else what the second throws.
    public func both<First: Sendable, Second: Sendable, Failure: Error>(
        _ first: @Sendable () throws(Failure) -> First,
        and second: @Sendable () throws(Failure) -> Second
    ) throws(Failure) -> (First, Second) {
        guard count > 1 else { return (try first(), try second()) }
        let made = Locked<(first: Result<First, Failure>?, second: Result<Second, Failure>?)>(
            (nil, nil))
        forEach(2) { task in
            if task == 0 {
                let output = Result(catching: first)
                made.withLock { $0.first = output }
            } else {
                let output = Result(catching: second)
                made.withLock { $0.second = output }
            }
        }
        guard case (let first?, let second?) = made.withLock({ $0 }) else {
            preconditionFailure("forEach returns when both are done")
        }
        return (try first.get(), try second.get())
    }

    /// What `body` makes of runs of the numbers below `count`, in their order: several runs for each
    /// thread, so that no thread waits long for another.
    ///
    /// Each run begins at a multiple of 64; one thread is given all numbers at once.
    public func mapRanges<Output: Sendable>(
        of count: Int, _ body: @Sendable (Range<Int>) -> Output
    ) -> [Output] {
        guard self.count > 1 else { return [body(0..<count)] }
        let share = count / (self.count * 4) + 1
        let ranges = Workers.chunks(of: count, size: max(4096, (share + 63) / 64 * 64))
        return map(ranges.count) { body(ranges[$0]) }
    }

    /// What `body` makes of the numbers below `count`, in their order: each thread is given a run of
    /// them at a time, so that what is dear to begin is begun seldom.
    ///
    /// - Throws: What `body` throws first.
    public func flatMapRanges<Output: Sendable>(
        of count: Int, _ body: @Sendable (Range<Int>) throws -> [Output]
    ) throws -> [Output] {
        let size = max(1024, (count + self.count - 1) / self.count)
        let ranges = Workers.chunks(of: count, size: size)
        let failure = Locked<(any Error)?>(nil)
        let parts = map(ranges.count) { range -> [Output] in
            do {
                return try body(ranges[range])
            } catch {
                failure.withLock { $0 = $0 ?? error }
                return []
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        return parts.flatMap(\.self)
    }

    /// Does something on this thread, and something else meanwhile on another, where there are two.
    ///
    /// - Returns: What the other one makes, when both are done.
    /// - Throws: What `here` throws.
    public func beside<Output: Sendable>(
        _ other: @Sendable () -> Output, here: () throws -> Void
    ) throws -> Output {
        let made = Locked<Output?>(nil)
        try withoutActuallyEscaping(other) { other in
            let work: @Sendable () -> Void = {
                let output = other()
                made.withLock { $0 = output }
            }
            guard count > 1, let thread = try? WorkThread(work) else { return try here() }
            let outcome = Result { try here() }
            thread.join()
            try outcome.get()
        }
        return made.withLock { $0 } ?? other()
    }

    /// The numbers below `count` in runs of at most `size`, in rising order.
    public static func chunks(of count: Int, size: Int) -> [Range<Int>] {
        stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    }
}
