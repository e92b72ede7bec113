import CLibCrypto
import Diagnostics

/// An Ed25519 key of libcrypto, read from a PEM file.
///
/// Messages name the file and never what is in it.
// `@unchecked Sendable`: libcrypto changes no key once it is read, and counts its references
// atomically.
final class Ed25519Key: @unchecked Sendable {
    let pointer: OpaquePointer

    /// No key has as many bytes.
    private static let longestFile = 1 << 16

    /// Reads the private key, or the public one, that a file holds.
    init(path: String, isPrivate: Bool) throws(TrueupError) {
        var bytes = try RunHistory.bytes(of: path, limit: Ed25519Key.longestFile)
        let isEncrypted = String(decoding: bytes, as: UTF8.self).contains("ENCRYPTED")
        let key = bytes.withUnsafeMutableBytes { bytes -> OpaquePointer? in
            defer { OPENSSL_cleanse(bytes.baseAddress, bytes.count) }
            guard let memory = BIO_new_mem_buf(bytes.baseAddress, CInt(bytes.count)) else {
                return nil
            }
            defer { BIO_free(memory) }
            // Without an answer of ours libcrypto would ask for a password on the terminal.
            return isPrivate
                ? PEM_read_bio_PrivateKey(memory, nil, { _, _, _, _ in -1 }, nil)
                : PEM_read_bio_PUBKEY(memory, nil, { _, _, _, _ in -1 }, nil)
        }
        ERR_clear_error()
        guard let key else {
            throw Ed25519Key.useless(
                path, isPrivate, isEncrypted ? "a key behind a password" : "no such key")
        }
        pointer = key
        guard EVP_PKEY_is_a(key, "ED25519") == 1 else {
            throw Ed25519Key.useless(path, isPrivate, "a key of another kind")
        }
    }

    deinit { EVP_PKEY_free(pointer) }

    /// What tells the key from others: the checksum of its public half, in DER, as
    /// `openssl pkey -pubout -outform DER | sha256sum` gives it.
    var fingerprint: SHA256Digest {
        var bytes: UnsafeMutablePointer<UInt8>?
        let count = i2d_PUBKEY(pointer, &bytes)
        guard let start = bytes, count > 0 else {
            preconditionFailure("libcrypto has no memory for a key")
        }
        defer { CRYPTO_free(start, nil, 0) }
        return SHA256Digest(of: UnsafeRawBufferPointer(start: start, count: Int(count)))
    }

    private static func useless(_ path: String, _ isPrivate: Bool, _ found: String) -> TrueupError {
        .run(
            Finding(
                "the file holds no \(isPrivate ? "private" : "public") key of Ed25519 in PEM",
                at: SourcePosition(file: path),
                expected: isPrivate
                    ? "what `openssl genpkey -algorithm ed25519` writes"
                    : "what `openssl pkey -pubout` writes",
                found: found,
                remedy: isPrivate
                    ? "openssl genpkey -algorithm ed25519 -out KEY && chmod 600 KEY"
                    : "openssl pkey -in KEY -pubout -out PUBLIC"))
    }
}
