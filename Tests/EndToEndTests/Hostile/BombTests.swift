import Foundation
import Testing

/// Packed files of some kilobytes or megabytes that hold far more than that, or say what is not so.
///
/// They are made here by scripts, for they are no files to keep.
@Suite struct BombTests {
    /// More than any of them may take, in bytes; the least limit of a text is 64 MiB.
    private static let mostMemory = 192 << 20

    /// A file that a script makes, and what is said of it.
    struct Bomb: CustomTestStringConvertible {
        let testDescription: String
        /// Python that says what is written, with `header` and `row` of a dump at hand.
        let script: String
        let said: [String]

        init(_ name: String, _ script: String, saying said: [String]) {
            testDescription = name
            self.script = script
            self.said = said
        }
    }

    private static func write(_ script: String, to path: String) throws {
        let ending = try Launch(
            program: "python3", arguments: ["-c", tools + "\n" + script, path]
        ).run()
        try #require(ending.code == 0, "\(ending.errors)")
    }

    private static let tooMuch = [
        "more than 67108864 bytes of text in the first", "to do: unpack it",
    ]

    private static let dumps: [Bomb] = [
        // Five gigabytes in 18 megabytes.
        Bomb(
            "gzip", "out(gzip.compress(header + text) + gzip.compress(text) * 79)", saying: tooMuch),
        Bomb("zstd", "out(zstd(header + text) + zstd(text) * 79)", saying: tooMuch),
        Bomb("xz", "out(lzma.compress(header + text, preset=0) * 20)", saying: tooMuch),
        Bomb("bzip2", "out(bz2.compress(header + text[:64 << 20]) * 20)", saying: tooMuch),
        Bomb("zip", "out(zipped(deflated(text, 4), 4 * len(text)))", saying: tooMuch),
        Bomb(
            "a zip file that says it is small", "out(zipped(deflated(text, 4), 100))",
            saying: tooMuch),
        Bomb(
            "a zip file that says it is a little smaller",
            "out(zipped(deflated(header + row * 99, 1), 100))",
            saying: ["wrong size", "to do: pack"]),
        Bomb(
            "a zip file that says it is huge",
            "out(zipped(deflated(header + row * 99, 1), 0xFFFFFFF0))",
            saying: ["wrong size", "to do: pack"]),
        Bomb(
            "a zip file in a zip file", "out(entries({'payments.csv': entries({'a': header})}))",
            saying: ["a zip file within a zip file", "to do: unpack it"]),
        Bomb(
            "very many files", "out(entries({'%d.csv' % n: b'' for n in range(60000)}))",
            saying: ["holds 60000 files: 0.csv, 1.csv, 2.csv, 3.csv, 4.csv and 59995 more"]),
        Bomb(
            "a wide window", "out(zstd(header + text * 3, '--long=31'))",
            saying: ["needs more than 128 MiB of memory", "without --long"]),
        Bomb(
            "something behind the end", "out(gzip.compress(header + row) + os.urandom(100000))",
            saying: ["with something else behind its end", "to do: pack or fetch"]),
        Bomb(
            "zeros behind the end", "out(gzip.compress(header + row) + bytes(100000))",
            saying: ["with something else behind its end", "to do: pack or fetch"]),
    ]

    @Test(.timeLimit(.minutes(1)), arguments: dumps)
    func aDumpThatIsABombIsRefusedEarly(bomb: Bomb) throws {
        let published = try PublishedNight(Night.tours())
        let night = published.night
        let path = night.dumps + "/payments.csv"
        try Self.write(bomb.script, to: path)
        let ending = try night.run()
        expectFailure(ending, saying: ["\(path): error: the dump cannot be read"] + bomb.said)
        #expect(ending.peakMemory < Self.mostMemory)
        try published.expectUntouched()
    }

