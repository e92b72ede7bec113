import Diagnostics

extension RunHistory {
    /// The checksum that a run's `SHA256SUMS` gives for one of its files; nil where it lists none.
    ///
    /// - Throws: `TrueupError.run` where the list cannot be read.
    public func recordedChecksum(
        of file: String, in run: RunID
    ) throws(TrueupError) -> SHA256Digest? {
        var bytes: [UInt8] = []
        _ = try FileReader.readWhole("\(folder(of: run))/\(Layout.checksums)") {
            bytes.append(contentsOf: $0)
        }
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[1].dropFirst() == file else { continue }
            return SHA256Digest(hex: parts[0])
        }
        return nil
    }
}
