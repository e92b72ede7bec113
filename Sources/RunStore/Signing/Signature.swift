import CLibCrypto
import Diagnostics

/// A private key with which archives are signed.
///
/// What is signed is the line that `sha256sum` writes for the archive: its checksum, which covers
/// every byte of it and by the chain all archives before it, and its name. Ed25519 draws nothing by
/// chance, so that the same archive has the same signature.
public struct SigningKey: Sendable {
    /// What tells the key from others, without telling it.
    public let fingerprint: SHA256Digest
    private let key: Ed25519Key

    /// Reads the key from a PEM file.
    ///
    /// - Throws: `TrueupError.run` where it cannot be read, is no such key, or where others than its
    ///   owner and the group may read it or others than its owner may change it.
    public init(path: String) throws(TrueupError) {
        try SecretFile.check(path)
        key = try Ed25519Key(path: path, isPrivate: true)
        fingerprint = key.fingerprint
    }

    /// The signature of some bytes.
    func sign(_ bytes: [UInt8]) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else {
            preconditionFailure("libcrypto has no memory for a signature")
        }
        defer { EVP_MD_CTX_free(context) }
        var signature = [UInt8](repeating: 0, count: ArchiveSignature.size)
        var count = signature.count
        let isSigned =
            EVP_DigestSignInit(context, nil, nil, nil, key.pointer) == 1
            && EVP_DigestSign(context, &signature, &count, bytes, bytes.count) == 1
        precondition(isSigned && count == signature.count, "libcrypto did not sign")
        return signature
    }
}

/// A public key against which signatures are held.
public struct VerifyingKey: Sendable {
    /// What tells the key from others.
    public let fingerprint: SHA256Digest
    private let key: Ed25519Key

    /// Reads the key from a PEM file.
    ///
    /// - Throws: `TrueupError.run` where it cannot be read, or is no such key.
    public init(path: String) throws(TrueupError) {
        key = try Ed25519Key(path: path, isPrivate: false)
        fingerprint = key.fingerprint
    }

    /// Whether the key's owner signed an archive of this run with this checksum.
    public func isOwner(
        of signature: ArchiveSignature, of run: RunID, digest: SHA256Digest
    ) -> Bool {
        guard let context = EVP_MD_CTX_new() else {
            preconditionFailure("libcrypto has no memory for a signature")
        }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        let text = ArchiveSignature.text(of: run, digest: digest)
        return EVP_DigestVerifyInit(context, nil, nil, nil, key.pointer) == 1
            && EVP_DigestVerify(
                context, signature.bytes, signature.bytes.count, text, text.count) == 1
    }
}

/// The signature that stands beside an archive's checksum.
public struct ArchiveSignature: Sendable {
    /// Bytes of a signature.
    static let size = 64

    let bytes: [UInt8]

    /// Reads the signature of an archive; nil where there is none.
    ///
    /// - Throws: `TrueupError.run` where it cannot be read, or no signature is that long.
    public init?(ofArchive path: String) throws(TrueupError) {
        let path = path + Layout.archiveChecksumSuffix + Layout.signatureSuffix
        guard FileSystem.exists(path) else { return nil }
        bytes = try RunHistory.bytes(of: path, limit: 1 << 12)
        guard bytes.count == ArchiveSignature.size else {
            throw .run(
                Finding(
                    "the file is no signature of Ed25519", at: SourcePosition(file: path),
                    expected: "\(ArchiveSignature.size) bytes", found: "\(bytes.count)",
                    remedy: "restore it from a backup"))
        }
    }

    /// What is signed: the file with the archive's checksum.
    static func text(of run: RunID, digest: SHA256Digest) -> [UInt8] {
        Array(ChecksumList([("\(run)\(Layout.archiveSuffix)", digest)]).text.utf8)
    }
}
