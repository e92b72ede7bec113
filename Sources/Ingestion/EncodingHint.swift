import Definition
import DelimitedText

/// What to tell about a dump that is perhaps in another encoding than UTF-8.
enum EncodingHint {
    /// How the definition says it, to follow behind other remedies.
    static let remedy =
        ", or tell the input's encoding in the definition, as in format: {encoding: windows-1252}"

    /// How much of a file is looked at.
    private static let size = 64 << 10

    /// The same where the file begins with bytes that are no UTF-8, and nothing is said of its
    /// encoding; else empty.
    static func remedy(for file: InputFile) -> String {
        guard file.input.format.encoding == nil, file.source.encoding == .utf8 else { return "" }
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
            let memory = UnsafeMutableRawBufferPointer(bytes)
            count = (try? file.source.read(into: memory, at: 0)) ?? 0
        }
        // The last character may be cut in two where the file goes on.
        let end = bytes.count < size ? bytes.count : bytes.lastIndex { $0 < 0x80 } ?? bytes.count
        let isText = bytes[..<end].withUnsafeBytes { RawText.isUTF8($0) }
        return isText ? "" : remedy
    }
}
