// UNSAFE MEMORY. The invariant of this file: `offset` lies between 0 and `text.count`, and a byte
// is read at an offset only after that offset was found to be less than `text.count`.

/// Takes the tokens of a JSON text apart, strictly by RFC 8259.
struct JSONScanner {
    let text: UnsafeRawBufferPointer
    private(set) var offset = 0

    init(_ text: UnsafeRawBufferPointer) {
        self.text = text
    }

    /// The byte at the offset, or nil at the end.
    @inline(__always)
    var next: UInt8? { offset < text.count ? text[offset] : nil }

    /// What is wrong at the offset: the given reason, or that the text ends.
    func problem(_ reason: DetailsProblem.Reason) -> DetailsProblem {
        let isAtEnd = offset >= text.count
        return DetailsProblem(offset: offset, reason: isAtEnd ? .endOfText : reason)
    }

    @inline(__always)
    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            offset += 1
        }
    }

    /// Passes a byte where it is the next one.
    @inline(__always)
    mutating func pass(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        offset += 1
        return true
    }

    /// Passes the rest of `true`, `false` or `null`.
    mutating func literal(_ word: StaticString) throws(DetailsProblem) {
        for index in 0..<word.utf8CodeUnitCount {
            guard pass(word.utf8Start[index]) else { throw problem(.expectedValue) }
        }
    }

    /// Passes a number and returns where it stands.
    mutating func number() throws(DetailsProblem) -> Range<Int> {
        let begin = offset
        _ = pass(UInt8(ascii: "-"))
        if !pass(UInt8(ascii: "0")) { try digits() }
        if pass(UInt8(ascii: ".")) { try digits() }
        if pass(UInt8(ascii: "e")) || pass(UInt8(ascii: "E")) {
            if !pass(UInt8(ascii: "+")) { _ = pass(UInt8(ascii: "-")) }
            try digits()
        }
        return begin..<offset
    }

    private mutating func digits() throws(DetailsProblem) {
        let begin = offset
        while let byte = next, byte &- UInt8(ascii: "0") < 10 { offset += 1 }
        guard offset > begin else { throw problem(.invalidNumber) }
    }

    /// Passes a string, from its opening quote on, and appends its content where that is wanted.
    mutating func string(
        appendingTo content: inout ScratchBuffer<UInt8>, isWanted: Bool
    ) throws(DetailsProblem) {
        offset += 1
        while true {
            let begin = offset
            skipPlainBytes()
            if isWanted, offset > begin {
                content.append(contentsOf: text[begin..<offset])
            }
            guard let byte = next else { throw problem(.endOfText) }
            if byte == UInt8(ascii: "\"") {
                offset += 1
                return
            } else if byte == UInt8(ascii: "\\") {
                let scalar = try escape()
                if isWanted { content.append(scalar: scalar) }
            } else {
                guard byte >= 0x20 else { throw problem(.controlCharacter) }
                guard let scalar = UTF8Reading.scalar(in: text, at: offset) else {
                    throw DetailsProblem(offset: offset, reason: .invalidUTF8)
                }
                if isWanted { content.append(scalar: scalar.value) }
                offset += scalar.length
            }
        }
    }

    /// Passes ASCII that stands for itself, eight bytes a step.
    @inline(__always)
    private mutating func skipPlainBytes() {
        let ones: UInt64 = 0x0101_0101_0101_0101
        while text.count - offset >= 8 {
            let word = text.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            // The high bit of a byte is set where it is a quote, a backslash, below 0x20 or beyond
            // ASCII; a borrow may set others too, which the loop below then looks at.
            let special =
                ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
                | ((word &- ones &* 0x20) & ~word) | word
            if special & (ones &* 0x80) != 0 { break }
            offset += 8
        }
        while let byte = next, byte >= 0x20, byte < 0x80, byte != UInt8(ascii: "\""),
            byte != UInt8(ascii: "\\")
        {
            offset += 1
        }
    }

    /// Passes an escape and returns the scalar that it stands for.
    private mutating func escape() throws(DetailsProblem) -> UInt32 {
        let begin = offset
        offset += 1
        guard let letter = next else { throw problem(.endOfText) }
        let simple: UInt32? =
            switch letter {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): UInt32(letter)
            case UInt8(ascii: "b"): 0x08
            case UInt8(ascii: "f"): 0x0C
            case UInt8(ascii: "n"): 0x0A
            case UInt8(ascii: "r"): 0x0D
            case UInt8(ascii: "t"): 0x09
            default: nil
            }
        if simple == nil, letter != UInt8(ascii: "u") { throw problem(.invalidEscape) }
        offset += 1
        if let simple { return simple }
        let unit = try hexadecimalUnit()
        guard unit & 0xF800 == 0xD800 else { return unit }
        let unpaired = DetailsProblem(offset: begin, reason: .unpairedSurrogate)
        guard unit < 0xDC00 else { throw unpaired }
        guard pass(UInt8(ascii: "\\")), pass(UInt8(ascii: "u")) else { throw unpaired }
        let low = try hexadecimalUnit()
        guard low & 0xFC00 == 0xDC00 else { throw unpaired }
        return 0x1_0000 + (unit & 0x3FF) << 10 + low & 0x3FF
    }

    private mutating func hexadecimalUnit() throws(DetailsProblem) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next else { throw problem(.endOfText) }
            let digit: UInt8 =
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
                case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
                case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
                default: 16
                }
            guard digit < 16 else { throw problem(.invalidEscape) }
            unit = unit << 4 | UInt32(digit)
            offset += 1
        }
        return unit
    }
}

extension ScratchBuffer<UInt8> {
    /// Appends bytes of a text.
    mutating func append(contentsOf bytes: Slice<UnsafeRawBufferPointer>) {
        UnsafeRawBufferPointer(rebasing: bytes).withMemoryRebound(to: UInt8.self) {
            append(contentsOf: $0)
        }
    }

    /// Appends a scalar as UTF-8.
    mutating func append(scalar: UInt32) {
        let begin = count
        setCount(begin + UTF8Reading.write(scalar, to: room(begin + 4), at: begin))
    }
}
