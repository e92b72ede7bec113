// Owns a small piece of scratch memory. Invariant: it is as long as the longest user that a table can
// hold, in lower case, and no text in it is kept past the next row.

import DelimitedText
import Diagnostics
import Records

/// Reads the texts of rows again, where the tables keep none; used by one thread.
///
/// Rows asked for in rising order cost one pass over the files.
public struct RowTexts: ~Copyable {
    private let dumps: Dumps
    private var file = -1
    private var cursor: RecordCursor?
    private let scratch: UnsafeMutableRawBufferPointer

    /// Opens nothing yet.
    public init(_ dumps: Dumps) {
        self.dumps = dumps
        // A lower-case letter takes at most three times the bytes of its upper-case one.
        scratch = .allocate(byteCount: 3 * FieldReader.longestKey, alignment: 8)
    }

    deinit { scratch.deallocate() }

    /// Goes to a row; every text of the row before is no longer valid.
    ///
    /// - Throws: `TrueupError.run` where the file cannot be read any more.
    public mutating func go(to place: RowPlace) throws {
        if place.file != file {
            file = place.file
            cursor = RecordCursor(source: dumps.files.all[file].source)
        }
        do {
            try cursor?.record(at: place.offset)
        } catch {
            throw dumps.unreadable(file, error)
        }
    }

    /// The text of a field of the row, without surrounding blanks; valid until the next row.
    public func text(_ field: some RecordFieldSet) -> UnsafeRawBufferPointer {
        switch cursor {
        case nil: UnsafeRawBufferPointer(start: nil, count: 0)
        case .some(let cursor): dumps.bindings[file].text(field.rawValue, cursor)
        }
    }

    /// An id in the row, without a spreadsheet's apostrophe; valid until the next row.
    public func id(_ field: some RecordFieldSet) -> UnsafeRawBufferPointer {
        FieldText.id(text(field))
    }

    /// The text of a field of the row as a string of its own.
    public func string(_ field: some RecordFieldSet) -> String {
        String(decoding: text(field), as: UTF8.self)
    }

    /// The row's user in lower case; valid until the next row or user.
    public mutating func user(_ field: some RecordFieldSet) -> UnsafeRawBufferPointer {
        let text = text(field)
        guard text.count <= scratch.count else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        var all: UInt8 = 0
        for (index, byte) in text.enumerated() {
            all |= byte
            scratch[index] = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
        }
        if all < 0x80 { return UnsafeRawBufferPointer(rebasing: scratch[..<text.count]) }
        let lowered = Array(string(field).lowercased().utf8.prefix(scratch.count))
        scratch.copyBytes(from: lowered)
        return UnsafeRawBufferPointer(rebasing: scratch[..<lowered.count])
    }

    /// The record as it stands in the file, without its line end; valid until the next row.
    public var raw: UnsafeRawBufferPointer {
        switch cursor {
        case nil: UnsafeRawBufferPointer(start: nil, count: 0)
        case .some(let cursor): cursor.rawText
        }
    }

    /// Every mapped field of the row, for telling whether two rows say the same.
    public mutating func content(fieldCount: Int) -> [UInt8] {
        var content: [UInt8] = []
        switch cursor {
        case nil: break
        case .some(let cursor):
            for field in 0..<fieldCount {
                content.append(contentsOf: dumps.bindings[file].text(field, cursor))
                content.append(0x1F)
            }
        }
        return content
    }
}
