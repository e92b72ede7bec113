import DelimitedText
import Foundation
import Testing

@Suite struct EncodedTextTests {
    private static let undecodable: [UInt8] = [0xFF]

    private func text(_ bytes: [UInt8], _ encoding: TextEncoding? = nil) throws -> [UInt8] {
        var text: [UInt8] = []
        try withFile(bytes) { path in
            let source = try TextSource(dump: path, encoding: encoding)
            text = Array(try source.wholeText().dropFirst(source.textStart))
        }
        return text
    }

    private static func utf16(_ text: String, isBigEndian: Bool) -> [UInt8] {
        text.utf16.flatMap { unit in
            let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
            return isBigEndian ? bytes.reversed() : bytes
        }
    }

    @Test(arguments: [false, true])
    func utf16IsKnownByItsMarkOrItsZerosOrByWhatIsSaid(isBigEndian: Bool) throws {
        let text = "id,name\nP1,\"Ä😀\r\n漢\u{FFFD}\"\n"
        let bytes = Self.utf16(text, isBigEndian: isBigEndian)
        let mark: [UInt8] = isBigEndian ? [0xFE, 0xFF] : [0xFF, 0xFE]
        let said: TextEncoding = isBigEndian ? .utf16BigEndian : .utf16LittleEndian
        let header = Self.utf16("id,name,description,amount,status\n", isBigEndian: isBigEndian)
        let whole = "id,name,description,amount,status\n" + text
        #expect(try self.text(mark + bytes) == Array(text.utf8))
        #expect(try self.text(bytes, said) == Array(text.utf8))
        #expect(try self.text(mark + bytes, .windows1252) == Array(text.utf8))
        #expect(try self.text(header + bytes) == Array(whole.utf8))
    }

    @Test func aMarkOfUTF8OutweighsWhatIsSaid() throws {
        let bytes = [0xEF, 0xBB, 0xBF] + Array("id\nÄ\n".utf8)
        #expect(try text(bytes, .windows1252) == Array("id\nÄ\n".utf8))
        #expect(try text(bytes, .utf16BigEndian) == Array("id\nÄ\n".utf8))
    }

    @Test func withoutMarkAndWordsItIsUTF8AsItStands() throws {
        for bytes in [Array("id\n".utf8), [0xE4, 0x0A], [0, 0, 0, 0, 0, 0], [0x61, 0], []] {
            try withFile(bytes) { path in
                let source = try TextSource(dump: path)
                #expect(!source.isDecoded)
                #expect(source.encoding == .utf8)
                #expect(try source.wholeText() == bytes)
            }
        }
    }

    /// Foundation's own tables are the second opinion.
    @Test(arguments: [
        (TextEncoding.iso8859_1, String.Encoding.isoLatin1, 0xA0),
        (.windows1252, .windowsCP1252, 0x80),
    ])
    func everyByteIsTheCharacterThatItIsElsewhere(
        encoding: TextEncoding, other: String.Encoding, first: Int
    ) throws {
        for byte in UInt8.min...UInt8.max where byte < 0x80 || byte >= first {
            // The line before keeps the text from looking like anything else.
            let decoded = try text(Array("id\n".utf8) + [byte], encoding)
            let isNone = encoding == .windows1252 && [0x81, 0x8D, 0x8F, 0x90, 0x9D].contains(byte)
            let expected = isNone ? nil : String(bytes: [byte], encoding: other)
            #expect(
                decoded.dropFirst(3).elementsEqual(expected.map { Array($0.utf8) } ?? [0xFF]),
                "byte \(byte)")
        }
    }

    @Test func iso8859_15HasTheEuroAndIso8859HasNothingBelowA0() throws {
        let bytes: [UInt8] = [0xA4, 0xA6, 0xA8, 0xB4, 0xB8, 0xBC, 0xBD, 0xBE, 0xE9]
        #expect(try text(bytes, .iso8859_15) == Array("€ŠšŽžŒœŸé".utf8))
        #expect(try text(bytes, .iso8859_1) == Array("¤¦¨´¸¼½¾é".utf8))
        for encoding in [TextEncoding.iso8859_1, .iso8859_15] {
            #expect(try text([0x41, 0x80, 0x9F], encoding) == [0x41, 0xFF, 0xFF])
        }
    }

    @Test(
        arguments: [
            ([0xD800, 0x41], [0xFF, 0x41]), ([0xDC00, 0x41], [0xFF, 0x41]),
            ([0xD800, 0xD83D, 0xDE00], [0xFF, 0xF0, 0x9F, 0x98, 0x80]),
            ([0x41, 0xD800], [0x41, 0xFF]),
            ([0xDFFF, 0xD800], [0xFF, 0xFF]),
        ] as [([UInt16], [UInt8])])
    func halfAPairIsNoCharacter(units: [UInt16], decoded: [UInt8]) throws {
        let bytes = units.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        #expect(try text(bytes, .utf16BigEndian) == decoded)
    }

    @Test func halfAUnitAtTheEndIsNoCharacter() throws {
        #expect(try text([0x41, 0, 0x42], .utf16LittleEndian) == [0x41, 0xFF])
        #expect(try text([0xFF, 0xFE, 0x42]) == [0xFF])
        #expect(try text([0xFF, 0xFE]) == [])
    }

    /// Units, pairs and marks on the edges of the blocks in which a file is read.
    @Test(arguments: [0, 1, 2, 3])
    func longTextsComeToTheSameWhereverTheirBlocksEnd(shift: Int) throws {
        let text = String(repeating: "a", count: shift) + String(repeating: "Ä😀b", count: 150_000)
        for isBigEndian in [false, true] {
            let mark: [UInt8] = isBigEndian ? [0xFE, 0xFF] : [0xFF, 0xFE]
            let bytes = mark + Self.utf16(text, isBigEndian: isBigEndian)
            #expect(try self.text(bytes) == Array(text.utf8))
        }
        let latin = String(repeating: "é€", count: 300_000)
        let bytes = try #require(latin.data(using: .windowsCP1252))
        #expect(try self.text(Array(bytes), .windows1252) == Array(latin.utf8))
    }
}
