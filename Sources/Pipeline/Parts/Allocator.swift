import CLibMalloc

/// What the C library does about memory.
enum Allocator {
    /// Gives memory back to the system that nothing uses: what a part took is there for the next.
    static func giveBack() { malloc_trim(0) }

    /// Makes memory go back to the system as soon as it is free, at some cost in time: threads reserve
    /// little address space of their own, and what is large is mapped for itself.
    static func spare() {
        mallopt(M_ARENA_MAX, 2)
        mallopt(M_MMAP_THRESHOLD, 1 << 18)
    }
}
