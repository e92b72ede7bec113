import Foundation
import Testing

/// Archives that are signed, and what shows that they were.
@Suite struct SignatureTests {
    /// A private key and its public half, as openssl makes them.
    private struct Keys {
        let secret: String
        let open: String

        init(_ name: String, in workspace: Workspace, algorithm: String = "ed25519") throws {
            secret = workspace.at(name + ".pem")
            open = workspace.at(name + ".public.pem")
            try Keys.openssl(["genpkey", "-algorithm", algorithm, "-out", secret])
            try Keys.openssl(["pkey", "-in", secret, "-pubout", "-out", open])
        }

        static func openssl(_ arguments: [String]) throws {
            let ending = try Launch(program: "openssl", arguments: arguments).run()
            try #require(ending.code == 0, "\(ending.errors)")
        }
    }

    private func verify(_ path: String, _ keys: Keys...) throws -> Ending {
        try Launch(
            program: Project.trueup,
            arguments: ["verify", path] + keys.flatMap { ["--key", $0.open] }
        ).run()
    }

    @Test func opensslAloneVerifiesASignature() throws {
        let night = try Night.tours()
        let keys = try Keys("key", in: night.workspace)
        let run = try night.publish(["--sign", keys.secret])
        func openssl(_ key: String) throws -> Ending {
            try Launch(
                program: "openssl",
                arguments: [
                    "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", key,
                    "-in", run.archive + ".sha256", "-sigfile", run.archive + ".sha256.sig",
                ]
            ).run()
        }
        #expect(try openssl(keys.open).code == 0)
        #expect(try openssl(Keys("other", in: night.workspace).open).code != 0)
        let mode = try FolderSnapshot(night.out).entries["archive/\(run.name).tar.zst.sha256.sig"]?
            .mode
        #expect(mode == "640")
        #expect(try Archives.verify(night.out).output.contains("signed (not checked: no --key)"))
        let verified = try verify(night.out, keys)
        #expect(verified.code == 0, "\(verified.errors)")
        #expect(verified.output.contains("rightly signed"))
        #expect(try verify(run.archive, keys).code == 0)
        let replayed = try Archives.replay(run.archive).run()
        #expect(replayed.code == 0, "\(replayed.errors)")
        #expect(replayed.output.contains("the same to the byte"))
    }

