import Definition
import Diagnostics
import Ingestion
import Money
import Parallel
import Records
import Time

/// Reads a settlement dump as the pipeline will, before it stands where the pipeline finds it.
///
/// Whatever a definition says of columns, words and constants: what is read must be what the
/// simulated gateway said, or nothing is written.
struct ReadBack {
    let definition: PipelineDefinition
    let input: InputDefinition
    let zone: Zone
    /// What messages call the file.
    let path: String

    /// Compares what a file says with what it was to say.
    ///
    /// - Throws: `TrueupError.run` for the first line that is read otherwise, or not at all.
    func check(_ lines: [SimulatedLine], folder: String, name: String) throws {
        var reading = definition
        var input = input
        input.files = [ReadBack.literal(name)]
        input.maxRejects = .whole
        reading.inputs = [.settlements: [input]]
        let key = FingerprintKey()
        let ingested = try Ingester(
            definition: reading,
            files: InputFiles(folder: folder, definition: reading), zone: zone, key: key,
            workers: Workers(count: 1)
        ).ingest { _ in
            nil
        } checkStopped: {
        }
        let rows = ingested.tables.settlements.rows
        let read = Dictionary(rows.map { ($0.reference, [$0]) }) { $0 + $1 }
        for line in lines {
            let told = read[key.storedIDPrint(line.reference)] ?? []
            let isTold = told.contains { row in
                row.type == .charge && row.state == line.state && row.gross == line.amount
                    && row.currency == line.currency
            }
            guard !isTold else { continue }
            throw refusal(of: line, read: told, rejected: ingested.rejects.first)
        }
    }

    private func refusal(
        of line: SimulatedLine, read: [SettlementRow], rejected: Reject?
    ) -> TrueupError {
        func said(
            _ type: SettlementType, _ state: SettlementState, _ amount: Int64, _ code: Currency
        )
            -> String
        { "\(type.word), \(state.word), \(Amount.text(amount, code)) \(code.code)" }
        let found =
            read.first.map { said($0.type, $0.state, $0.gross, $0.currency) }
            ?? rejected.map { "a row that is rejected: \($0.reason.text)" }
            ?? "no line of the reference \(line.reference.prefix(60))"
        return .run(
            Finding(
                "the pipeline would not read what the simulated gateway says",
                at: SourcePosition(file: path),
                expected: said(.charge, line.state, line.amount, line.currency), found: found,
                remedy: "give the simulated gateway a source of its own under inputs.settlements, "
                    + "with a column for each field"))
    }

    /// A name as a glob that finds nothing else.
    private static func literal(_ name: String) -> String {
        name.reduce(into: "") { glob, character in
            if "*?[\\".contains(character) { glob += "\\" }
            glob.append(character)
        }
    }
}

extension Rate {
    /// All of it.
    fileprivate static let whole = Rate(percent: "100")
}
