import RunStore

/// The checksum of one dump, computed while it is read.
// `@unchecked Sendable`: the reader never calls `update` from two threads at once, and each call
// happens before the next (see `RecordReader.read`); `finish` comes after the last.
final class InputHash: @unchecked Sendable {
    private var hasher = SHA256Hasher()

    /// Takes in the next bytes of the file.
    func update(_ bytes: UnsafeRawBufferPointer) { hasher.update(bytes) }

    /// The checksum of everything taken in.
    func finish() -> SHA256Digest { hasher.finish() }
}
