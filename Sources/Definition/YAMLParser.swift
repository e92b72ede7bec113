import CLibYAML

// The only file that touches libyaml's memory. What must hold:
// - `handle` points to an initialised parser at a fixed address (the parser holds pointers into
//   itself), from a successful `init` until `deinit`, and to nothing else.
// - `bytes` outlives the parser, which reads from it and never writes.
// - Every event is deleted before `next` returns; what leaves is copied.

/// What libyaml reports next, copied out of its memory.
struct YAMLEvent {
    enum Kind: Equatable {
        case streamStart, streamEnd, documentStart, documentEnd
        case sequenceStart, sequenceEnd, mappingStart, mappingEnd
        case alias
        case scalar(text: String, isPlain: Bool)
    }

    var kind: Kind
    var mark: YAMLMark
    /// Whether the node carries an anchor, `&name`.
    var hasAnchor: Bool
    /// Whether the node carries a tag, `!name`.
    var hasTag: Bool
}

/// A line and a column, both from 1; the column counts bytes.
struct YAMLMark {
    var line: Int
    var column: Int
}

/// Why libyaml cannot go on.
struct YAMLProblem: Error {
    /// The text of libyaml, such as `did not find expected key`.
    var text: String
    /// What libyaml was doing, such as `while parsing a block mapping`.
    var context: String?
    var contextMark: YAMLMark?
    var mark: YAMLMark
    /// The byte at `mark`; nil at the end of the file.
    var byte: UInt8?
    /// Whether the bytes are no text at all, whatever they were to mean.
    var isEncoding = false
}

/// One libyaml parser over one text of UTF-8, with one owner.
struct YAMLParser: ~Copyable {
    private let handle: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeMutableBufferPointer<UInt8>
    /// The column behind the last line, where that has no line end.
    private let endOfUnendedLine: Int?
    // libyaml counts characters. Its marks mostly move forward, so two cursors that remember where
    // they stand make the translation to bytes linear in the length of the file.
    private var lineCursor = CharacterCursor()
    private var pointCursor = CharacterCursor()

    /// Takes a copy of the text.
    ///
    /// - Throws: only when memory runs out.
    init(_ source: ArraySlice<UInt8>) throws(YAMLProblem) {
        let handle = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
        guard yaml_parser_initialize(handle) == 1 else {
            handle.deallocate()
            throw YAMLProblem(text: "memory is exhausted", mark: YAMLMark(line: 1, column: 1))
        }
        self.handle = handle
        bytes = .allocate(capacity: source.count)
        _ = bytes.initialize(from: source)
        endOfUnendedLine = Self.endOfUnendedLine(source)
        // Without this, libyaml would guess UTF-16 from a byte order mark.
        yaml_parser_set_encoding(handle, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(handle, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(handle)
        handle.deallocate()
        bytes.deallocate()
    }

    /// The next event; not to be called again after an error or after `streamEnd`.
    mutating func next() throws(YAMLProblem) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(handle, &event) == 1 else { throw problem() }
        defer { yaml_event_delete(&event) }
        let mark = position(event.start_mark)
        func made(
            _ kind: YAMLEvent.Kind, anchor: UnsafeMutablePointer<UInt8>? = nil,
            tag: UnsafeMutablePointer<UInt8>? = nil
        ) -> YAMLEvent {
            YAMLEvent(kind: kind, mark: mark, hasAnchor: anchor != nil, hasTag: tag != nil)
        }
        switch event.type {
        case YAML_STREAM_START_EVENT: return made(.streamStart)
        case YAML_DOCUMENT_START_EVENT: return made(.documentStart)
        case YAML_DOCUMENT_END_EVENT: return made(.documentEnd)
        case YAML_ALIAS_EVENT: return made(.alias)
        case YAML_SEQUENCE_END_EVENT: return made(.sequenceEnd)
        case YAML_MAPPING_END_EVENT: return made(.mappingEnd)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            return made(.sequenceStart, anchor: start.anchor, tag: start.tag)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            return made(.mappingStart, anchor: start.anchor, tag: start.tag)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length),
                as: UTF8.self)
            let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE
            return made(
                .scalar(text: text, isPlain: isPlain), anchor: scalar.anchor, tag: scalar.tag)
        default: return made(.streamEnd)
        }
    }

    private mutating func problem() -> YAMLProblem {
        let parser = handle.pointee
        let text = parser.problem.map { String(cString: $0) } ?? "memory is exhausted"
        if parser.error == YAML_READER_ERROR {
            return readerProblem(text, at: min(parser.problem_offset, bytes.count))
        }
        let mark = position(parser.problem_mark)
        let byte = pointCursor.byte < bytes.count ? bytes[pointCursor.byte] : nil
        var problem = YAMLProblem(text: text, mark: mark, byte: byte)
        if let context = parser.context {
            problem.context = String(cString: context)
            problem.contextMark = position(parser.context_mark)
        }
        return problem
    }

    /// Bytes that are no text: libyaml tells their offset, and no line or column.
    private func readerProblem(_ text: String, at offset: Int) -> YAMLProblem {
        let before = bytes[..<offset]
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        return YAMLProblem(
            text: text, mark: YAMLMark(line: line, column: offset - lineStart + 1),
            byte: offset < bytes.count ? bytes[offset] : nil, isEncoding: true)
    }

    private mutating func position(_ mark: yaml_mark_t) -> YAMLMark {
        let text = UnsafeBufferPointer(bytes)
        let column = min(mark.column, mark.index)
        lineCursor.move(to: mark.index - column, in: text)
        pointCursor.move(to: mark.index, in: text)
        if column == 0, pointCursor.byte == text.count, let end = endOfUnendedLine {
            // libyaml ends the last line by itself, and tells of the one below it.
            return YAMLMark(line: mark.line, column: end)
        }
        return YAMLMark(
            line: mark.line + 1, column: pointCursor.byte - lineCursor.byte + 1)
    }

    private static func endOfUnendedLine(_ text: ArraySlice<UInt8>) -> Int? {
        let ends = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].map { Array($0.utf8) }
        let line = text.indices.reversed().prefix { place in
            !ends.contains { text[...place].suffix($0.count).elementsEqual($0) }
        }
        return line.isEmpty ? nil : line.count + 1
    }
}

/// A place in UTF-8, known by its character and its byte, both from 0.
private struct CharacterCursor {
    var character = 0
    var byte = 0

    mutating func move(to target: Int, in text: UnsafeBufferPointer<UInt8>) {
        if target < character { self = CharacterCursor() }
        while character < target, byte < text.count {
            byte += 1
            // Bytes 10xxxxxx continue a character.
            while byte < text.count, text[byte] & 0xC0 == 0x80 { byte += 1 }
            character += 1
        }
    }
}
