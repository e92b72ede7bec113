// UNSAFE MEMORY. The invariant of this file: `base` owns `capacity` places, of which the first
// `count` are initialized; nothing outside this file changes `base`, and every place handed out
// lies below `count` or, through `room`, below a capacity that was asked for before.

/// A buffer that keeps its memory from call to call, so that warm calls allocate nothing.
struct ScratchBuffer<Element: BitwiseCopyable>: ~Copyable {
    private var base: UnsafeMutablePointer<Element>
    private var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 64) {
        self.capacity = max(capacity, 1)
        base = .allocate(capacity: self.capacity)
    }

    deinit { base.deallocate() }

    /// What was appended, in order; valid until the next change.
    var elements: UnsafeMutableBufferPointer<Element> {
        UnsafeMutableBufferPointer(start: base, count: count)
    }

    /// The same as bytes.
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(UnsafeBufferPointer(start: base, count: count))
    }

    subscript(_ index: Int) -> Element {
        get {
            precondition(index >= 0 && index < count)
            return base[index]
        }
        set {
            precondition(index >= 0 && index < count)
            base[index] = newValue
        }
    }

    mutating func removeAll() { count = 0 }

    mutating func append(_ element: Element) {
        if count == capacity { reserve(count + 1) }
        base[count] = element
        count += 1
    }

    mutating func append(contentsOf other: UnsafeBufferPointer<Element>) {
        reserve(count + other.count)
        guard let source = other.baseAddress else { return }
        (base + count).update(from: source, count: other.count)
        count += other.count
    }

    /// Makes the buffer hold exactly this many elements, all equal.
    mutating func fill(_ element: Element, count wanted: Int) {
        count = 0
        reserve(wanted)
        base.update(repeating: element, count: wanted)
        count = wanted
    }

    /// Grows to at least this many places, twice as many as before where that is more.
    mutating func reserve(_ wanted: Int) {
        guard wanted > capacity else { return }
        let larger = max(wanted, 2 * capacity)
        let grown = UnsafeMutablePointer<Element>.allocate(capacity: larger)
        grown.update(from: base, count: count)
        base.deallocate()
        base = grown
        capacity = larger
    }

    /// The first places of the buffer, written or not, for a writer that states afterwards with
    /// `setCount` how many it has written.
    mutating func room(_ wanted: Int) -> UnsafeMutableBufferPointer<Element> {
        reserve(wanted)
        return UnsafeMutableBufferPointer(start: base, count: wanted)
    }

    /// States that the first places have been written through `room`.
    mutating func setCount(_ written: Int) {
        precondition(written >= 0 && written <= capacity)
        count = written
    }
}
