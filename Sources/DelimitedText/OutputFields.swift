// Reads fields through raw addresses. Invariant: of a field of n bytes, only bytes 0..<n are read;
// 16 bytes are written at once only where room for them was reserved.

extension OutputBuffer {
    /// Appends a field, in quotes where it needs them.
    ///
    /// Quotes are needed around the delimiter, a quote, a line end, and around a space or tab at
    /// either end, which readers trim. A cell that a spreadsheet would run as a formula gets an
    /// apostrophe before it.
    public mutating func appendField(_ field: UnsafeRawBufferPointer) {
        guard let source = field.baseAddress, field.count > 0 else { return }
        reserve(field.count &+ 16)
        let isPlain: Bool
        if field.count <= 16 {
            let bytes = OutputBuffer.load(source, field.count)
            (base + count).storeBytes(of: bytes, as: SIMD16<UInt8>.self)
            isPlain = !hasSpecial(bytes)
        } else {
            isPlain = copyPlain(source, field.count)
        }
        let first = source.load(as: UInt8.self)
        let last = source.load(fromByteOffset: field.count &- 1, as: UInt8.self)
        if isPlain, first > UInt8(ascii: "@") || OutputBuffer.isHarmless(first: first),
            last != Byte.space, last != Byte.tab
        {
            filled &+= field.count
            return
        }
        appendUnusual(field, isPlain: isPlain)
    }

    /// Appends a string as a field, in quotes where it needs them.
    public mutating func appendField(_ text: String) {
        var text = text
        text.withUTF8 { appendField(UnsafeRawBufferPointer($0)) }
    }

    /// Appends a field that is put together from several pieces, in quotes where it needs them.
    ///
    /// `compose` appends the pieces as they are.
    public mutating func appendField(composedBy compose: (inout OutputBuffer) -> Void) {
        let start = count
        compose(&self)
        guard count > start else { return }
        let field = UnsafeRawBufferPointer(start: base + start, count: count - start)
        let first = field[0]
        let last = field[field.count - 1]
        let delimiter = delimiter
        let isPlain = !field.contains {
            $0 == delimiter || $0 == Byte.quote || $0 == Byte.lineFeed
                || $0 == Byte.carriageReturn
        }
        if isPlain, OutputBuffer.isHarmless(first: first),
            last != Byte.space, last != Byte.tab
        {
            return
        }
        let pieces = [UInt8](field)
        filled = start
        pieces.withUnsafeBytes { appendField($0) }
    }

    /// Appends a field that is a list: its items with a space between each two.
    public mutating func appendField(listOf count: Int, item: (Int) -> UnsafeRawBufferPointer) {
        appendField { buffer in
            for place in 0..<count {
                if place > 0 { buffer.append(byte: Byte.space) }
                buffer.append(item(place))
            }
        }
    }

    /// Appends a field that does not stand as it is.
    @inline(never)
    mutating func appendUnusual(_ field: UnsafeRawBufferPointer, isPlain: Bool) {
        let (first, last) = (field[0], field[field.count - 1])
        let isQuoted =
            !isPlain || first == Byte.space || first == Byte.tab || last == Byte.space
            || last == Byte.tab
        // Every byte may be a quote, and there are three more: two quotes around, an apostrophe.
        reserve(field.count * 2 + 3)
        if isQuoted { append(byte: Byte.quote) }
        if OutputBuffer.wouldRun(field) { append(byte: UInt8(ascii: "'")) }
        if isPlain {
            append(field)
        } else {
            var end = filled
            for byte in field {
                base.storeBytes(of: byte, toByteOffset: end, as: UInt8.self)
                // A quote is written once more over the byte that would come next.
                base.storeBytes(of: byte, toByteOffset: end &+ 1, as: UInt8.self)
                end &+= byte == Byte.quote ? 2 : 1
            }
            filled = end
        }
        if isQuoted { append(byte: Byte.quote) }
    }

