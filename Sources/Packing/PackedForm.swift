/// How a file is packed, as its first bytes tell, whatever it is called.
public enum PackedForm: String, Sendable, CaseIterable {
    case gzip, zstd, xz, bzip2, zip

    /// How many bytes of the beginning are enough to tell.
    public static let longestMark = 10

    /// Recognises a form; nil where the bytes are the beginning of none.
    ///
    /// No text begins so: all forms but two begin with bytes that are no letters, a zip file has
    /// control characters behind its `PK`, and of bzip2 the whole ten bytes are looked at, for a
    /// header of a CSV file might well begin with `BZh`.
    public init?(beginning bytes: some Sequence<UInt8>) {
        let bytes = Array(bytes.prefix(PackedForm.longestMark))
        if bytes.starts(with: [0x1F, 0x8B, 8]) {
            self = .gzip
        } else if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD])
            || (bytes.count >= 4 && bytes[0] & 0xF0 == 0x50
                && bytes[1...3].elementsEqual([0x2A, 0x4D, 0x18]))
        {
            // The second one is a frame of remarks, with which some programs begin.
            self = .zstd
        } else if bytes.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0]) {
            self = .xz
        } else if bytes.count == 10, bytes.starts(with: Array("BZh".utf8)),
            (0x31...0x39).contains(bytes[3]),
            // The first block, or the end where there is none.
            [[0x31, 0x41, 0x59, 0x26, 0x53, 0x59], [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]]
                .contains(Array(bytes[4...]))
        {
            self = .bzip2
        } else if bytes.starts(with: [0x50, 0x4B, 3, 4]) || bytes.starts(with: [0x50, 0x4B, 5, 6]) {
            // The second one is a zip file without contents.
            self = .zip
        } else {
            return nil
        }
    }
}

/// Why a packed file cannot be read as a text.
public struct UnpackingError: Error, Sendable, Hashable {
    /// What was found, in words.
    public let found: String
    /// What to do about it.
    public let remedy: String

    /// Says what was found, and what to do.
    public init(_ found: String, remedy: String = "pack or fetch the file again") {
        self.found = found
        self.remedy = remedy
    }

    init(_ form: PackedForm, _ error: PackingError) {
        guard !error.isTooWide else {
            self.init(
                "a \(form.rawValue) file that needs more than 128 MiB of memory to be unpacked",
                remedy: "unpack it, or pack it without --long")
            return
        }
        self.init("a \(form.rawValue) file that is damaged or cut off: \(error.message)")
    }

    static func trailing(_ form: PackedForm) -> UnpackingError {
        UnpackingError("a \(form.rawValue) file with something else behind its end")
    }
}
