import Diagnostics
import Packing
import Time

/// Writes a reproducible archive: a tar file in the restricted pax format, compressed by zstd.
///
/// The same entries give the same bytes, whenever, wherever and with however many threads: names
/// rise, owners are 0 without a name, permissions are 0640 and 0750, the time is the caller's.
/// The bytes may differ between versions of libarchive or zstd.
///
/// It belongs to one task. `close` must be called, for a full disk may show only there;
/// `withArchive` always does.
public struct ArchiveWriter: ~Copyable {
    /// Names are compared by their bytes, for entries must rise by them.
    private var lastName: [UInt8] = []
    private let entries: EntryWriter
    private let output: ArchiveOutput
    private let path: String
    private let seconds: Int64
    /// One block of a file on its way; belongs to this value alone.
    private let buffer: UnsafeMutableRawBufferPointer
    private let isStopped: @Sendable () -> Bool

    /// Creates an archive at a path where nothing is yet.
    ///
    /// - Parameters:
    ///   - path: where the archive is written.
    ///   - modificationTime: the time of all entries, in whole seconds.
    ///   - threads: how many threads compress beside the caller's; at least 1 are used.
    ///   - rawNames: whether there will be names beyond ASCII, which are then kept byte for byte.
    ///     GNU tar remarks on such archives ("unknown extended header keyword") and reads them.
    /// - Throws: where there is a file already, or none can be made.
    public init(
        path: String, modificationTime: Instant, threads: Int = 2, rawNames: Bool = false
    ) throws(ArchiveError) {
        let sink: FileSink
        do {
            sink = try FileSink(creating: path, hashing: false, fileSystem: .system)
        } catch {
            throw ArchiveError("create the archive", archive: path, cause: error)
        }
        try self.init(
            sink: sink, path: path, modificationTime: modificationTime, threads: threads,
            rawNames: rawNames)
    }

    /// Creates an archive that is written to a sink; `isStopped` is asked between blocks.
    init(
        sink: consuming FileSink, path: String, modificationTime: Instant, threads: Int,
        rawNames: Bool, isStopped: @escaping @Sendable () -> Bool = { false }
    ) throws(ArchiveError) {
        let output = ArchiveOutput(sink)
        do {
            entries = try EntryWriter(threads: max(1, threads), rawNames: rawNames) {
                output.write($0)
            }
        } catch {
            throw ArchiveError("create the archive", archive: path, error)
        }
        self.output = output
        self.path = path
        seconds = modificationTime.seconds
        buffer = .allocate(byteCount: FileReader.blockSize, alignment: 4096)
        self.isStopped = isStopped
    }

    deinit {
        // After `close` this frees memory only. Without it, what the library still wants to write
        // belongs to an archive that is given up: it must go nowhere, and not be waited for.
        output.isAbandoned = true
        buffer.deallocate()
    }

    /// Creates an archive, lets `body` fill it, and closes it; where either fails, the unfinished
    /// file is left to the caller.
    public static func withArchive(
        path: String, modificationTime: Instant, threads: Int = 2, rawNames: Bool = false,
        _ body: (inout ArchiveWriter) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        var writer = try ArchiveWriter(
            path: path, modificationTime: modificationTime, threads: threads, rawNames: rawNames)
        try body(&writer)
        try writer.close()
    }

    /// Adds a folder.
    ///
    /// - Throws: where the name does not follow that of the entry before, or writing fails.
    public mutating func addFolder(_ name: String) throws(ArchiveError) {
        try addHeader(name, .folder, size: 0)
    }

    /// Adds a file with this content.
    ///
    /// - Throws: where the name does not follow that of the entry before, or writing fails.
    public mutating func addFile(_ name: String, content: [UInt8]) throws(ArchiveError) {
        try addHeader(name, .file, size: Int64(content.count))
        try content.withUnsafeBufferPointer { (bytes) throws(ArchiveError) in
            try addData(UnsafeRawBufferPointer(bytes), name)
        }
    }

    /// Adds a file with the content of the file at a path, block by block.
    ///
    /// - Parameters:
    ///   - name: the entry's name.
    ///   - source: where the content is read from.
    ///   - identity: the state in which the file must be; nil for whatever it is.
    /// - Throws: where the file changes meanwhile, or differs from `identity`; where the name does
    ///   not follow that of the entry before; where reading or writing fails.
    public mutating func addFile(
        _ name: String, path source: String, identity: FileIdentity? = nil
    ) throws(ArchiveError) {
        let file = try reading(name) { () throws(TrueupError) in
            let file = try InputFile(path: source)
            guard identity == nil || identity == file.identity else {
                throw .run(InputFile.changed(source))
            }
            return file
        }
        try addHeader(name, .file, size: file.identity.size)
        try addContent(of: file, name)
        try reading(name) { () throws(TrueupError) in try file.checkUnchanged() }
    }

