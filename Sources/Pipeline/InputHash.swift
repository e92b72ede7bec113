import RunStore
import Synchronization

/// The checksum of one dump, computed while it is read.
final class InputHash: Sendable {
    private let hasher = Mutex(HasherBox())

    /// Takes in the next bytes of the file.
    func update(_ bytes: UnsafeRawBufferPointer) {
        // A borrowed pointer may enter the lock, because it does not outlive the call.
        nonisolated(unsafe) let bytes = bytes
        hasher.withLock { $0.hasher.update(bytes) }
    }

    /// The checksum of everything taken in.
    func finish() -> SHA256Digest { hasher.withLock { $0.hasher.finish() } }
}

private struct HasherBox: ~Copyable {
    var hasher = SHA256Hasher()
}
