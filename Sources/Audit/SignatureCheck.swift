import Diagnostics
import RunStore

/// Holds an archive's signature against public keys, where there are any.
struct SignatureCheck {
    /// How it stands with an archive's signature.
    enum State: Hashable {
        /// There is none, and the archive says of none.
        case unsigned
        /// There is one, and nobody asked whether it is right.
        case unchecked
        /// It is that of one of the keys, over this archive.
        case right
        /// It is missing or wrong, of which a fault tells.
        case wrong

        /// What is added to the words about an archive.
        var words: String {
            switch self {
            case .unsigned: ""
            case .unchecked: ", signed (not checked: no --key)"
            case .right: ", rightly signed"
            case .wrong: ", not rightly signed"
            }
        }
    }

    private(set) var state = State.unsigned
    private(set) var faults: [Finding] = []

    /// Checks an archive at a path, by what was found of it.
    init(
        archive path: String, _ manifest: ArchiveManifest, digest: SHA256Digest,
        keys: [VerifyingKey]
    ) throws(TrueupError) {
        let place = SourcePosition(file: path + ".sha256.sig")
        guard let signature = try ArchiveSignature(ofArchive: path) else {
            guard let signer = manifest.signedBy else { return }
            state = .wrong
            faults = [
                Finding(
                    "the archive's signature is missing", at: place,
                    expected: "that by the key \(signer)", remedy: "restore it from a backup")
            ]
            return
        }
        state = .unchecked
        guard !keys.isEmpty else { return }
        let owner = keys.first { $0.isOwner(of: signature, of: manifest.run, digest: digest) }
        // Somebody may have signed an archive by hand that says of no key.
        guard let owner, manifest.signedBy.map({ $0 == owner.fingerprint }) ?? true else {
            state = .wrong
            let keys = keys.map(\.fingerprint.hex).joined(separator: ", ")
            faults = [
                Finding(
                    "the archive's signature is wrong: another key made it, or it is that of "
                        + "another archive",
                    at: place, expected: "a signature by the key \(keys)",
                    found: manifest.signedBy.map { "an archive that names the key \($0)" },
                    remedy: "find out who signed it, or restore both from a backup")
            ]
            return
        }
        state = .right
    }

    /// Faults of archives without a signature, which only those may lack that are older than every
    /// signed one: the first signed archive holds the checksum of the one before it.
    static func unsigned(
        among states: [(run: RunID, state: State)], path: (RunID) -> String
    ) -> [Finding] {
        let firstSigned = states.firstIndex { $0.state != .unsigned } ?? 0
        return states[firstSigned...].filter { $0.state == .unsigned }.map {
            missing(archive: path($0.run))
        }
    }

    /// What is said of an archive that ought to have a signature.
    static func missing(archive path: String) -> Finding {
        Finding(
            "the archive is not signed", at: SourcePosition(file: path),
            expected: "a signature beside it, in a file that ends in .sha256.sig",
            remedy: "find out why it was made without --sign")
    }
}
