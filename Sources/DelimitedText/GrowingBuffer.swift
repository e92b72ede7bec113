// Owns raw memory. Invariant: `base` points to `capacity` elements of a trivial type, the first
// `count` of which have been written. Reads are checked against `count` by the subscript; whoever
// writes through `base` reserves first.

/// An array of trivial elements that is reused without being cleared or checked for uniqueness.
@usableFromInline
struct GrowingBuffer<Element: BitwiseCopyable>: ~Copyable {
    @usableFromInline private(set) var base: UnsafeMutablePointer<Element>
    @usableFromInline var count = 0
    private(set) var capacity: Int

    init(capacity: Int) {
        self.capacity = max(capacity, 1)
        base = .allocate(capacity: self.capacity)
    }

    @inlinable
    deinit { base.deallocate() }

    @inlinable
    subscript(place: Int) -> Element {
        @inline(__always) get {
            precondition(place >= 0 && place < count, "no such element")
            return base[place]
        }
    }

    @inline(__always)
    mutating func append(_ element: Element) {
        reserve(count + 1)
        base[count] = element
        count += 1
    }

    /// Makes room for so many elements altogether; growth at least doubles the room.
    @inline(__always)
    mutating func reserve(_ needed: Int) {
        if needed > capacity { grow(to: needed) }
    }

    @inline(never)
    private mutating func grow(to needed: Int) {
        let larger = max(needed, capacity * 2)
        let moved = UnsafeMutablePointer<Element>.allocate(capacity: larger)
        moved.update(from: base, count: count)
        base.deallocate()
        base = moved
        capacity = larger
    }
}
