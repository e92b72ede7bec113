import DelimitedText
import Diagnostics
import Emission
import Glibc
import Ingestion
import Records
import Reporting
import RunStore

extension Pipeline {
    /// Reads the rows of one part from standard input, finds out everything that does not depend on
    /// rows of others, and writes it to standard output.
    ///
    /// - Parameters:
    ///   - plan: The run's plan; the request must be that of the plan.
    ///   - part: Which part it is, from 0.
    ///   - count: How many parts there are.
    ///   - path: The path of a file with what was given back of payments that no dump has: a token
    ///     a line, as `trueup keys` gave them.
    /// - Throws: `TrueupError`; what was written until then has no checksum, and is no part.
    public func findPart(
        _ plan: RunPlan, _ part: Int, of count: Int, orphans path: String
    ) throws {
        guard part < count else {
            throw TrueupError.usage(
                Finding(
                    "there is no such part", expected: "--part from 0 to \(count - 1)",
                    found: String(part), remedy: "count the parts from 0"))
        }
        let watch = request.watch
        let orphans = try OrphanMoney.read(path)
        var input = StandardInput()
        let sent = try SentRows(&input, plan: plan) { try watch.checkStopped() }
        let files = try plan.inputFiles(setting.definition, sent.excerpts)
        let before = BeforeRun(plan)
        var clock = StageClock()
        let (ingested, tallies) = try Ingester(
            definition: setting.definition, files: files, zone: setting.zone, key: plan.key,
            workers: setting.workers
        ).ingestExcerpts { try watch.checkStopped() }
        let handedOn = WaitingEmissions(sent.emissions.map { plan.handedOn[$0] })
        let findings = try find(in: ingested, handedOn, before, &clock)
        var written = try PartedFiles(in: ScratchFolder.path, isPublished: true)
        let found = try FoundPart(findings, orphans: orphans, before, setting, files: &written)
        let header = PartHeader(
            plan: plan.digest, part: part, count: count, emissions: sent.emissions,
            tallies: tallies, orphans: OrphanMoney.checksum(orphans))
        try StoredPart.write(header, found, written, key: plan.key)
    }
}

extension OrphanMoney {
    /// The checksum of some, in whatever order they came.
    fileprivate static func checksum(_ orphans: Set<OrphanMoney>) -> String {
        var hasher = SHA256Hasher()
        for token in orphans.map(\.token).sorted() {
            Array("\(token)\n".utf8).withUnsafeBytes { hasher.update($0) }
        }
        return hasher.finish().hex
    }

    /// Reads tokens, a line each.
    fileprivate static func read(_ path: String) throws -> Set<OrphanMoney> {
        let text = String(decoding: try ReadFile.bytes(of: path), as: UTF8.self)
        var orphans: Set<OrphanMoney> = []
        for (index, line) in text.split(separator: "\n").enumerated() {
            guard let money = OrphanMoney(token: line) else {
                throw TrueupError.run(
                    Finding(
                        "this is no token of trueup keys",
                        at: SourcePosition(file: path, line: index + 1),
                        expected: "such as refund.1250.EUR"))
            }
            orphans.insert(money)
        }
        return orphans
    }
}
