/// How the bytes of a file stand for characters.
public enum TextEncoding: Sendable, CaseIterable {
    case utf8, utf16LittleEndian, utf16BigEndian, iso8859_1, iso8859_15, windows1252

    /// How many bytes of the beginning are enough to tell.
    static let longestBeginning = 64

    /// The byte order mark with which a text of this encoding may begin.
    var byteOrderMark: [UInt8] {
        switch self {
        case .utf8: [0xEF, 0xBB, 0xBF]
        case .utf16LittleEndian: [0xFF, 0xFE]
        case .utf16BigEndian: [0xFE, 0xFF]
        case .iso8859_1, .iso8859_15, .windows1252: []
        }
    }

    /// The encoding of a text that begins with these bytes.
    ///
    /// A byte order mark outweighs what was said about the file, for it is part of it. Without either,
    /// a text of which every second byte is NUL, and no other, is UTF-16: a header has names in ASCII.
    static func encoding(ofBeginning bytes: [UInt8], said: TextEncoding?) -> TextEncoding {
        let marked = allCases.first {
            !$0.byteOrderMark.isEmpty && bytes.starts(with: $0.byteOrderMark)
        }
        if let marked { return marked }
        if let said { return said }
        let beginning = bytes.prefix(longestBeginning & ~1)
        guard beginning.count >= 4 else { return .utf8 }
        let zeros = beginning.indices.filter { beginning[$0] == 0 }
        guard zeros.count == beginning.count / 2 else { return .utf8 }
        if zeros.allSatisfy({ $0 % 2 == 1 }) { return .utf16LittleEndian }
        if zeros.allSatisfy({ $0 % 2 == 0 }) { return .utf16BigEndian }
        return .utf8
    }

    /// The characters of the bytes from 0x80 on, for encodings of one byte for each; 0 where a byte
    /// stands for none.
    ///
    /// ISO 8859 has none below 0xA0: a file with such bytes is windows-1252 under another name.
    var upperHalf: [UInt16]? {
        let latin = (0x80...0xFF).map { UInt16($0) }
        switch self {
        case .utf8, .utf16LittleEndian, .utf16BigEndian: return nil
        case .iso8859_1: return Array(repeating: 0, count: 32) + latin[32...]
        case .iso8859_15:
            var upper = Array(repeating: 0, count: 32) + latin[32...]
            let changed: [(Int, UInt16)] = [
                (0xA4, 0x20AC), (0xA6, 0x160), (0xA8, 0x161), (0xB4, 0x17D), (0xB8, 0x17E),
                (0xBC, 0x152), (0xBD, 0x153), (0xBE, 0x178),
            ]
            for (byte, character) in changed { upper[byte - 0x80] = character }
            return upper
        case .windows1252:
            return [
                0x20AC, 0, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160,
                0x2039, 0x152, 0, 0x17D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013,
                0x2014, 0x2DC, 0x2122, 0x161, 0x203A, 0x153, 0, 0x17E, 0x178,
            ] + latin[32...]
        }
    }
}
