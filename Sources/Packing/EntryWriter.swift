import CLibArchive
import Glibc

/// Writes a tar file in the restricted pax format within zstd; owns libarchive's handle and belongs
/// to one task.
public struct EntryWriter: ~Copyable {
    private let handle: OpaquePointer
    private let entry: OpaquePointer
    private let output: PackedOutput

    /// Begins an archive.
    ///
    /// - Parameters:
    ///   - threads: how many threads compress beside the caller's, at least 1. (libarchive compresses
    ///     differently where it is not told.)
    ///   - rawNames: whether names are kept byte for byte.
    ///   - write: is given the archive's bytes, and says how many it took; less than none is failure.
    /// - Throws: where libarchive refuses.
    public init(
        threads: Int, rawNames: Bool, write: @escaping (UnsafeRawBufferPointer) -> Int
    ) throws(PackingError) {
        guard let handle = archive_write_new() else { throw PackingError("out of memory") }
        guard let entry = archive_entry_new() else {
            archive_write_free(handle)
            throw PackingError("out of memory")
        }
        let output = PackedOutput(write)
        let steps = [
            { archive_write_set_format_pax_restricted(handle) },
            {
                rawNames
                    ? archive_write_set_format_option(handle, "pax", "hdrcharset", "BINARY")
                    : ARCHIVE_OK
            },
            { archive_write_add_filter_zstd(handle) },
            { archive_write_set_filter_option(handle, "zstd", "compression-level", "1") },
            { archive_write_set_filter_option(handle, "zstd", "threads", String(threads)) },
            // The compressor's blocks go out as they come, and the last one is not padded.
            { archive_write_set_bytes_per_block(handle, 0) },
            { archive_write_set_bytes_in_last_block(handle, 1) },
            {
                archive_write_open(
                    handle, Unmanaged.passUnretained(output).toOpaque(), nil, writeBlock, nil)
            },
        ]
        for step in steps {
            let status = step()
            guard status != ARCHIVE_OK else { continue }
            let error = PackingError(handle, status: status)
            archive_entry_free(entry)
            archive_write_free(handle)
            throw error
        }
        self.handle = handle
        self.entry = entry
        self.output = output
    }

    deinit {
        archive_write_free(handle)
        archive_entry_free(entry)
    }

    /// Begins an entry of the owner 0.
    public func addHeader(
        _ name: String, isFolder: Bool, permissions: UInt32, size: Int64, modified: Int64
    ) throws(PackingError) {
        archive_entry_clear(entry)
        archive_entry_copy_pathname(entry, name)
        archive_entry_set_filetype(entry, isFolder ? Glibc.S_IFDIR : Glibc.S_IFREG)
        archive_entry_set_perm(entry, permissions)
        archive_entry_set_size(entry, size)
        archive_entry_set_mtime(entry, time_t(modified), 0)
        try check(archive_write_header(handle, entry))
    }

    /// Adds to the content of the entry begun last.
    public func add(_ bytes: UnsafeRawBufferPointer) throws(PackingError) {
        guard !bytes.isEmpty else { return }
        let count = archive_write_data(handle, bytes.baseAddress, bytes.count)
        if count < 0 { try check(CInt(count)) }
        guard count == bytes.count else {
            throw PackingError("only \(count) of \(bytes.count) bytes were taken")
        }
    }

    /// Ends the archive; what is still held back goes out.
    public func finish() throws(PackingError) { try check(archive_write_close(handle)) }

    /// Takes nothing but success: a warning here means that an entry is not what it should be.
    private func check(_ status: CInt) throws(PackingError) {
        guard status == ARCHIVE_OK else { throw PackingError(handle, status: status) }
    }
}

/// Where an archive's bytes go; the object that libarchive's callback is given.
///
/// Invariant: the writer that opened the handle keeps it alive until the handle is freed.
private final class PackedOutput {
    let write: (UnsafeRawBufferPointer) -> Int

    init(_ write: @escaping (UnsafeRawBufferPointer) -> Int) { self.write = write }
}

private func writeBlock(
    _ handle: OpaquePointer?, _ output: UnsafeMutableRawPointer?,
    _ bytes: UnsafeRawPointer?, _ count: Int
) -> Int {
    guard let output else { return -1 }
    return Unmanaged<PackedOutput>.fromOpaque(output).takeUnretainedValue()
        .write(UnsafeRawBufferPointer(start: bytes, count: count))
}
