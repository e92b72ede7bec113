import CLibCrypto

/// Computes SHA-256 checksums, one after the other, with libcrypto.
///
/// It owns a libcrypto context and is therefore not copied; a context costs more to make than a
/// short text to hash, so reuse one hasher for many ids. Running out of memory and a libcrypto
/// that was configured without SHA-256 end the process: neither can be worked around.
public struct SHA256Hasher: ~Copyable {
    /// Stands between the parts of an id: the unit separator, which no id contains.
    public static let partSeparator: UInt8 = 0x1F

    private let context: OpaquePointer

    /// Creates a hasher that has seen no bytes.
    public init() {
        guard let context = EVP_MD_CTX_new() else {
            preconditionFailure("libcrypto has no memory for a checksum")
        }
        self.context = context
        start()
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Adds bytes to those seen so far.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(status == 1, "libcrypto refused bytes for a checksum")
    }

    /// Adds the UTF-8 bytes of a text to those seen so far.
    public mutating func update(_ text: String) {
        var text = text
        text.withUTF8 { update(UnsafeRawBufferPointer($0)) }
    }

    /// The checksum of the bytes seen since the beginning or the last `finish`.
    ///
    /// The hasher is then as new and can be used for the next checksum.
    public mutating func finish() -> SHA256Digest {
        let digest = withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { bytes in
            var length: UInt32 = 0
            let status = EVP_DigestFinal_ex(
                context, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), &length)
            precondition(status == 1 && length == 32, "libcrypto did not finish a checksum")
            return SHA256Digest(bytes: UnsafeRawBufferPointer(bytes))
        }
        start()
        return digest
    }

    /// The checksum of texts, joined by the byte 0x1F.
    public mutating func digest(joining parts: [String]) -> SHA256Digest {
        for (index, part) in parts.enumerated() {
            if index > 0 {
                withUnsafeBytes(of: SHA256Hasher.partSeparator) { update($0) }
            }
            update(part)
        }
        return finish()
    }

    private func start() {
        let status = EVP_DigestInit_ex2(context, sha256, nil)
        precondition(status == 1, "libcrypto has no SHA-256; see its configuration file")
    }
}

/// The algorithm, looked up once: looking it up for each checksum costs several times the hashing
/// of an id.
///
/// Safe to share: libcrypto never changes a fetched algorithm, counts its references atomically,
/// and this one is never given back.
nonisolated(unsafe) private let sha256: OpaquePointer? = EVP_MD_fetch(nil, "SHA256", nil)

extension SHA256Digest {
    /// The checksum of some bytes.
    public init(of bytes: UnsafeRawBufferPointer) {
        var hasher = SHA256Hasher()
        hasher.update(bytes)
        self = hasher.finish()
    }

    /// The checksum of texts, joined by the byte 0x1F; what ids are made from.
    ///
    /// For many ids, use one `SHA256Hasher` instead.
    public init(joining parts: String...) {
        var hasher = SHA256Hasher()
        self = hasher.digest(joining: parts)
    }
}
