import DelimitedText
import Glibc

/// What must hold of a file of any bytes that is opened as a dump.
struct PackedLaws {
    let bytes: [UInt8]

    func check() throws {
        // What is said of the encoding is chosen by the bytes.
        let choices = [nil] + TextEncoding.allCases.map(Optional.init)
        let said = choices[Int(bytes.fingerprint % UInt64(choices.count))]
        try withFile { path in
            let source: TextSource
            do throws(TextSourceError) {
                source = try TextSource(dump: path, encoding: said)
            } catch {
                guard case .packed = error else { throw error }
                try hold(error.remedy?.isEmpty == false, "an error says what to do")
                return
            }
            let text = try read(source, from: 0)
            try hold(source.fileSize, is: bytes.count, "the file's size is told")
            try hold(text.count, is: source.size, "the text has the size that is told")
            try hold(source.isDecoded || text == bytes, "what is not decoded stays as it is")
            if source.isDecoded, source.encoding != .utf8 {
                // What stands for no character is a byte of no text; all else is text.
                let parts = text.split(separator: 0xFF).allSatisfy { part in
                    part.withUnsafeBytes { String(validating: $0, as: UTF8.self) != nil }
                }
                try hold(parts, "what is decoded is UTF-8")
            }
            let middle = text.count / 2
            try hold(
                try read(source, from: middle), is: Array(text[middle...]),
                "any part of a text can be read again")
            let again = try TextSource(dump: path, encoding: said)
            try hold(try read(again, from: 0), is: text, "the same bytes are the same text")
            try source.verifyUnchanged()
        }
    }

    private func read(_ source: TextSource, from start: Int) throws -> [UInt8] {
        var text = [UInt8](repeating: 0, count: source.size - start + 1)
        let count = try text.withUnsafeMutableBytes { try source.read(into: $0, at: start) }
        return Array(text[..<count])
    }

    /// Calls `body` with the path of a file of the bytes, which has no name of its own.
    private func withFile(_ body: (String) throws -> Void) throws {
        var template = Array("/tmp/trueup-fuzz-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        try hold(descriptor >= 0, "a file can be made")
        unlink(template)
        defer { close(descriptor) }
        try hold(write(descriptor, bytes, bytes.count), is: bytes.count, "a file can be written")
        try body("/proc/self/fd/\(descriptor)")
    }
}
