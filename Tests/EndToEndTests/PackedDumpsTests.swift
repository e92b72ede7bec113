import Foundation
import Testing

/// Dumps that are packed, or in another encoding, come to what they would come to as they were.
@Suite struct PackedDumpsTests {
    /// What is done with every dump; the script is given the path of the text and writes to stdout.
    enum Form: String, Sendable, CaseIterable {
        case gzip = "gzip.compress(text, mtime=0)"
        case bzip2 = "bz2.compress(text)"
        case xz = "lzma.compress(text)"
        case zstd =
            "subprocess.run(['zstd', '-c'], input=text, capture_output=True, check=True).stdout"
        case zip = "zipped(text)"
        case utf16 = "b'\\xff\\xfe' + text.decode().encode('utf-16le')"
        case utf16BigEndianInXZ = "lzma.compress(b'\\xfe\\xff' + text.decode().encode('utf-16be'))"

        static let script = """
            import bz2, gzip, io, lzma, subprocess, sys, zipfile
            def zipped(text):
                packed = io.BytesIO()
                with zipfile.ZipFile(packed, 'w', zipfile.ZIP_DEFLATED) as file:
                    file.writestr('dump.csv', text)
                return packed.getvalue()
            for path in sys.argv[2:]:
                text = open(path, 'rb').read()
                open(path, 'wb').write(eval(sys.argv[1]))
            """

        /// Packs dumps in their places.
        func pack(_ paths: [String]) throws {
            let ending = try Launch(
                program: "python3", arguments: ["-c", Form.script, rawValue] + paths
            ).run()
            try #require(ending.code == 0, "\(ending.errors)")
        }
    }

    private func dumps(_ night: Night) throws -> [String] {
        try Files.names(in: night.dumps).filter { $0.hasSuffix(".csv") }
            .map { night.dumps + "/" + $0 }
    }

    private func sum(_ path: String) throws -> Substring {
        try Launch(program: "sha256sum", arguments: [path]).run().output.prefix(64)
    }

    /// Every file of a run, without what names the run or tells of the inputs' bytes.
    private func results(_ run: PublishedRun) throws -> [String: Data] {
        let told = Set(
            FolderSnapshot.machineDependent + [
                "SHA256SUMS", "run.json", "report.json", "report.html", "report.xlsx",
                "datapackage.json",
            ])
        var results: [String: Data] = [:]
        let paths = try FileManager.default.subpathsOfDirectory(atPath: run.folder)
        for path in paths where !told.contains(path) {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(
                atPath: run.folder + "/" + path, isDirectory: &isFolder)
            guard !isFolder.boolValue else { continue }
            let bytes = try Files.bytes(run.folder + "/" + path)
            results[path] = Data(
                Array(bytes).replacing(Array(run.name.utf8), with: Array("RUN".utf8)))
        }
        return results
    }

    @Test(arguments: Form.allCases)
    func aRunComesToTheSameWhateverItsDumpsArePackedIn(form: Form) throws {
        let plain = try Night.tours()
        // A row that is rejected, with letters that every encoding writes in its own way.
        try plain.append(
            ["PAY-Ä,T-Ä,ama@example.com,?,GHS,failed,2025-08-01T10:00:00Z,,\"Grüße\nan 漢😀\",,"],
            to: "payments.csv")
        let expected = try plain.publish(["--fail-on", "never"])
        let night = try plain.another()
        try form.pack(dumps(night))
        let run = try night.publish(["--fail-on", "never"])
        let (found, wanted) = (try results(run), try results(expected))
        #expect(found.keys.sorted() == wanted.keys.sorted())
        #expect(found.filter { wanted[$0.key] != $0.value }.keys.sorted() == [])
        #expect(try run.table("rejects.csv")["raw"].first?.contains("Grüße\nan 漢😀") == true)

        // What is told of the inputs, and kept of them, is the files as they are.
        let document = try Files.text(run.folder + "/run.json")
        for path in try dumps(night) {
            #expect(document.contains(try sum(path)), "\(path)")
            let name = "inputs/" + (path.split(separator: "/").last ?? "")
            let kept = try Launch(
                program: "sh",
                arguments: ["-c", "tar --zstd -xOf \"$0\" \"$1\" | sha256sum", run.archive, name]
            ).run().output.prefix(64)
            #expect(kept == (try sum(path)), "\(path)")
        }
    }

    /// A name is not what tells that a file is packed; and a glob finds the packed file too.
    @Test(arguments: [
        (Form.gzip, ".gz"), (.zstd, ".zst"), (.xz, ".xz"), (.bzip2, ".bz2"), (.zip, ".zip"),
        (.zstd, ".gz"),
    ])
    func aGlobFindsPackedFilesToo(form: Form, ending: String) throws {
        let night = try Night.tours()
        let plain = try night.publish(["--fail-on", "never"]).table("payments.csv")
        let payments = night.dumps + "/payments.csv"
        try form.pack([payments])
        try Files.copy(payments, to: payments + ending)
        try Files.remove(payments)
        let run = try night.publish(["--fail-on", "never"], out: night.out + "-2")
        #expect(try run.table("payments.csv").rows == plain.rows)
        #expect(try Files.text(run.folder + "/run.json").contains("\"payments.csv\(ending)\""))
        #expect(try Files.text(run.folder + "/run.json").contains(sum(payments + ending)))
    }

    @Test func aPackedFileThatIsReadUnderNoNameIsPointedAt() throws {
        let night = try Night.tours()
        let payments = night.dumps + "/payments.csv"
        try Files.copy(payments, to: payments + ".old")
        try Files.remove(payments)
        expectFailure(
            try night.run(), saying: ["no file for payments", "`payments.csv.old`"])
    }

    @Test(arguments: [Form.gzip, .bzip2, .xz, .zstd, .zip])
    func aPackedDumpThatIsCutOffPublishesNothing(form: Form) throws {
        let night = try Night.tours()
        let path = night.dumps + "/payments.csv"
        try form.pack([path])
        let whole = try Files.bytes(path)
        for count in [whole.count - 1, whole.count / 2, 40] {
            try Files.write(whole.prefix(count), to: path)
            let ending = try night.run()
            #expect(ending.code == 1)
            expectFailure(ending, saying: ["payments.csv: error: the dump cannot be read"])
            #expect(!Files.exists(night.out + "/latest"))
        }
    }

    @Test func aPackedDumpThatIsReplacedDuringTheRunIsNoticed() throws {
        let night = try Night.generated(payments: 60_000, seed: 5)
        try Form.zstd.pack(dumps(night))
        let child = try night.launch().start()
        usleep(250_000)
        let path = night.dumps + "/bookings.csv"
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("more".utf8))
        try handle.close()
        let ending = try child.wait()
        #expect(ending.code == 1, "\(ending.errors)")
        #expect(!Files.exists(night.out + "/latest"))
    }
}
