import DelimitedText
import Glibc
import Parallel
import Testing

@Suite struct TextSourceTests {
    /// Calls `body` with the path of a new file that is removed afterwards.
    private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
        var template = Array("/tmp/trueup-text-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        try #require(descriptor >= 0)
        let name = template.dropLast().map { UInt8(bitPattern: $0) }
        let path = String(decoding: name, as: UTF8.self)
        defer { unlink(path) }
        let bytes = Array(text.utf8)
        try #require(write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
        try body(path)
    }

    private func append(_ text: String, to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_APPEND)
        try #require(descriptor >= 0)
        let bytes = Array(text.utf8)
        try #require(write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
    }

    @Test func readsAnyPartOfAFile() throws {
        try withFile("abcdef") { path in
            let source = try TextSource(path: path)
            var buffer = [UInt8](repeating: 0, count: 4)
            #expect(source.size == 6)
            #expect(try buffer.withUnsafeMutableBytes { try source.read(into: $0, at: 1) } == 4)
            #expect(buffer == Array("bcde".utf8))
            #expect(try buffer.withUnsafeMutableBytes { try source.read(into: $0, at: 5) } == 1)
            #expect(try buffer.withUnsafeMutableBytes { try source.read(into: $0, at: 9) } == 0)
            try source.verifyUnchanged()
        }
    }

    @Test func aFileAndItsBytesInMemoryReadAlike() throws {
        let text = "\u{FEFF}id,name\n1,\"a\nb\"\n"
        try withFile(text) { path in
            let file = try TextSource(path: path)
            let memory = TextSource(bytes: Array(text.utf8), name: "memory.csv")
            for source in [file, memory] {
                #expect(source.textStart == 3)
                var cursor = RecordCursor(source: source)
                try cursor.record(at: source.textStart)
                #expect(cursor.field(0).elementsEqual("id".utf8))
                try cursor.record(at: cursor.nextOffset)
                #expect(cursor.field(1).elementsEqual("a\nb".utf8))
            }
        }
    }

    @Test func recordsFarApartAreReadWholeInAnyOrder() throws {
        // Some are longer than what is read after a leap, one longer than a window.
        let lengths = (0..<60).map { $0 == 30 ? 400_000 : $0 * 977 }
        let texts = lengths.enumerated().map { "r\($0)," + String(repeating: "x", count: $1) }
        var offsets: [Int] = []
        var all = ""
        for text in texts {
            offsets.append(all.utf8.count)
            all += text + "\n"
        }
        var cursor = RecordCursor(source: TextSource(bytes: Array(all.utf8), name: "memory.csv"))
        for step in [1, 7, 13, 59] {
            for place in 0..<60 {
                let record = place * step % 60
                try cursor.record(at: offsets[record])
                #expect(cursor.rawText.elementsEqual(texts[record].utf8), "\(record)")
            }
        }
    }

    @Test func noticesAFileThatChanged() throws {
        try withFile("a,b\n") { path in
            let source = try TextSource(path: path)
            try append("c,d\n", to: path)
            #expect(throws: TextSourceError.changed(path: path)) { try source.verifyUnchanged() }
        }
    }

    @Test func refusesAFileThatShrinksWhileItIsRead() throws {
        try withFile(String(repeating: "a,b\n", count: 1000)) { path in
            let source = try TextSource(path: path)
            try #require(truncate(path, 10) == 0)
            var cursor = RecordCursor(source: source)
            #expect(throws: TextSourceError.changed(path: path)) { try cursor.record(at: 0) }
            #expect(throws: TextSourceError.changed(path: path)) {
                try RecordReader(source: source, workers: Workers(count: 2), blockSize: 100).read(
                    parse: { tape, _ in tape.count }, deliver: { _, _ in })
            }
        }
    }

    @Test(arguments: ["/tmp", "/dev/null"])
    func refusesWhatIsNoRegularFile(path: String) {
        #expect(throws: TextSourceError.notRegularFile(path: path)) { try TextSource(path: path) }
    }

    @Test(.timeLimit(.minutes(1)))
    func refusesAPipeWithoutWaitingForAWriter() throws {
        try withFile("") { path in
            let pipe = path + ".pipe"
            try #require(mkfifo(pipe, 0o600) == 0)
            defer { unlink(pipe) }
            #expect(throws: TextSourceError.notRegularFile(path: pipe)) {
                try TextSource(path: pipe)
            }
        }
    }

    @Test func namesTheFileThatIsNotThere() {
        let path = "/nowhere/payments.csv"
        let error = TextSourceError.system(.open, path: path, code: ENOENT)
        #expect(throws: error) { try TextSource(path: path) }
        #expect("\(error)" == "cannot open /nowhere/payments.csv: No such file or directory")
    }
}