    /// What only looks like a bomb: it is much of what costs little.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            "out(gzip.compress(plain[:99]) + gzip.compress(b'') * 200000 + gzip.compress(plain[99:]))",
            "out(b''.join(gzip.compress(plain[n:n + 1]) for n in range(len(plain))))",
            "folders = {'%d/' % n: b'' for n in range(60000)}\n"
                + "out(entries(folders | {'payments.csv': plain}))",
        ])
    func aPackedDumpOfVeryManyPartsIsRead(script: String) throws {
        let night = try Night.tours()
        let plain = try night.publish(["--fail-on", "never"]).table("payments.csv").rows
        try Self.write(script, to: night.dumps + "/payments.csv")
        let ending = try night.run(["--fail-on", "never"], out: night.out + "-2")
        #expect(ending.code == 0, "\(ending.errors)")
        #expect(ending.peakMemory < Self.mostMemory)
        #expect(try night.latest(in: night.out + "-2").table("payments.csv").rows == plain)
    }

    private static let refused = ["error: cannot read the archive", "to do: "]

    private static let archives: [Bomb] = [
        Bomb(
            "a file of gigabytes",
            "out(zstd(entry('inputs/a', 3 << 30)) + zstd(bytes(64 << 20)) * 48)",
            saying: refused + ["more than 1073741824 bytes, far more than its size lets expect"]),
        Bomb(
            "very many files", "out(zstd(b''.join(entry('inputs/%d' % n) for n in range(100001))))",
            saying: refused + ["more than 100000 entries"]),
        Bomb(
            "very many headers of headers",
            "out(zstd((entry('x', 1024, b'L') + b'a' * 1024) * 20000))",
            saying: refused + ["Too many special headers"]),
        Bomb(
            "a header of gigabytes",
            "out(zstd(entry('x', 3 << 30, b'L')) + zstd(b'a' * (64 << 20)) * 48)",
            saying: refused + ["Special header too large"]),
        Bomb(
            "a name of a megabyte",
            "out(zstd(entry('x', 1 << 20, b'L') + b'a' * (1 << 20) + entry('inputs/a')))",
            saying: refused + ["an entry's name has more than 4096 bytes"]),
        Bomb(
            "a wide window", "out(zstd(entry('inputs/a', 3 << 26) + bytes(3 << 26), '--long=31'))",
            saying: refused + ["too much memory"]),
    ]

    @Test(.timeLimit(.minutes(1)), arguments: archives, ["verify", "replay"])
    func anArchiveThatIsABombIsRefused(bomb: Bomb, command: String) throws {
        let workspace = try Workspace()
        let path = workspace.at("20250831T020000Z-04a7ef.tar.zst")
        try Self.write(bomb.script, to: path)
        let scratch = workspace.at("scratch")
        try Files.makeFolder(scratch)
        let ending = try Launch(
            program: Project.trueup, arguments: [command, path], environment: ["TMPDIR": scratch]
        ).run()
        expectFailure(ending, saying: bomb.said, output: nil)
        #expect(ending.peakMemory < Self.mostMemory)
        // Whatever was unpacked until then is gone again.
        #expect(try Files.names(in: scratch) == [])
    }

    @Test func aReplayWhoseDumpIsABombEndsBeforeItIsUnpacked() throws {
        let night = try Night.tours()
        let archive = try night.publish().archive
        try Archives.change(archive, in: night.workspace) { folder in
            try Self.write(
                "out(gzip.compress(header + text) + gzip.compress(text) * 79)",
                to: folder + "/inputs/payments.csv")
        }
        let ending = try Archives.replay(archive).run()
        #expect(ending.code == 1)
        #expect(ending.peakMemory < Self.mostMemory)
        for part in ["inputs/payments.csv has been changed"] + Self.tooMuch {
            #expect(ending.errors.contains(part), "\(ending.errors)")
        }
    }

    private static let tools = """
        import bz2, gzip, io, lzma, os, struct, subprocess, sys, tarfile, warnings, zipfile, zlib
        warnings.simplefilter('ignore')
        plain = open('\(Project.samples)/payments.csv', 'rb').read()
        header = plain[:plain.index(b'\\n') + 1]
        row = plain.splitlines(True)[1]
        text = row * ((64 << 20) // len(row))
        def out(content):
            open(sys.argv[1], 'wb').write(content)
        def zstd(content, *options):
            return subprocess.run(['zstd', '-q', '-c', *options], input=content,
                                  capture_output=True, check=True).stdout
        def deflated(content, times):
            packer = zlib.compressobj(9, zlib.DEFLATED, -15)
            return b''.join([packer.compress(content) for _ in range(times)] + [packer.flush()])
        def zipped(content, size, name=b'payments.csv'):
            head = struct.pack('<4s5H3I2H', b'PK\\3\\4', 20, 0, 8, 0, 0, 0, len(content), size,
                               len(name), 0) + name
            entry = struct.pack('<4s6H3I5H2I', b'PK\\1\\2', 20, 20, 0, 8, 0, 0, 0, len(content), size,
                                len(name), 0, 0, 0, 0, 0, 0) + name
            return head + content + entry + struct.pack(
                '<4s4H2IH', b'PK\\5\\6', 0, 0, 1, 1, len(entry), len(head) + len(content), 0)
        def entries(contents):
            packed = io.BytesIO()
            with zipfile.ZipFile(packed, 'w', zipfile.ZIP_DEFLATED) as file:
                for name, content in contents.items():
                    file.writestr(name, content)
            return packed.getvalue()
        def entry(name, size=0, kind=b'0'):
            entry = tarfile.TarInfo(name)
            entry.size, entry.type = size, kind
            return entry.tobuf(tarfile.USTAR_FORMAT)
        """
}
