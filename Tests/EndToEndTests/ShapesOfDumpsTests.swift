import Foundation
import Testing

/// A payments dump of `Dumps`, and what a run over it must come to.
struct ShapeOfDump: Sendable, CustomTestStringConvertible {
    enum Outcome: Sendable {
        /// The run publishes these payments and lays the rows of these lines aside.
        case published([String], rejects: [Int: String] = [:])
        /// The run and a check fail, and say this.
        case refused([String])
    }

    var name: String
    var outcome: Outcome

    var testDescription: String { name }

    init(_ name: String, _ outcome: Outcome) {
        self.name = name
        self.outcome = outcome
    }
}

/// What header, encoding and the number of fields decide, through the program itself.
@Suite struct ShapesOfDumpsTests {
    private static let folder = Project.root + "/Tests/EndToEndTests/Dumps"
    private static let page = Project.root + "/Sources/Pipeline/Pipeline.docc/CSV.md"

    static let whole: [ShapeOfDump] = [
        .init("plain", .published(["P1", "P2"])),
        .init("header-only", .published([])),
        .init("crlf", .published(["P1", "P2"])),
        .init("lone-cr", .published(["P1", "P2"])),
        .init("byte-order-mark", .published(["P1"])),
        .init("no-final-line-end", .published(["P1", "P2"])),
        .init("utf8", .published(["PÄ-1😀"])),
        .init("stray-quote", .published(["P1", "P2"])),
        .init("spaces", .published(["P1"])),
        .init("long-field", .published(["P1", "P2"])),
        .init("header-after-a-title", .published(["P1"])),
        .init("repeated-idle-header", .published(["P1"])),
        .init("blank-header-name", .published(["P1"])),
        .init("utf-16le-mark", .published(["P1", "PÄ-2"])),
        .init("utf-16be-mark", .published(["P1", "PÄ-2"])),
        .init("utf-16le-no-mark", .published(["P1", "PÄ-2"])),
        .init("utf-16-in-gzip", .published(["P1", "PÄ-2"])),
        .init("gzip-bytes", .published(["P1", "P2"])),
        .init("bzip2-bytes", .published(["P1", "P2"])),
        .init("xz-bytes", .published(["P1", "P2"])),
        .init("zstd-bytes", .published(["P1", "P2"])),
        .init("zip-bytes", .published(["P1", "P2"])),
        .init("bzip2-letters", .published(["P1", "P2"])),
    ]

    static let withRejects: [ShapeOfDump] = [
        .init("not-utf8", .published(["P1", "P3"], rejects: [3: "the text is not valid UTF-8"])),
        .init(
            "utf-16-half-a-pair",
            .published(["P1"], rejects: [4: "no text in the file's encoding"])),
        .init(
            "utf-16-odd-length",
            .published(["P1"], rejects: [3: "no text in the file's encoding"])),
        .init("nul-bytes", .published(["P1", "P3"], rejects: [3: "a NUL byte"])),
        .init(
            "too-few-fields",
            .published(["P1", "P3"], rejects: [3: "fewer fields than the header has"])),
        .init(
            "too-many-fields",
            .published(
                ["P1", "P4"],
                rejects: [
                    3: "more fields than the header has", 4: "more fields than the header has",
                ])),
        .init(
            "unclosed-quote",
            .published(["P1", "P3", "P4"], rejects: [3: "a quote is opened and never closed"])),
        .init(
            "text-after-closing-quote",
            .published(["P1", "P3"], rejects: [3: "text after a closing quote"])),
        .init(
            "text-after-closing-quote-in-the-middle",
            .published(["P1", "P3"], rejects: [3: "text after a closing quote"])),
        .init(
            "newlines-in-quotes",
            .published(["P1", "P3"], rejects: [5: "not a decimal amount"])),
        .init(
            "all-empty-rows",
            .published(
                ["P1"], rejects: [2: "a required value is empty", 5: "a required value is empty"])),
        .init(
            "header-twice",
            .published(["P1", "P2"], rejects: [3: "not a decimal amount"])),
    ]

    static let refused: [ShapeOfDump] = [
        .init("empty", .refused(["payments.csv: error", "the dump is empty"])),
        .init("blank-lines", .refused(["payments.csv: error", "the dump is empty"])),
        .init("no-header", .refused(["payments.csv:1: error", "`id` for id"])),
        .init("wrong-header", .refused(["payments.csv:1: error", "`id` for id", "`one`"])),
        .init("repeated-header", .refused(["payments.csv:1: error", "`amount` several times"])),
        .init("unclosed-quote-in-the-header", .refused(["payments.csv:1: error", "no record"])),
        .init("one-column", .refused(["payments.csv:1: error", "`amount` for amount"])),
        .init("gzip-cut-off", .refused(["payments.csv: error", "a gzip file that is cut off"])),
        .init("gzip-damaged", .refused(["payments.csv: error", "incorrect data check"])),
        .init("gzip-and-more", .refused(["payments.csv: error", "something else behind its end"])),
        .init("gzip-in-a-zip", .refused(["payments.csv: error", "a gzip file within a zip file"])),
        .init("zip-of-two", .refused(["payments.csv: error", "payments.csv, lines.csv"])),
        .init(
            "windows-1252-header",
            .refused(["payments.csv:1: error", "`id` for id", "{encoding: windows-1252}"])),
        .init("png-bytes", .refused(["payments.csv"])),
        .init("page", .refused(["payments.csv", "`id` for id"])),
    ]

    static func night(_ shape: ShapeOfDump) throws -> Night {
        let night = try Night.of(
            """
            name: shapes
            currency: GHS
            timezone: Africa/Accra
            max_rejects: 100
            inputs: {payments: {files: payments.csv}, settlements: {files: lines.csv}}

            """, ["lines.csv": "id,reference,gross\n"])
        try Files.copy(folder + "/\(shape.name).csv", to: night.dumps + "/payments.csv")
        return night
    }

    private func check(_ night: Night) throws -> Ending {
        try Launch(
            program: Project.trueup, arguments: ["check", night.definition, "--in", night.dumps]
        ).run()
    }

    @Test(arguments: whole + withRejects + refused)
    func comeToWhatIsExpected(shape: ShapeOfDump) throws {
        let night = try Self.night(shape)
        switch shape.outcome {
        case .refused(let said):
            expectFailure(try night.run(), saying: said)
            expectFailure(try check(night), saying: said, output: nil)
            #expect(!Files.exists(night.out + "/latest"))
        case .published(let payments, let rejects):
            #expect(try check(night).code == 0)
            let run = try night.publish(["--fail-on", "never"])
            #expect(try run.table("payments.csv")["payment_id"] == payments)
            let laidAside = try run.table("rejects.csv")
            #expect(laidAside["line"] == rejects.keys.sorted().map(String.init))
            let reasons = rejects.sorted { $0.key < $1.key }.map(\.value)
            #expect(
                laidAside["reason"].elementsEqual(reasons) { $0.contains($1) },
                "\(laidAside["reason"])")
        }
    }

    @Test func eachDumpHasItsOutcomeAndItsLineInTheTableOfThePage() throws {
        let dumps = try Files.names(in: Self.folder).map { String($0.dropLast(4)) }.sorted()
        let tried = (Self.whole + Self.withRejects + Self.refused).map(\.name).sorted()
        #expect(tried == dumps)
        let named = try Files.text(Self.page).split(separator: "\n")
            .compactMap { $0.firstMatch(of: /^\| `Dumps\/([a-z0-9-]+)\.csv` \|/)?.1 }
        #expect(named.map(String.init).sorted() == dumps)
    }
}