    @Test func theSameKeyGivesTheSameSignatureAndAppearsNowhere() throws {
        let night = try Night.tours()
        let keys = try Keys("key", in: night.workspace)
        let other = night.workspace.at("other")
        try night.publish(["--sign", keys.secret])
        try night.publish(["--sign", keys.secret, "--threads", "3"], out: other)
        let snapshot = try FolderSnapshot(night.out)
        let differences = try snapshot.reproducible.differences(FolderSnapshot(other).reproducible)
        #expect(differences == [])
        let secret = try #require(
            try Files.text(keys.secret).split(separator: "\n").dropFirst().first)
        let raw = try #require(Data(base64Encoded: String(secret)))
        for (name, entry) in snapshot.entries {
            #expect(entry.bytes?.range(of: Data(secret.utf8)) == nil, "\(name)")
            #expect(entry.bytes?.range(of: raw.suffix(32)) == nil, "\(name)")
        }
    }

    @Test func aMissingOrWrongSignatureIsNamed() throws {
        let night = try Night.tours()
        let keys = try Keys("key", in: night.workspace)
        let others = try Keys("other", in: night.workspace)
        let first = try night.publish(["--sign", keys.secret])
        let second = try night.publish(["--sign", keys.secret], asOf: "2025-09-01T02:00:00Z")
        let signature = first.archive + ".sha256.sig"
        let bytes = try Files.bytes(signature)

        expectFailure(
            try verify(night.out, others),
            saying: ["signature is wrong", first.name, second.name], output: nil)
        #expect(try verify(night.out, others, keys).code == 0)

        // An archive that was signed says so, whether or not anybody asks by a key.
        try Files.remove(signature)
        expectFailure(
            try Archives.verify(night.out), saying: ["signature is missing", first.name],
            output: nil)
        try Files.write(try Files.bytes(second.archive + ".sha256.sig"), to: signature)
        let swapped = try verify(night.out, keys)
        expectFailure(swapped, saying: ["signature is wrong", first.name], output: nil)
        #expect(!swapped.errors.contains(second.name))
        try Files.write(bytes.dropLast(), to: signature)
        expectFailure(try verify(night.out, keys), saying: ["64 bytes"], output: nil)
        try Files.write(bytes, to: signature)
        #expect(try verify(night.out, keys).code == 0)
    }

    /// Whoever writes an archive anew with all its checksums has no key.
    @Test func aForgedArchiveIsNamed() throws {
        let night = try Night.tours()
        let keys = try Keys("key", in: night.workspace)
        let run = try night.publish(["--sign", keys.secret])
        try Files.remove(run.folder)
        try Archives.change(run.archive, in: night.workspace) { folder in
            try Archives.edit(folder + "/manifest.json", "\"tours\"", "\"tour2\"")
            try Files.copy(
                folder + "/definition/tours.yaml", to: folder + "/definition/tour2.yaml")
            try Files.remove(folder + "/definition/tours.yaml")
        }
        let sums = try Launch(
            program: "sha256sum", arguments: [run.name + ".tar.zst"],
            folder: night.out + "/archive"
        ).run()
        try Files.write(sums.output, to: run.archive + ".sha256")
        #expect(
            try Launch(program: Project.trueup, arguments: ["verify", run.archive]).run().code
                == 0)
        expectFailure(try verify(run.archive, keys), saying: ["signature is wrong"], output: nil)
    }

    /// The first signed archive holds the checksum of the one before it, so that nobody has to sign
    /// what was there before there was a key.
    @Test func onlyArchivesBeforeTheFirstSignedOneMayLackASignature() throws {
        let night = try Night.tours()
        let keys = try Keys("key", in: night.workspace)
        let first = try night.publish()
        expectFailure(
            try verify(night.out, keys), saying: ["is not signed", first.name], output: nil)
        try night.publish(["--sign", keys.secret], asOf: "2025-09-01T02:00:00Z")
        #expect(try verify(night.out, keys).code == 0)
        let third = try night.publish(asOf: "2025-09-02T02:00:00Z")
        let ending = try verify(night.out, keys)
        expectFailure(ending, saying: ["is not signed", third.name], output: nil)
        #expect(!ending.errors.contains(first.name))
    }

    @Test func aKeyThatIsOpenToOthersOrNoneIsRefused() throws {
        let night = try Night.tours()
        let keys = try Keys("key", in: night.workspace)
        try #require(chmod(keys.secret, 0o604) == 0)
        expectFailure(
            try night.run(["--sign", keys.secret]), saying: ["open to others", "chmod 600"])
        try #require(chmod(keys.secret, 0o640) == 0)
        try night.publish(["--sign", keys.secret])
        let secret = try Files.text(keys.secret).split(separator: "\n")[1]
        for (name, text) in [
            ("empty", ""), ("damaged", "-----BEGIN PRIVATE KEY-----\n\(secret.dropLast(9))\n"),
            ("public", try Files.text(keys.open)),
        ] {
            let path = night.workspace.at(name)
            try Files.write(text, to: path)
            try #require(chmod(path, 0o600) == 0)
            let ending = try night.run(["--sign", path])
            expectFailure(ending, saying: ["no private key of Ed25519", name])
            #expect(!ending.errors.contains(secret.prefix(8)))
        }
        let rsa = try Keys("rsa", in: night.workspace, algorithm: "RSA")
        expectFailure(try night.run(["--sign", rsa.secret]), saying: ["a key of another kind"])
        let locked = night.workspace.at("locked.pem")
        try Keys.openssl([
            "pkcs8", "-topk8", "-in", keys.secret, "-passout", "pass:secret", "-out", locked,
        ])
        expectFailure(try night.run(["--sign", locked]), saying: ["a key behind a password"])
        expectFailure(
            try night.run(["--sign", keys.secret, "--no-archive"]), code: 2,
            saying: ["--sign and --no-archive exclude each other"])
        expectFailure(
            try Launch(
                program: Project.trueup, arguments: ["verify", night.out, "--key", keys.secret]
            ).run(), saying: ["no public key of Ed25519"])
    }

    @Test func aSignatureLeavesWithItsArchive() throws {
        let night = try Night.tours()
        let keys = try Keys("key", in: night.workspace)
        try night.redefine("keep: 400d", "keep: 12h")
        try night.publish(["--sign", keys.secret])
        try night.publish(["--sign", keys.secret], asOf: "2025-09-01T02:00:00Z")
        let third = try night.publish(["--sign", keys.secret], asOf: "2025-09-02T02:00:00Z")
        let ending = ["", ".sha256", ".sha256.sig"].map { third.name + ".tar.zst" + $0 }
        #expect(try Files.names(in: night.out + "/archive") == ending)
        let verified = try verify(night.out, keys)
        #expect(verified.code == 0, "\(verified.errors)")
    }
}
