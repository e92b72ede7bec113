/// The lines of a file that `sha256sum -c` checks.
public struct ChecksumList: Sendable {
    /// The files with their checksums, in the order of the lines.
    public let files: [(name: String, digest: SHA256Digest)]

    /// A line for each file, sorted by the bytes of its name.
    public init(_ files: [(name: String, digest: SHA256Digest)]) {
        self.files = files.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    /// Reads the lines as a run writes them; nil where one of them is no such line, or where a name
    /// stands there twice.
    public init?(reading text: [UInt8]) {
        var files: [(name: String, digest: SHA256Digest)] = []
        var names: Set<String> = []
        guard text.isEmpty || text.last == UInt8(ascii: "\n") else { return nil }
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .dropLast()
        {
            let name = String(decoding: line.dropFirst(66), as: UTF8.self)
            guard line.dropFirst(64).starts(with: Array("  ".utf8)), !name.isEmpty,
                let digest = SHA256Digest(hex: String(decoding: line.prefix(64), as: UTF8.self)),
                names.insert(name).inserted
            else { return nil }
            files.append((name, digest))
        }
        self.files = files
    }

    /// The lines, in the order of the files.
    var text: String { files.map { "\($0.digest.hex)  \($0.name)\n" }.joined() }
}
