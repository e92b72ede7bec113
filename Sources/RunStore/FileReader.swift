import Diagnostics
import Glibc

/// Reads whole files through one reused buffer.
///
/// Invariant: the buffer belongs to the call, and `body` sees it only while it runs.
enum FileReader {
    /// Large enough that the calls cost nothing beside the bytes, small enough for the cache.
    static let blockSize = 1 << 20

    /// Hands a file's bytes to `body`, block by block, and gives the state the file was in.
    ///
    /// - Throws: `TrueupError.run` where the file cannot be read, or its state differs after
    ///   reading from what it was before.
    static func readWhole(
        _ path: String, _ body: (UnsafeRawBufferPointer) -> Void
    ) throws(TrueupError) -> FileIdentity {
        let file = try InputFile(path: path)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: blockSize, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            let count = try file.read(into: buffer)
            if count == 0 { break }
            body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
        }
        try file.checkUnchanged()
        return file.identity
    }
}

/// A plain file, open for reading from its beginning to its end.
struct InputFile: ~Copyable {
    let path: String
    /// The file's state when it was opened.
    let identity: FileIdentity
    private let descriptor: CInt

    /// Opens a plain file; anything else could block, or never end.
    init(path: String) throws(TrueupError) {
        let descriptor = try attempt("cannot read the file", path: path) {
            () throws(SystemError) in
            try FileSystem.system.open(path, O_RDONLY | O_NONBLOCK, 0)
        }
        guard let identity = FileIdentity(descriptor: descriptor) else {
            Glibc.close(descriptor)
            throw .run(Finding("not a plain file", at: SourcePosition(file: path)))
        }
        self.path = path
        self.identity = identity
        self.descriptor = descriptor
        // A hint only: whatever it answers, reading works.
        _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit { Glibc.close(descriptor) }

    /// Reads the next bytes, as many as there are room for; 0 at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TrueupError) -> Int {
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            guard errno == EINTR else {
                throw .run(SystemError.last.finding("cannot read the file", path: path))
            }
        }
    }

    /// Fails where the file is no longer in the state in which it was opened.
    func checkUnchanged() throws(TrueupError) {
        guard FileIdentity(descriptor: descriptor) == identity else {
            throw .run(InputFile.changed(path))
        }
    }

    /// The finding about a file that did not keep still.
    static func changed(_ path: String) -> Finding {
        Finding(
            "the file changed while it was read", at: SourcePosition(file: path),
            remedy: "run again when the export has finished; write exports under another name "
                + "and rename them")
    }
}
