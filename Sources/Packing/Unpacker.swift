import CLibArchive

/// Reads the text within a packed file block by block, without unpacking it to disk.
///
/// What is not whole is an error: a file that is cut off, damaged, or followed by something else,
/// which only the read of the last bytes may tell. It belongs to one task.
public struct Unpacker: ~Copyable {
    /// A text is refused that is longer than so many times what was read of its packed file; what
    /// people export shrinks to a tenth, and seldom to a fiftieth.
    public static let mostTimes = 200
    /// The text that every file may hold, however small it is: 64 MiB.
    public static let leastLimit = 64 << 20
    /// The longest text that any file may hold, for it is kept in memory: 16 GiB.
    public static let mostLimit = 16 << 30

    private static let blockSize = 256 << 10

    private let form: PackedForm
    private let size: Int
    private var gzip: GzipReader?
    /// Of a zip file, or of a text by itself; nil also where there is no text at all.
    private var entry: EntryReader?
    private var count = 0

    /// Begins to read an open file, which nobody else may read but by `pread` meanwhile.
    public init(descriptor: CInt, size: Int, form: PackedForm) throws(UnpackingError) {
        self.form = form
        self.size = size
        switch form {
        case .gzip: gzip = try GzipReader(descriptor: descriptor)
        case .zip:
            entry = try ZipContents.open(
                descriptor: descriptor, size: size, blockSize: Unpacker.blockSize)
        case .zstd, .xz, .bzip2:
            entry = try Unpacker.text(descriptor: descriptor, size: size, form)
        }
    }

    /// Opens a file that is a packed text and nothing else; nil where the text is empty.
    private static func text(
        descriptor: CInt, size: Int, _ form: PackedForm
    ) throws(UnpackingError) -> EntryReader? {
        do throws(PackingError) {
            var reader = try EntryReader(
                descriptor: descriptor, blockSize: Unpacker.blockSize,
                support: [
                    archive_read_support_format_raw, archive_read_support_format_empty,
                    Unpacker.filter(form),
                ])
            if try reader.next() != nil { return reader }
            guard reader.consumed < Int64(size) else { return nil }
        } catch {
            throw UnpackingError(form, error)
        }
        throw .trailing(form)
    }

    /// The longest text that may come of so many bytes of a packed file.
    public static func limit(ofSize size: Int) -> Int {
        let (product, overflow) = size.multipliedReportingOverflow(by: mostTimes)
        return overflow ? mostLimit : min(max(leastLimit, product), mostLimit)
    }

    private static func filter(_ form: PackedForm) -> (OpaquePointer) -> CInt {
        switch form {
        case .xz: archive_read_support_filter_xz
        case .bzip2: archive_read_support_filter_bzip2
        case .zstd, .gzip, .zip: archive_read_support_filter_zstd
        }
    }

    /// Reads the next bytes of the text, as many as fit; fewer only where it ends.
    public mutating func read(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(UnpackingError) -> Int {
        let read = try readContents(into: buffer)
        count += read
        // Held against what was used so far, so that a large bomb is found as early as a small one.
        let used = min(gzip?.consumed ?? Int(entry?.consumed ?? 0), size)
        let limit = Unpacker.limit(ofSize: used)
        guard count <= limit else {
            let name = "a \(form.rawValue) file of \(size) bytes"
            throw UnpackingError(
                "more than \(limit) bytes of text in "
                    + (used < size ? "the first \(used) bytes of " : "") + name,
                remedy: "unpack it, if that much text is meant")
        }
        return read
    }

    private mutating func readContents(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(UnpackingError) -> Int {
        if let read = try gzip?.read(into: buffer) { return read }
        let read: Int
        do {
            guard let count = try entry?.read(into: buffer) else { return 0 }
            read = count
        } catch {
            throw UnpackingError(form, error)
        }
        // libarchive ends the text where the last part that it knows does.
        if read < buffer.count, form != .zip, let used = entry?.consumed, used < Int64(size) {
            throw .trailing(form)
        }
        return read
    }
}
