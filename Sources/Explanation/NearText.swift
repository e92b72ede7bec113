extension UnsafeRawBufferPointer {
    /// Whether the bytes are those of a text but for case, or but for one byte that is missing, too
    /// many, or another, or two neighbours that have changed places.
    func isNearly(_ text: [UInt8]) -> Bool {
        guard abs(count - text.count) <= 1, !isEmpty else { return false }
        var start = 0
        let shorter = Swift.min(count, text.count)
        while start < shorter, isSame(self[start], text[start]) { start += 1 }
        var end = 0
        while end < shorter - start, isSame(self[count - 1 - end], text[text.count - 1 - end]) {
            end += 1
        }
        let own = count - start - end
        let other = text.count - start - end
        if own <= 1, other <= 1 { return true }
        return own == 2 && other == 2 && isSame(self[start], text[start + 1])
            && isSame(self[start + 1], text[start])
    }

    private func isSame(_ left: UInt8, _ right: UInt8) -> Bool {
        left == right || (lowered(left) == lowered(right))
    }

    private func lowered(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
    }

    /// Whether a text stands in the bytes with nothing before and behind it that ids are made of.
    func hasWord(_ text: [UInt8]) -> Bool {
        guard !text.isEmpty, count >= text.count else { return false }
        for start in 0...(count - text.count) where self[start] == text[0] {
            let end = start + text.count
            guard self[start..<end].elementsEqual(text) else { continue }
            let isBegun = start > 0 && isOfID(self[start - 1])
            let goesOn = end < count && isOfID(self[end])
            if !isBegun, !goesOn { return true }
        }
        return false
    }

    private func isOfID(_ byte: UInt8) -> Bool {
        switch lowered(byte) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"), 0x80...:
            true
        default: false
        }
    }
}
