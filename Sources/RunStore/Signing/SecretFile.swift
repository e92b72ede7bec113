import Diagnostics
import Glibc

/// A file with a secret, which nobody but its owner and the owner's group may read.
enum SecretFile {
    /// Refuses a file that others than its owner and the group may read, or others than its owner may
    /// change.
    static func check(_ path: String) throws(TrueupError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw .run(SystemError.last.finding("cannot read the key", path: path))
        }
        guard status.st_mode & 0o027 == 0 else {
            throw .run(
                Finding(
                    "the key is open to others, who could use it as well",
                    at: SourcePosition(file: path), expected: "permissions 0600, 0400 or 0640",
                    found: "0" + String(status.st_mode & 0o777, radix: 8),
                    remedy: "chmod 600, or make another key if somebody may have read it"))
        }
    }
}
