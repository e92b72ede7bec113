import Diagnostics
import Foundation
import RunStore
import Testing

@Suite struct ChecksumTests {
    /// The examples of FIPS 180-2, and the empty text.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    ])
    func knownTextsHaveTheirKnownChecksums(text: String, hex: String) {
        #expect(SHA256Digest(joining: text).hex == hex)
        #expect(SHA256Digest(hex: hex) == SHA256Digest(joining: text))
        #expect(SHA256Digest(hex: hex.uppercased())?.hex == hex)
    }

    @Test func oneHasherMakesManyChecksumsInPieces() {
        var hasher = SHA256Hasher()
        for _ in 0..<3 {
            hasher.update("a")
            hasher.update("bc")
            #expect(hasher.finish() == SHA256Digest(joining: "abc"))
        }
    }

    @Test func partsOfAnIdAreJoinedByTheUnitSeparator() {
        let joined = SHA256Digest(joining: "booking", "tours", "PAY-1")
        #expect(joined == SHA256Digest(joining: "booking\u{1F}tours\u{1F}PAY-1"))
        #expect(joined != SHA256Digest(joining: "booking", "toursPAY-1"))
        #expect(joined.hex(digits: 8) == joined.hex.prefix(8))
    }

    @Test(arguments: ["", "abc", String(repeating: "g", count: 64)])
    func textsThatAreNoChecksumAreRefused(text: String) {
        #expect(SHA256Digest(hex: text) == nil)
    }

    @Test func checksumsSortAsTheirTexts() {
        let digests = (0..<200).map { SHA256Digest(joining: "\($0)") }
        #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
    }

    @Test func aFileHasTheChecksumThatTheToolPrints() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("a.csv", String(repeating: "P1,10.00\n", count: 300_000))
        let (status, output) = try runProgram("/usr/bin/sha256sum", ["a.csv"], in: folder.path)
        #expect(status == 0)
        let hashed = try HashedFile(path: path)
        #expect(output == "\(hashed.digest.hex)  a.csv\n")
        #expect(hashed.identity == (try FileIdentity(path: path)))
        #expect(SHA256Digest(ofFiles: [("a.csv", hashed.digest)]) == SHA256Digest(joining: output))
    }

    @Test func severalFilesHaveOneChecksumWhateverTheirOrder() {
        let files = ["b", "a", "c"].map { (name: $0, digest: SHA256Digest(joining: $0)) }
        #expect(SHA256Digest(ofFiles: files) == SHA256Digest(ofFiles: files.reversed()))
        #expect(SHA256Digest(ofFiles: files) != SHA256Digest(ofFiles: Array(files.dropLast())))
    }

    @Test func whatIsNoPlainFileIsNotHashed() throws {
        let folder = try TemporaryFolder()
        for path in [folder.path, "\(folder.path)/absent", "/dev/null"] {
            #expect(throws: TrueupError.self) { try HashedFile(path: path) }
        }
    }
}
