// UNSAFE MEMORY. The invariant of this file: what is written for one input scalar is never longer
// than three bytes for each of its own, so room for three times the input, and a space, suffices;
// and a word of at least one byte stands between two separators, so there are at most half as
// many words as bytes, rounded up.

import JSONText

/// The form in which names and descriptions are compared.
///
/// Lower case, without accents, words of letters and digits with one space between them:
///
/// - Latin letters lose their accents, whether composed or not, and ligatures become two letters:
///   `ß` is `ss`, `æ` is `ae`, `ø` is `o`, `ł` is `l`, `þ` is `th`. Greek and Cyrillic letters lose
///   theirs too. Other scripts are only put in lower case.
/// - Apostrophes, soft hyphens and joiners vanish, so that `king's` is `kings`. Every other mark,
///   symbol, space or control character separates words, and so does every byte that is not valid
///   UTF-8.
///
/// A value is made once and set again for each text; warm calls allocate nothing.
public struct NormalizedText: ~Copyable {
    private var buffer = ScratchBuffer<UInt8>(capacity: 256)
    private var wordBounds = ScratchBuffer<WordBounds>(capacity: 64)

    /// Where a word lies: UTF-8 offsets from the first byte of the normalized text.
    struct WordBounds: BitwiseCopyable {
        var start: Int
        var end: Int
    }

    /// An empty text.
    public init() {}

    /// The normalized text as valid UTF-8, words separated by one space; valid until the next
    /// `set`.
    public var bytes: UnsafeRawBufferPointer { buffer.bytes }

    /// The number of words.
    public var wordCount: Int { wordBounds.count }

    /// Where a word lies in `bytes`; words are counted from 0.
    public func word(_ index: Int) -> Range<Int> {
        let bounds = wordBounds[index]
        return bounds.start..<bounds.end
    }

    /// The bounds of all words in order; valid until the next `set`.
    var words: UnsafeMutableBufferPointer<WordBounds> { wordBounds.elements }

    /// Replaces the text by the normalized form of another, which may be invalid UTF-8.
    ///
    /// Complexity: one pass, with a table look-up for each character beyond ASCII.
    public mutating func set(_ text: UnsafeRawBufferPointer) {
        var writer = WordWriter(
            out: buffer.room(3 * text.count + 1),
            words: wordBounds.room(text.count / 2 + 1))
        var offset = 0
        while offset < text.count {
            let byte = text[offset]
            if byte < 0x80 {
                offset += 1
                let lower = byte | 0x20
                if lower &- UInt8(ascii: "a") < 26 {
                    writer.append(lower)
                } else if byte &- UInt8(ascii: "0") < 10 {
                    writer.append(byte)
                } else if byte != UInt8(ascii: "'") {
                    writer.endWord()
                }
            } else {
                offset += writer.appendBeyondASCII(of: text, at: offset)
            }
        }
        writer.endWord()
        buffer.setCount(writer.count)
        wordBounds.setCount(writer.wordCount)
    }
}

extension NormalizedText {
    /// Replaces the text by the normalized form of a string.
    public mutating func set(of string: String) {
        var string = string
        string.withUTF8 { set(UnsafeRawBufferPointer($0)) }
    }
}

/// Writes words with one space between them.
private struct WordWriter {
    let out: UnsafeMutableBufferPointer<UInt8>
    let words: UnsafeMutableBufferPointer<NormalizedText.WordBounds>
    var count = 0
    var wordCount = 0
    var wordStart = 0
    var isInWord = false

    init(
        out: UnsafeMutableBufferPointer<UInt8>,
        words: UnsafeMutableBufferPointer<NormalizedText.WordBounds>
    ) {
        self.out = out
        self.words = words
    }

    @inline(__always)
    private mutating func beginWord() {
        guard !isInWord else { return }
        if count > 0 {
            out[count] = UInt8(ascii: " ")
            count += 1
        }
        wordStart = count
        isInWord = true
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        beginWord()
        out[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func endWord() {
        guard isInWord else { return }
        words[wordCount] = NormalizedText.WordBounds(start: wordStart, end: count)
        wordCount += 1
        isInWord = false
    }

    /// Takes the scalar at an offset, or one byte where there is none, and returns its length.
    @inline(never)
    mutating func appendBeyondASCII(of text: UnsafeRawBufferPointer, at offset: Int) -> Int {
        guard let scalar = UTF8Reading.scalar(in: text, at: offset) else {
            endWord()
            return 1
        }
        switch LetterFolding.fold(scalar.value) {
        case .separator: endWord()
        case .nothing: break
        case .one(let letter):
            beginWord()
            count += UTF8Reading.write(letter, to: out, at: count)
        case .two(let first, let second):
            append(first)
            append(second)
        }
        return scalar.length
    }
}
