// UNSAFE MEMORY. The invariant of this file: `base` owns `capacity` places, of which the first
// `filled` are initialized; nothing outside this file changes `base`, and every place handed out
// lies below `filled` or, through `room`, below a capacity that was asked for before.

/// A buffer that keeps its memory from call to call, so that warm calls allocate nothing.
public struct ScratchBuffer<Element: BitwiseCopyable>: ~Copyable {
    @usableFromInline var base: UnsafeMutablePointer<Element>
    @usableFromInline var capacity: Int
    @usableFromInline var filled = 0

    /// How many elements there are.
    @inlinable public var count: Int { filled }

    /// A buffer with room for so many elements.
    @inlinable
    public init(capacity: Int = 64) {
        self.capacity = max(capacity, 1)
        base = .allocate(capacity: self.capacity)
    }

    @inlinable
    deinit { base.deallocate() }

    /// What was appended, in order; valid until the next change.
    @inlinable public var elements: UnsafeMutableBufferPointer<Element> {
        UnsafeMutableBufferPointer(start: base, count: filled)
    }

    /// The same as bytes.
    @inlinable public var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(UnsafeBufferPointer(start: base, count: filled))
    }

    /// The element at an index below `count`.
    @inlinable
    public subscript(_ index: Int) -> Element {
        get {
            precondition(index >= 0 && index < filled)
            return base[index]
        }
        set {
            precondition(index >= 0 && index < filled)
            base[index] = newValue
        }
    }

    /// Forgets all elements and keeps the memory.
    @inlinable
    public mutating func removeAll() { filled = 0 }

    /// Adds an element.
    @inlinable
    public mutating func append(_ element: Element) {
        if filled == capacity { reserve(filled + 1) }
        base[filled] = element
        filled += 1
    }

    /// Adds several elements.
    @inlinable
    public mutating func append(contentsOf other: UnsafeBufferPointer<Element>) {
        reserve(filled + other.count)
        guard let source = other.baseAddress else { return }
        (base + filled).update(from: source, count: other.count)
        filled += other.count
    }

    /// Makes the buffer hold exactly this many elements, all equal.
    @inlinable
    public mutating func fill(_ element: Element, count wanted: Int) {
        filled = 0
        reserve(wanted)
        base.update(repeating: element, count: wanted)
        filled = wanted
    }

    /// Grows to at least this many places, twice as many as before where that is more.
    @inlinable
    public mutating func reserve(_ wanted: Int) {
        guard wanted > capacity else { return }
        let larger = max(wanted, 2 * capacity)
        let grown = UnsafeMutablePointer<Element>.allocate(capacity: larger)
        grown.update(from: base, count: filled)
        base.deallocate()
        base = grown
        capacity = larger
    }

    /// The first places of the buffer, written or not, for a writer that states afterwards with
    /// `setCount` how many it has written.
    @inlinable
    public mutating func room(_ wanted: Int) -> UnsafeMutableBufferPointer<Element> {
        reserve(wanted)
        return UnsafeMutableBufferPointer(start: base, count: wanted)
    }

    /// States that the first places have been written through `room`.
    @inlinable
    public mutating func setCount(_ written: Int) {
        precondition(written >= 0 && written <= capacity)
        filled = written
    }
}
