// Owns raw memory through `GrowingBuffer`. Invariant: `bounds` holds, for each record that was made
// ready, the end of each of its texts within `bytes`; what a text is given as is valid until another
// text is added.

/// Texts that were made of a block's records and that stand in no file.
///
/// Such are a sum of columns, or a time in another form. They live as long as the block.
@usableFromInline
struct MadeTexts: ~Copyable {
    @usableFromInline var bytes = GrowingBuffer<UInt8>(capacity: 0)
    @usableFromInline var bounds = GrowingBuffer<UInt32>(capacity: 0)
    @usableFromInline var marks = GrowingBuffer<UInt32>(capacity: 0)
    /// How many texts each record has.
    @usableFromInline var width = 0

    @usableFromInline init() {}

    mutating func forget() {
        bytes.count = 0
        bounds.count = 0
        marks.count = 0
        width = 0
    }
}

extension RecordTape {
    /// Makes ready for so many further texts of each record, which are then given in order.
    public mutating func beginMadeTexts(_ count: Int) {
        made.forget()
        made.width = count
    }

    /// Adds bytes to the text that is being made.
    public mutating func makeText(_ text: UnsafeRawBufferPointer) {
        guard let source = text.baseAddress, text.count > 0 else { return }
        let end = made.bytes.count
        made.bytes.reserve(end + text.count)
        UnsafeMutableRawPointer(made.bytes.base + end).copyMemory(
            from: source, byteCount: text.count)
        made.bytes.count = end + text.count
    }

    /// Adds a byte to the text that is being made.
    public mutating func makeText(_ byte: UInt8) { made.bytes.append(byte) }

    /// Ends the text that is being made; one to which nothing was added is empty.
    public mutating func endMadeText() {
        made.bounds.append(UInt32(truncatingIfNeeded: made.bytes.count))
    }

    /// Ends the record, whose texts not yet made are empty; `mark` is whatever its maker notes.
    public mutating func endMadeRecord(mark: UInt32) {
        made.marks.append(mark)
        while made.bounds.count < made.marks.count * made.width { endMadeText() }
    }

    /// What the maker of a record's texts noted.
    @inlinable
    public func mark(of record: Int) -> UInt32 { made.marks[record] }

    /// A text that was made of a record, valid until the next block is scanned.
    @inlinable
    public func madeText(_ record: Int, _ index: Int) -> UnsafeRawBufferPointer {
        let place = record &* made.width &+ index
        let end = Int(made.bounds[place])
        let start = place == 0 ? 0 : Int(made.bounds[place &- 1])
        return UnsafeRawBufferPointer(start: made.bytes.base + start, count: end &- start)
    }
}
