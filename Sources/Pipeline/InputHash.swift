import DelimitedText
import Ingestion
import RunStore

/// The checksum of one dump as it is, computed while it is read.
// `@unchecked Sendable`: the reader never calls `update` from two threads at once, and each call
// happens before the next (see `RecordReader.read`); `finish` comes after the last.
final class InputHash: @unchecked Sendable {
    private let file: InputFile
    private var hasher = SHA256Hasher()

    /// Begins the checksum of a file.
    init(of file: InputFile) { self.file = file }

    /// Takes in the next bytes of the text.
    func update(_ bytes: UnsafeRawBufferPointer) {
        if !file.source.isDecoded { hasher.update(bytes) }
    }

    /// The checksum of everything in the file.
    ///
    /// Of a text that was unpacked or decoded the file is read once more.
    ///
    /// - Throws: `TrueupError.run` where it cannot be read.
    func finish() throws -> SHA256Digest { try finish(path: file.path) }

    /// The same of a file that lies elsewhere.
    func finish(path: String) throws -> SHA256Digest {
        file.source.isDecoded ? try HashedFile(path: path).digest : hasher.finish()
    }
}
