import CLibArchive
import Diagnostics
import Glibc
import Time

/// Writes a reproducible archive: a tar file in the restricted pax format, compressed by zstd.
///
/// The same entries give the same bytes, whenever, wherever and with however many threads: names
/// rise, owners are 0 without a name, permissions are 0640 and 0750, the time is the caller's.
/// (libarchive compresses differently with its option `threads` absent, so it is always given,
/// as 1 at least.) The bytes may differ between versions of libarchive or zstd.
///
/// It owns a libarchive handle and belongs to one task. `close` must be called, for a full disk
/// may show only there; `withArchive` always does.
public struct ArchiveWriter: ~Copyable {
    /// Names are compared by their bytes, for entries must rise by them.
    private var lastName: [UInt8] = []
    private let handle: OpaquePointer
    private let entry: OpaquePointer
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
        guard let handle = archive_write_new(), let entry = archive_entry_new() else {
            throw ArchiveError("create the archive", archive: path, message: "out of memory")
        }
        let output = ArchiveOutput(sink)
        do {
            try ArchiveWriter.configure(
                handle, output, path: path, threads: threads, rawNames: rawNames)
        } catch {
            archive_entry_free(entry)
            archive_write_free(handle)
            throw error
        }
        self.handle = handle
        self.entry = entry
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
        archive_write_free(handle)
        archive_entry_free(entry)
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
        try check(archive_write_close(handle), "finish the archive", nil)
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
        archive_entry_clear(entry)
        archive_entry_copy_pathname(entry, name)
        archive_entry_set_filetype(entry, kind == .file ? Glibc.S_IFREG : Glibc.S_IFDIR)
        archive_entry_set_perm(
            entry, kind == .file ? FileSystem.fileMode : FileSystem.folderMode)
        archive_entry_set_size(entry, size)
        archive_entry_set_mtime(entry, time_t(seconds), 0)
        try check(archive_write_header(handle, entry), "add to the archive the", name)
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
        guard !bytes.isEmpty else { return }
        let count = archive_write_data(handle, bytes.baseAddress, bytes.count)
        if count < 0 { try check(CInt(count), "add to the archive the", name) }
        guard count == bytes.count else {
            throw ArchiveError(
                "add to the archive the", archive: path, entry: name,
                message: "only \(count) of \(bytes.count) bytes were taken")
        }
    }

    /// Takes nothing but success: a warning here means that an entry is not what it should be.
    private func check(
        _ status: CInt, _ operation: String, _ name: String?
    ) throws(ArchiveError) {
        guard status != ARCHIVE_OK else { return }
        if let cause = output.failure {
            throw ArchiveError(
                operation, archive: path, entry: name, cause: cause)
        }
        throw ArchiveError(operation, archive: path, entry: name, handle: handle, status: status)
    }

    private static func configure(
        _ handle: OpaquePointer, _ output: ArchiveOutput, path: String, threads: Int,
        rawNames: Bool
    ) throws(ArchiveError) {
        func check(_ status: CInt) throws(ArchiveError) {
            guard status != ARCHIVE_OK else { return }
            throw ArchiveError(
                "create the archive", archive: path, handle: handle, status: status)
        }
        try check(archive_write_set_format_pax_restricted(handle))
        if rawNames {
            try check(archive_write_set_format_option(handle, "pax", "hdrcharset", "BINARY"))
        }
        try check(archive_write_add_filter_zstd(handle))
        try check(
            archive_write_set_filter_option(handle, "zstd", "compression-level", "1"))
        try check(
            archive_write_set_filter_option(handle, "zstd", "threads", String(max(1, threads))))
        // The compressor's blocks go out as they come, and the last one is not padded.
        try check(archive_write_set_bytes_per_block(handle, 0))
        try check(archive_write_set_bytes_in_last_block(handle, 1))
        try check(
            archive_write_open(
                handle, Unmanaged.passUnretained(output).toOpaque(), nil, writeBlock, nil))
    }
}

/// Where an archive's bytes go; the object that libarchive's callback is given.
///
/// Invariant: the writer that opened the handle keeps it alive until the handle is freed.
final class ArchiveOutput {
    private var sink: FileSink?
    /// What went wrong, which the callback cannot tell libarchive in words.
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

private func writeBlock(
    _ handle: OpaquePointer?, _ output: UnsafeMutableRawPointer?,
    _ bytes: UnsafeRawPointer?, _ count: Int
) -> Int {
    guard let output else { return -1 }
    return Unmanaged<ArchiveOutput>.fromOpaque(output).takeUnretainedValue()
        .write(UnsafeRawBufferPointer(start: bytes, count: count))
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