    /// Writes what is still held back and ends the archive.
    ///
    /// - Throws: where anything could not be written, the last bytes included.
    public consuming func close() throws(ArchiveError) {
        try check("finish the archive", nil) { entries throws(PackingError) in
            try entries.finish()
        }
        do {
            try output.close()
        } catch {
            throw ArchiveError("finish the archive", archive: path, cause: error)
        }
    }

    private mutating func addHeader(
        _ name: String, _ kind: ArchiveEntry.Kind, size: Int64
    ) throws(ArchiveError) {
        let bytes = Array(name.utf8)
        guard ArchiveName.isSafe(name), lastName.lexicographicallyPrecedes(bytes) else {
            throw ArchiveError(
                "add to the archive the", archive: path, entry: name,
                message: "names must be relative and rise from entry to entry")
        }
        lastName = bytes
        let (isFolder, seconds) = (kind == .folder, seconds)
        try check("add to the archive the", name) { entries throws(PackingError) in
            try entries.addHeader(
                name, isFolder: isFolder,
                permissions: isFolder ? FileSystem.folderMode : FileSystem.fileMode,
                size: size, modified: seconds)
        }
    }

    /// Hands on exactly as many bytes as the header promised; more or fewer are a change.
    private func addContent(of file: borrowing InputFile, _ name: String) throws(ArchiveError) {
        var rest = file.identity.size
        while true {
            let count = try reading(name) { () throws(TrueupError) in
                let count = try file.read(into: buffer)
                guard count <= rest, count > 0 || rest == 0 else {
                    throw .run(InputFile.changed(file.path))
                }
                return count
            }
            if count == 0 { return }
            try addData(UnsafeRawBufferPointer(rebasing: buffer[..<count]), name)
            rest -= Int64(count)
        }
    }

    /// Does something with an input, whose fault becomes the cause of the archive's.
    private func reading<Value: ~Copyable>(
        _ name: String, _ body: () throws(TrueupError) -> Value
    ) throws(ArchiveError) -> Value {
        do {
            return try body()
        } catch {
            throw ArchiveError("add to the archive the", archive: path, entry: name, cause: error)
        }
    }

    private func addData(
        _ bytes: UnsafeRawBufferPointer, _ name: String
    ) throws(ArchiveError) {
        guard !isStopped() else {
            throw ArchiveError(
                "add to the archive the", archive: path, entry: name, message: "given up")
        }
        try check("add to the archive the", name) { entries throws(PackingError) in
            try entries.add(bytes)
        }
    }

    /// Does something with the entries, whose error names the output's own where there is one.
    private func check(
        _ operation: String, _ name: String?,
        _ body: (borrowing EntryWriter) throws(PackingError) -> Void
    ) throws(ArchiveError) {
        do {
            try body(entries)
        } catch {
            if let cause = output.failure {
                throw ArchiveError(operation, archive: path, entry: name, cause: cause)
            }
            throw ArchiveError(operation, archive: path, entry: name, error)
        }
    }
}

/// Where an archive's bytes go.
final class ArchiveOutput {
    private var sink: FileSink?
    /// What went wrong, which libarchive cannot be told in words.
    private(set) var failure: TrueupError?
    /// Once set, bytes are dropped.
    var isAbandoned = false

    init(_ sink: consuming FileSink) { self.sink = consume sink }

    func write(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard !isAbandoned else { return bytes.count }
        do throws(TrueupError) {
            try sink?.write(bytes)
            return bytes.count
        } catch {
            failure = error
            return -1
        }
    }

    func close() throws(TrueupError) {
        guard let sink = sink.take() else { return }
        try sink.close()
    }
}

/// Which names an archive of ours may have.
enum ArchiveName {
    /// Whether a name leads below the place where the archive is unpacked, and nowhere else.
    static func isSafe(_ name: String) -> Bool {
        guard !name.utf8.contains(0), name.utf8.count <= 4096 else { return false }
        return name.split(separator: "/", omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }
    }
}
