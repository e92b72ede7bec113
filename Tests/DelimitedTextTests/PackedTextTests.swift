import DelimitedText
import Foundation
import ReadingKit
import Testing

/// Files in `Packed` hold the text of `Packed/plain.csv`, or show what cannot be read.
@Suite struct PackedTextTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Packed")
    static let plain = [
        "plain.csv.gz", "plain.csv.bz2", "plain.csv.xz", "plain.csv.zst", "plain.csv.zip",
    ]

    private static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appending(path: name)))
    }

    @Test(
        arguments: plain + [
            "parts.csv.gz", "parts.csv.bz2", "parts.csv.xz", "parts.csv.zst",
            "remark-first.csv.zst", "stored.csv.zip", "company.csv.zip", "large-kind.csv.zip",
            "other-alphabet.csv.zip", "utf-16.csv.gz",
        ])
    func theWholeTextIsRead(name: String) throws {
        let path = Self.folder.appending(path: name).path
        let source = try TextSource(dump: path)
        #expect(try source.wholeText() == Self.bytes("plain.csv"))
        #expect(source.isDecoded)
        #expect(source.textStart == 0)
        #expect(source.fileSize == (try Self.bytes(name).count))
        try source.verifyUnchanged()
        // A file of the program's own is never unpacked.
        #expect(try TextSource(path: path).wholeText() == Self.bytes(name))
    }

    @Test(arguments: ["gz", "bz2", "xz", "zst", "zip"])
    func anEmptyTextIsEmpty(ending: String) throws {
        let source = try TextSource(dump: Self.folder.appending(path: "empty.csv.\(ending)").path)
        #expect(source.size == 0)
    }

    @Test func aMarkWithinIsPassedOver() throws {
        let source = try TextSource(dump: Self.folder.appending(path: "mark.csv.zst").path)
        #expect(source.textStart == 3)
        #expect(try source.wholeText().dropFirst(3).elementsEqual(Self.bytes("plain.csv")))
    }

    @Test(arguments: plain)
    func aFileThatIsCutOffAnywhereIsRefused(name: String) throws {
        let whole = try Self.bytes(name)
        for count in 12..<whole.count {
            let outcome = try unpacked(Array(whole[..<count]))
            #expect(outcome == .refused, "\(count) of \(whole.count) bytes of \(name)")
        }
    }

    @Test(arguments: plain)
    func aDamagedByteIsFoundOrDoesNotMatter(name: String) throws {
        let whole = try Self.bytes(name)
        let text = try Self.bytes("plain.csv")
        var refused = 0
        for place in whole.indices {
            for change: UInt8 in [0x01, 0x80, 0xFF] {
                var damaged = whole
                damaged[place] ^= change
                switch try unpacked(damaged) {
                case .refused: refused += 1
                // A time or a name of another letter, say.
                case .text(let found): #expect(found == text, "byte \(place) of \(name)")
                // Nothing knows any more that it is packed: there will be no header.
                case .plain: #expect(place < 10, "byte \(place) of \(name)")
                }
            }
        }
        #expect(refused > whole.count, "\(refused)")
    }

    @Test(arguments: plain)
    func whateverFollowsBehindTheEndIsRefused(name: String) throws {
        let whole = try Self.bytes(name)
        for rest in [[0], Array("junk\n".utf8), Array(repeating: 0, count: 700)] as [[UInt8]] {
            let outcome = try unpacked(whole + rest)
            // Zeros in fours are how xz fills up.
            let isAllowed = name.hasSuffix(".xz") && rest.count == 700
            #expect(outcome == (isAllowed ? .text(try Self.bytes("plain.csv")) : .refused))
        }
        // What is there twice is read twice, or not at all.
        let text = try Self.bytes("plain.csv")
        #expect(
            try unpacked(whole + whole)
                == (name.hasSuffix(".zip") ? .refused : .text(text + text)))
    }

    @Test(arguments: plain)
    func changesAtRandomNeitherCrashNorHang(name: String) throws {
        let whole = try Self.bytes(name)
        var generator = SeededGenerator(seed: 20_250_831)
        for _ in 0..<300 {
            var changed = whole
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let place = Int.random(in: 0..<changed.count, using: &generator)
                let end = min(changed.count, place + Int.random(in: 0...9, using: &generator))
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: changed.removeSubrange(place..<end)
                case 1: changed.insert(contentsOf: changed[place..<end], at: place)
                default: changed[place] = .random(in: 0...255, using: &generator)
                }
                if changed.isEmpty { changed = whole }
            }
            _ = try unpacked(changed)
        }
    }

    @Test(arguments: [
        ("two.csv.zip", "holds 2 files: plain.csv, other.csv"),
        ("seven.csv.zip", "dump-4.csv and 2 more"), ("none.csv.zip", "holds no file"),
        ("bare.csv.zip", "holds no file"), ("password.csv.zip", "with a password"),
        ("link.csv.zip", "a link, not a file"),
        ("gzip-within.csv.zip", "a gzip file within a zip file"),
        ("zip-within.csv.gz", "a zip file within a gzip file"),
        ("tar-within.csv.gz", "a tar file within a gzip file"),
        ("bomb.csv.xz", "more than 67108864 bytes of text in a xz file of 9896 bytes"),
        ("bomb.csv.zst", "more than 67108864 bytes"),
    ])
    func whatCannotBeReadIsToldWithWhatToDo(name: String, found: String) throws {
        let path = Self.folder.appending(path: name).path
        let error = #expect(throws: TextSourceError.self) { try TextSource(dump: path) }
        #expect(error?.description.contains(found) == true, "\(String(describing: error))")
        #expect(error?.remedy?.isEmpty == false)
        #expect(error?.path == path)
    }

    @Test func aTextJustWithinTheBoundIsRead() throws {
        let source = try TextSource(dump: Self.folder.appending(path: "just-within.csv.zst").path)
        #expect(source.size == (64 << 20) / 3 * 3)
        // Across the pieces in which it is kept.
        var bytes = [UInt8](repeating: 0, count: 9 << 20)
        let count = try bytes.withUnsafeMutableBytes { try source.read(into: $0, at: 3 << 20) }
        #expect(count == bytes.count)
        let expected = Array("id\n".utf8)
        #expect(bytes.indices.allSatisfy { bytes[$0] == expected[($0 + 3 << 20) % 3] })
        #expect(
            try bytes.withUnsafeMutableBytes { try source.read(into: $0, at: source.size) } == 0)
    }

    @Test func aTextThatNobodyWantsAnyMoreIsGivenUp() throws {
        let path = Self.folder.appending(path: "just-within.csv.zst").path
        #expect(throws: TextSourceError.stopped(path: path)) {
            try TextSource(dump: path, isStopped: { true })
        }
    }

    @Test func aPackedFileThatChangedIsNoticed() throws {
        try withFile(try Self.bytes("plain.csv.gz")) { path in
            let source = try TextSource(dump: path)
            try source.verifyUnchanged()
            try Data(try Self.bytes("plain.csv.zst")).write(to: URL(filePath: path))
            #expect(throws: TextSourceError.changed(path: path)) { try source.verifyUnchanged() }
        }
    }

    @Test(arguments: [
        "BZh1,name\n", "BZh91AY&S,name\n", "PK,name\n1,a\n", "PK\u{3},name\n", "P*M,name\n",
        "(\u{B5}/", "id,name\n",
    ])
    func noTextIsTakenForAPackedFile(text: String) throws {
        try withFile(Array(text.utf8)) { path in
            let source = try TextSource(dump: path)
            #expect(!source.isDecoded)
            #expect(try source.wholeText() == Array(text.utf8))
        }
    }

    private enum Outcome: Equatable {
        case text([UInt8])
        case plain
        case refused
    }

    private func unpacked(_ bytes: [UInt8]) throws -> Outcome {
        var outcome = Outcome.refused
        try withFile(bytes) { path in
            do {
                let source = try TextSource(dump: path)
                outcome = source.isDecoded ? .text(try source.wholeText()) : .plain
            } catch let error as TextSourceError {
                guard case .packed = error else { throw error }
            }
        }
        return outcome
    }
}

extension TextSource {
    func wholeText() throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size + 1)
        let count = try bytes.withUnsafeMutableBytes { try read(into: $0, at: 0) }
        return Array(bytes[..<count])
    }
}

/// Calls `body` with the path of a new file that is removed afterwards.
func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory
        .appending(path: "trueup-text-\(UUID().uuidString)")
    try Data(bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url.path)
}
