import CLibArchive
import Glibc

/// The one file that a zip file must hold.
enum ZipContents {
    /// How many names a message tells.
    private static let mostNames = 5

    static let nothing = UnpackingError("a zip file that holds no file", remedy: "export it again")

    /// Opens a zip file and goes to its file.
    static func open(
        descriptor: CInt, size: Int, blockSize: Int
    ) throws(UnpackingError) -> EntryReader {
        try ZipEnd.check(descriptor, size: size)
        let place = try find(reader(descriptor, blockSize))
        var reader = try reader(descriptor, blockSize)
        for _ in 0...place { _ = try next(&reader) }
        return reader
    }

    /// The list of contents at the end is what counts: reading from the beginning would take a file
    /// that is cut off for a whole one.
    private static func reader(
        _ descriptor: CInt, _ blockSize: Int
    ) throws(UnpackingError) -> EntryReader {
        do {
            return try EntryReader(
                descriptor: descriptor, blockSize: blockSize,
                support: [archive_read_support_format_zip_seekable])
        } catch {
            throw UnpackingError(.zip, error)
        }
    }

    private static func next(_ reader: inout EntryReader) throws(UnpackingError) -> PackedEntry? {
        do {
            // A name that this locale cannot spell is no damage.
            return try reader.next(strict: false)
        } catch {
            throw UnpackingError(.zip, error)
        }
    }

    /// Which entry is the file.
    private static func find(
        _ reader: consuming EntryReader
    ) throws(UnpackingError) -> Int {
        var found: (place: Int, entry: PackedEntry)?
        var names: [String] = []
        var count = 0
        var place = 0
        while let entry = try next(&reader) {
            defer { place += 1 }
            guard entry.kind != .folder, !isMachineMade(entry.name) else { continue }
            found = (place, entry)
            count += 1
            if count <= mostNames { names.append(entry.name ?? "(a name that cannot be read)") }
        }
        guard let found else {
            throw nothing
        }
        guard count == 1 else {
            let others = count > mostNames ? " and \(count - mostNames) more" : ""
            throw UnpackingError(
                "a zip file that holds \(count) files: " + names.joined(separator: ", ") + others,
                remedy: "unpack it, or pack each dump by itself")
        }
        guard found.entry.kind == .file else {
            throw UnpackingError(
                "a zip file that holds a link, not a file", remedy: "pack the dump itself")
        }
        guard !found.entry.isEncrypted else {
            throw UnpackingError(
                "a zip file with a password", remedy: "unpack it, or pack it without a password")
        }
        return found.place
    }

    /// Whether a name is one that file managers add by themselves.
    private static func isMachineMade(_ name: String?) -> Bool {
        guard let name else { return false }
        let parts = name.split(separator: "/")
        return parts.first == "__MACOSX" || parts.last?.hasPrefix(".") ?? true
    }
}

/// The end of a zip file, which tells where its list of contents stands.
///
/// It is held against the file's size and against that list's place, for libarchive looks for the
/// end further up as well: of a zip file with something behind or before it, a second one say, it
/// would read a part and pass over the rest.
private enum ZipEnd {
    private static let endSize = 22
    private static let locatorSize = 20
    private static let largeEndSize = 56

    static func check(_ descriptor: CInt, size: Int) throws(UnpackingError) {
        let tail = try read(descriptor, at: max(0, size - endSize - 0xFFFF), upTo: size)
        let start = size - tail.count
        let places = stride(from: tail.count - endSize, through: 0, by: -1)
        let end = places.first { place in
            tail[place...].starts(with: [0x50, 0x4B, 5, 6])
                && place + endSize + Int(number(tail, place + 20, 2)) == tail.count
        }
        guard let end else {
            throw UnpackingError(
                "a zip file that is cut off, or with something else behind its end")
        }
        var listEnd = UInt64(start + end)
        var (listSize, listStart) = (number(tail, end + 12, 4), number(tail, end + 16, 4))
        let locator = start + end - locatorSize
        if locator >= 0,
            case let bytes = try read(descriptor, at: locator, upTo: locator + locatorSize),
            bytes.starts(with: [0x50, 0x4B, 6, 7])
        {
            listEnd = number(bytes, 8, 8)
            guard listEnd <= UInt64(locator), locator - Int(listEnd) >= largeEndSize else {
                throw misplaced
            }
            let place = Int(listEnd)
            let large = try read(descriptor, at: place, upTo: place + largeEndSize)
            guard large.starts(with: [0x50, 0x4B, 6, 6]) else { throw misplaced }
            (listSize, listStart) = (number(large, 40, 8), number(large, 48, 8))
        }
        let (sum, overflow) = listSize.addingReportingOverflow(listStart)
        guard !overflow, sum == listEnd else { throw misplaced }
        // libarchive does not know a zip file without contents as one.
        guard listSize > 0 else { throw ZipContents.nothing }
    }

    private static let misplaced = UnpackingError(
        "a zip file that is damaged: its list of contents is not where its end says")

    /// A number, least byte first.
    private static func number(_ bytes: [UInt8], _ place: Int, _ count: Int) -> UInt64 {
        bytes[place..<(place + count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func read(
        _ descriptor: CInt, at start: Int, upTo end: Int
    ) throws(UnpackingError) -> [UInt8] {
        let bytes = [UInt8](unsafeUninitializedCapacity: end - start) { buffer, count in
            while count < buffer.count {
                let read = pread(
                    descriptor, buffer.baseAddress.map { $0 + count }, buffer.count - count,
                    off_t(start + count))
                if read < 0, errno == EINTR { continue }
                guard read > 0 else { break }
                count += read
            }
        }
        guard bytes.count == end - start else {
            throw UnpackingError("the file cannot be read", remedy: "check the file")
        }
        return bytes
    }
}
