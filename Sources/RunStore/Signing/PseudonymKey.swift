import CLibCrypto
import Diagnostics

/// A secret by which people get other names: the same person the same one, as long as the secret is.
///
/// Without the secret nobody can tell who is meant, nor try out whether a name is that of somebody.
public struct PseudonymKey: Sendable {
    private let key: [UInt8]

    /// A shorter secret could be guessed.
    private static let shortest = 16
    private static let longestFile = 1 << 16

    /// Reads the secret: all of a file but the white space at its end.
    ///
    /// - Throws: `TrueupError.run` where it cannot be read, is too short, or is open to others.
    public init(path: String) throws(TrueupError) {
        try SecretFile.check(path)
        let bytes = try RunHistory.bytes(of: path, limit: PseudonymKey.longestFile)
        let end = bytes.lastIndex { ![0x09, 0x0A, 0x0D, 0x20].contains($0) }.map { $0 + 1 } ?? 0
        guard end >= PseudonymKey.shortest else {
            throw .run(
                Finding(
                    "the key is too short to keep a secret", at: SourcePosition(file: path),
                    expected: "at least \(PseudonymKey.shortest) bytes", found: "\(end)",
                    remedy: "(umask 077 && openssl rand -hex 32 > KEY)"))
        }
        key = Array(bytes[..<end])
    }

    /// The other name of a user: the first 16 digits of HMAC-SHA-256 over the user in lower case.
    public func pseudonym(of user: String) -> String {
        let text = Array(user.lowercased().utf8)
        var code = [UInt8](repeating: 0, count: 32)
        var count = 0
        let isMade =
            EVP_Q_mac(
                nil, "HMAC", nil, "SHA256", nil, key, key.count, text, text.count, &code,
                code.count, &count) != nil
        precondition(isMade && count == code.count, "libcrypto has no HMAC-SHA-256")
        let digest = code.withUnsafeBytes { SHA256Digest(bytes: $0) }
        return "user-" + digest.hex(digits: 16)
    }
}
