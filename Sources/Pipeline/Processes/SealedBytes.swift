import Diagnostics
import Records
import RunStore

/// What stands around bytes that one process of a run hands to another: what they are and which version
/// wrote them at the beginning, and a checksum at the end.
///
/// Under a run's secret key the checksum is one that only processes of the run can make.
struct Seal {
    /// What the bytes are, in a word.
    enum Content: String {
        case plan, survey, part
    }

    /// How many bytes a checksum takes: its hexadecimal digits.
    static let width = 64

    /// The line at the beginning.
    static func header(_ content: Content) -> [UInt8] {
        Array("trueup \(content.rawValue) \(ProgramVersion.text)\n".utf8)
    }

    /// What makes the checksum, which has seen the key.
    static func hasher(_ key: FingerprintKey?) -> SHA256Hasher {
        var hasher = SHA256Hasher()
        key?.fieldBytes.withUnsafeBytes { hasher.update($0) }
        return hasher
    }

    /// Bytes with everything around them.
    static func seal(_ bytes: [UInt8], as content: Content, _ key: FingerprintKey?) -> [UInt8] {
        let body = header(content) + bytes
        return body + digest(of: body, key)
    }

    /// The bytes within; `path` is where they come from.
    ///
    /// - Throws: `TrueupError.run` where they are something else, or of another version, or damaged.
    static func open(
        _ sealed: [UInt8], as content: Content, _ key: FingerprintKey?, path: String
    ) throws(TrueupError) -> [UInt8] {
        let header = header(content)
        guard sealed.starts(with: header) else {
            throw foreign(content, Array(sealed.prefix(header.count)), path: path)
        }
        guard sealed.count >= header.count + width else { throw damaged(content, path: path) }
        let body = Array(sealed.dropLast(width))
        guard digest(of: body, key).elementsEqual(sealed.suffix(width)) else {
            throw damaged(content, path: path)
        }
        return Array(body.dropFirst(header.count))
    }

    private static func digest(of body: [UInt8], _ key: FingerprintKey?) -> [UInt8] {
        var hasher = hasher(key)
        body.withUnsafeBytes { hasher.update($0) }
        return Array(hasher.finish().hex.utf8)
    }

    /// What is said of a file that begins as another one does.
    static func foreign(
        _ content: Content, _ beginning: [UInt8], path: String
    ) -> TrueupError {
        let found = String(decoding: beginning, as: UTF8.self).prefix { $0.isASCII && $0 != "\n" }
        let isOurs = found.hasPrefix("trueup \(content.rawValue) ")
        return .run(
            Finding(
                isOurs
                    ? "the \(content.rawValue) is of another version of the program"
                    : "this is no \(content.rawValue)",
                at: SourcePosition(file: path),
                expected: "a \(content.rawValue) of version \(ProgramVersion.text)",
                found: isOurs ? String(found) : nil,
                remedy: "make it with the same program by which it is read"))
    }

    /// What is said of a file that is not as it was made, or that another run made.
    static func damaged(_ content: Content, path: String) -> TrueupError {
        .run(
            Finding(
                "the \(content.rawValue) is damaged, or of another run",
                at: SourcePosition(file: path), expected: "the checksum at its end",
                remedy: "make it again, from the same plan"))
    }
}
