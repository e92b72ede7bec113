import DelimitedText
import Diagnostics

/// The rows of one of a run's own files, by the names of their fields.
struct EmittedRows {
    let path: String
    /// What the file's header must be.
    let fields: [String]
    /// Whether the run wrote it for the next one, with an apostrophe more before every apostrophe.
    var isCarried = false

    /// Gives each row to `body`, in the order of the file.
    ///
    /// - Throws: `TrueupError.run` where the file is not as a run wrote it; what `body` throws.
    func forEach(_ body: ([String: String]) throws -> Void) throws {
        do {
            let source = try TextSource(path: path)
            var cursor = RecordCursor(source: source)
            try cursor.record(at: source.textStart)
            let header = (0..<cursor.fieldCount).map { text(cursor.field($0)) }
            guard header == fields else { throw damaged(found: header.joined(separator: ",")) }
            while cursor.nextOffset < source.size {
                try cursor.record(at: cursor.nextOffset)
                guard cursor.problem == nil, cursor.fieldCount == fields.count else {
                    throw damaged(found: "a row of \(cursor.fieldCount) fields")
                }
                var values: [String: String] = [:]
                for (index, name) in fields.enumerated() {
                    values[name] = withoutApostrophe(text(cursor.field(index)))
                }
                try body(values)
            }
        } catch let error as TextSourceError {
            throw TrueupError.run(
                Finding(
                    "the file of the run cannot be read", at: SourcePosition(file: path),
                    found: error.description, remedy: "restore the run's folder"))
        }
    }

    private func text(_ bytes: UnsafeRawBufferPointer) -> String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// Takes off the apostrophe that keeps a spreadsheet from running a cell.
    ///
    /// A cell that is a number after its apostrophe would not have got one, so it is the text's own.
    private func withoutApostrophe(_ text: String) -> String {
        var text = text
        guard text.utf8.first == UInt8(ascii: "'"),
            isCarried || text.withUTF8({ OutputBuffer.isGuarded(UnsafeRawBufferPointer($0)) })
        else { return text }
        return String(Substring(text.utf8.dropFirst()))
    }

    private func damaged(found: String) -> TrueupError {
        .run(
            Finding(
                "the file is not as a run wrote it", at: SourcePosition(file: path),
                expected: fields.joined(separator: ","), found: found,
                remedy: "restore the run's folder"))
    }
}
