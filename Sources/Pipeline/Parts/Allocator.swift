import CAllocator

/// What the C library does about memory.
enum Allocator {
    /// Gives memory back to the system that nothing uses: what a part took is there for the next.
    static func giveBack() { malloc_trim(0) }

    /// Keeps threads from reserving address space of their own, of which a limit may be short.
    static func sharePools() { mallopt(M_ARENA_MAX, 2) }
}
