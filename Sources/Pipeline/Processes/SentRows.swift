import DelimitedText
import Diagnostics
import Ingestion
import Records
import RunStore

/// The rows of one part as they were sent: laid aside in a scratch file for each dump, with the place
/// that each has in the dump.
struct SentRows {
    /// Of each dump of which there are rows its text, and where they stand.
    private(set) var excerpts: [Int: (TextSource, RowExcerpt?)] = [:]
    /// Which of the emissions that were handed on belong to the part.
    private(set) var emissions: [Int] = []

    /// As the file of what is no row of a file, but was handed on.
    private static let emissionFile = 0xFFFF
    /// No record is longer; its line end may come with it.
    private static let longestRow = RecordScanner.longestRecord + 2

    private static func wrong(_ found: String) -> TrueupError {
        .run(
            Finding(
                "the rows on standard input are not those of a part", found: found,
                remedy:
                    "send each row of the part once, in the order of the files and of their rows"))
    }

    /// Reads rows to their end.
    ///
    /// Each comes behind its place, its line and its length, in order of the places; the last of all
    /// tells how many there were.
    ///
    /// - Throws: `TrueupError.run` where they are cut off, out of order, or of no file.
    init(_ input: inout StandardInput, plan: RunPlan, checkStopped: () throws -> Void) throws {
        var last: UInt64?
        var count: UInt64 = 0
        var spool: RowSpool?
        while true {
            let header = try input.next(16)
            guard header.count == 16 else { throw SentRows.wrong("they end without an end mark") }
            let packed = UInt64(littleEndian: header.loadUnaligned(as: UInt64.self))
            let line = UInt32(
                littleEndian: header.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
            let length = Int(
                UInt32(littleEndian: header.loadUnaligned(fromByteOffset: 12, as: UInt32.self)))
            guard length <= SentRows.longestRow else {
                throw SentRows.wrong("a row of \(length) bytes")
            }
            let bytes = try input.next(length)
            guard bytes.count == length else { throw SentRows.wrong("they end within a row") }
            guard packed != .max else {
                guard length == 8,
                    UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)) == count
                else { throw SentRows.wrong("\(count) of them, where the end mark counts others") }
                break
            }
            if let last, last >= packed { throw SentRows.wrong("a row twice, or out of order") }
            last = packed
            count += 1
            if count & 0xFFFF == 0 { try checkStopped() }
            let place = RowPlace(packed: packed)
            if place.file == SentRows.emissionFile {
                guard place.offset < plan.handedOn.count, length == 0 else {
                    throw SentRows.wrong("an emission that the plan has not")
                }
                emissions.append(place.offset)
                continue
            }
            guard plan.isShared(place.file) else { throw SentRows.wrong("a row of no shared file") }
            if spool?.file != place.file {
                try close(&spool)
                spool = try RowSpool(place.file, plan)
            }
            try spool?.add(place, line: line, bytes)
        }
        try close(&spool)
        guard try input.next(1).isEmpty else { throw SentRows.wrong("bytes behind the end mark") }
    }

    private mutating func close(_ spool: inout RowSpool?) throws {
        guard let full = spool.take() else { return }
        excerpts[full.file] = try full.finish()
    }
}

/// Lays the rows of one dump aside.
private final class RowSpool {
    let file: Int
    private let name: String
    private let scratch: ScratchFile
    private var sink: FileSink?
    private var block: [UInt8]
    private var excerpt: RowExcerpt
    private var length: Int

    init(_ file: Int, _ plan: RunPlan) throws {
        self.file = file
        name = plan.files[file].name
        scratch = try ScratchFile(in: ScratchFolder.path)
        sink = try scratch.sink()
        excerpt = RowExcerpt(head: plan.files[file].text, name: name)
        block = RowExcerpt.beginning
        length = block.count
    }

    func add(_ place: RowPlace, line: UInt32, _ bytes: UnsafeRawBufferPointer) throws {
        excerpt.add(place, line: line, at: length)
        block += bytes
        block.append(0x0A)
        length += bytes.count + 1
        if block.count >= 1 << 20 { try flush() }
    }

    private func flush() throws {
        try sink?.write(block)
        block.removeAll(keepingCapacity: true)
    }

    /// The text, which goes away with whoever reads it.
    func finish() throws -> (TextSource, RowExcerpt?) {
        try flush()
        try sink.take()?.close()
        do throws(TextSourceError) {
            return (try TextSource(path: scratch.path), excerpt)
        } catch {
            throw TrueupError.run(
                Finding(
                    "rows cannot be read again", at: SourcePosition(file: name),
                    found: error.description, remedy: "mount /proc"))
        }
    }
}
