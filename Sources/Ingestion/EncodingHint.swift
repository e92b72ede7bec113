import Definition
import DelimitedText

/// What to tell about a dump that is perhaps in another encoding than UTF-8.
enum EncodingHint {
    /// How the definition says it, to follow behind other remedies.
    static let remedy =
        ", or tell the input's encoding in the definition, as in format: {encoding: windows-1252}"

    /// The same where the file begins with bytes that are no UTF-8, and nothing is said of its
    /// encoding; else empty.
    static func remedy(for file: InputFile) -> String {
        file.input.format.encoding == nil && !file.source.beginsAsUTF8 ? remedy : ""
    }
}

extension TextSource {
    /// Whether the first 64 KiB of the text are UTF-8; also where they cannot be read.
    public var beginsAsUTF8: Bool {
        let size = 64 << 10
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
            count = (try? read(into: UnsafeMutableRawBufferPointer(bytes), at: 0)) ?? 0
        }
        // The last character may be cut in two where the text goes on.
        let end = bytes.count < size ? bytes.count : bytes.lastIndex { $0 < 0x80 } ?? bytes.count
        return bytes[..<end].withUnsafeBytes { RawText.isUTF8($0) }
    }
}
