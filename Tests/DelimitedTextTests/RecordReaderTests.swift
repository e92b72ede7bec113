import DelimitedText
import Parallel
import ReadingKit
import Synchronization
import Testing

@Suite struct RecordReaderTests {
    @Test(arguments: [1, 2, 4], [1, 7, 64, 4096])
    func startsBehindTheHeaderAndObservesAllBytes(threads: Int, blockSize: Int) throws {
        let rows = (0..<500).map { "\($0),\"line\n\($0)\"\r\n" }
        let text = "\u{FEFF}id,note\n" + rows.joined()
        let source = TextSource(bytes: Array(text.utf8), name: "notes.csv")
        var cursor = RecordCursor(source: source)
        try cursor.record(at: source.textStart)
        let start = ReadingStart(offset: cursor.nextOffset, line: 1 + cursor.lineCount)
        let observed = Mutex<[UInt8]>([])
        var lines: [Int] = []
        try RecordReader(source: source, workers: Workers(count: threads), blockSize: blockSize)
            .read(
                from: start,
                observe: { bytes in observed.withLock { $0 += bytes } },
                parse: { tape, _ in (0..<tape.count).map { tape.line(of: $0) } },
                deliver: { output, place in lines += output.map { $0 + place.firstLine } })
        #expect(lines == (0..<500).map { 2 + 2 * $0 })
        #expect(observed.withLock { $0 } == Array(text.utf8))
    }

    @Test(arguments: ["", "\u{FEFF}", "\n\n"])
    func aSourceWithoutRecordsYieldsNone(text: String) throws {
        let read = try readInParallel(Array(text.utf8), threads: 2, blockSize: 16)
        #expect(read.records.isEmpty)
        #expect(read.observed == Array(text.utf8))
    }

    @Test func aRecordMayBeLargerThanManyBlocks() throws {
        let large = String(repeating: "x,\n", count: 5000)
        let text = "a,b\n\"\(large)\",c\nd,e\n"
        let read = try readInParallel(Array(text.utf8), threads: 2, blockSize: 100)
        #expect(read.records.map(\.fields.count) == [2, 2, 2])
        #expect(read.records[1].fields[0] == Array(large.utf8))
        #expect(read.records[2].line == 5002)
    }

    @Test func whatDeliveryThrowsEndsTheReading() {
        struct Enough: Error {}
        let text = Array(String(repeating: "a,b\n", count: 1000).utf8)
        let reader = RecordReader(
            source: TextSource(bytes: text, name: "a.csv"), workers: Workers(count: 2),
            blockSize: 100)
        var delivered = 0
        #expect(throws: Enough.self) {
            try reader.read(parse: { tape, _ in tape.count }) { _, _ in
                delivered += 1
                throw Enough()
            }
        }
        #expect(delivered == 1)
    }
}