    /// Whether a spreadsheet would take the cell for a formula: it begins like one and is no number.
    ///
    /// Nor may it begin with apostrophes before such a text: the first would be taken for one that
    /// was put there.
    static func wouldRun(_ cell: UnsafeRawBufferPointer) -> Bool {
        let cell = cell.drop { $0 == UInt8(ascii: "'") }
        return switch cell.first {
        case UInt8(ascii: "="), UInt8(ascii: "@"), Byte.tab, Byte.carriageReturn: true
        case UInt8(ascii: "+"), UInt8(ascii: "-"): !isNumber(cell.dropFirst())
        default: false
        }
    }

    /// Whether a cell that was written got an apostrophe before it, which a reader takes off.
    public static func isGuarded(_ cell: UnsafeRawBufferPointer) -> Bool {
        cell.first == UInt8(ascii: "'") && wouldRun(cell)
    }

    /// Whether the text is digits, and at most one point with digits behind it.
    private static func isNumber(_ text: Slice<UnsafeRawBufferPointer>) -> Bool {
        let parts = text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count <= 2
            && parts.allSatisfy { part in
                !part.isEmpty && part.allSatisfy { (0x30...0x39).contains($0) }
            }
    }

    /// Whether a cell that begins with this byte can neither be run nor needs quotes for it.
    static func isHarmless(first: UInt8) -> Bool {
        switch first {
        case UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "'"), Byte.tab, Byte.carriageReturn, Byte.space:
            false
        default: true
        }
    }

    /// Copies a field of more than 16 bytes behind what is held; false where it needs quotes.
    func copyPlain(_ source: UnsafeRawPointer, _ length: Int) -> Bool {
        let target = base + count
        var special = SIMD2<UInt64>(repeating: 0)
        var offset = 0
        while offset < length {
            // The last step goes over some bytes again rather than beyond the end.
            let place = min(offset, length &- 16)
            let bytes = source.loadUnaligned(fromByteOffset: place, as: SIMD16<UInt8>.self)
            target.storeBytes(of: bytes, toByteOffset: place, as: SIMD16<UInt8>.self)
            special |= specialLanes(bytes)
            offset &+= 16
        }
        return special[0] | special[1] == 0
    }

    /// Up to 16 bytes, filled up with zeros.
    @inline(__always)
    static func load(_ source: UnsafeRawPointer, _ length: Int) -> SIMD16<UInt8> {
        if length == 16 { return source.loadUnaligned(as: SIMD16<UInt8>.self) }
        var halves = SIMD2<UInt64>(repeating: 0)
        if length >= 8 {
            halves[0] = source.loadUnaligned(as: UInt64.self)
            // The last eight bytes, shifted so that those of the first half fall out.
            halves[1] =
                source.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
                >> UInt64((16 &- length) &* 8)
        } else if length >= 4 {
            let low = UInt64(source.loadUnaligned(as: UInt32.self))
            let high = UInt64(
                source.loadUnaligned(fromByteOffset: length &- 4, as: UInt32.self))
            halves[0] = low | high << UInt64((length &- 4) &* 8)
        } else {
            for place in 0..<length {
                let byte = source.load(fromByteOffset: place, as: UInt8.self)
                halves[0] |= UInt64(byte) << UInt64(place &* 8)
            }
        }
        return unsafeBitCast(halves, to: SIMD16<UInt8>.self)
    }

    @inline(__always)
    func hasSpecial(_ bytes: SIMD16<UInt8>) -> Bool {
        let lanes = specialLanes(bytes)
        return lanes[0] | lanes[1] != 0
    }

    /// Which of the bytes force quotes around their field.
    @inline(__always)
    func specialLanes(_ bytes: SIMD16<UInt8>) -> SIMD2<UInt64> {
        let delimiters = SIMD16<UInt8>(repeating: delimiter)
        let quotes = SIMD16<UInt8>(repeating: Byte.quote)
        let lineFeeds = SIMD16<UInt8>(repeating: Byte.lineFeed)
        let carriageReturns = SIMD16<UInt8>(repeating: Byte.carriageReturn)
        let mask =
            ((bytes .== delimiters) .| (bytes .== quotes))
            .| ((bytes .== lineFeeds) .| (bytes .== carriageReturns))
        return unsafeBitCast(mask, to: SIMD2<UInt64>.self)
    }
}
