import Definition
import DelimitedText
import Diagnostics
import Ingestion
import Money
import Parallel
import Reconciliation
import Records
import Rules
import RunStore
import Time

/// A demonstration gateway: settles pending payments into a settlement dump of its own.
///
/// The dump goes through the ordinary pipeline; the payments themselves are never touched.
public struct Simulation: Sendable {
    private let definition: PipelineDefinition
    private let source: InputDefinition
    private let folder: String
    private let gateway: SimulatedGateway
    private let zone: Zone
    /// Ids or references of the only payments to be settled; empty for all.
    private let references: [String]
    /// Where the dump is written.
    public let path: String

    /// What one look at the dumps came to.
    public struct Outcome: Sendable, Hashable {
        /// Payments that were settled now as succeeded.
        public var succeeded = 0
        /// Payments that were settled now as failed.
        public var failed = 0
        /// Payments that are pending and not old enough yet.
        public var waiting = 0

        /// Nothing was pending.
        public init() {}
    }

    /// Prepares a simulated gateway.
    ///
    /// - Parameters:
    ///   - definition: The pipeline, whose first source of settlements says what a dump looks like.
    ///   - folder: The folder of the dumps, into which the settlement dump is written as well.
    ///   - path: Where to write instead; nil for a name that the source's glob finds.
    ///   - references: Ids or references of the only payments to be settled; empty for all.
    ///   - behaviour: When, how and how well it settles.
    /// - Throws: `TrueupError.usage` where the pipeline reads no settlements, or where its glob
    ///   gives no name for a file.
    public init(
        _ definition: PipelineDefinition, folder: String, path: String?, references: [String],
        behaviour: GatewayBehaviour
    ) throws(TrueupError) {
        guard let source = definition.inputs[.settlements]?.first else {
            throw .usage(
                Finding(
                    "the pipeline reads no settlements", expected: "inputs.settlements",
                    remedy: "add it to the definition: what a gateway says must be read, too"))
        }
        guard let zone = Zone.named(definition.timezone) else {
            throw .run(
                Finding(
                    "the zone's rules cannot be read", found: definition.timezone,
                    remedy: "install the package tzdata"))
        }
        self.definition = definition
        self.source = source
        self.folder = folder
        self.zone = zone
        self.references = references
        gateway = SimulatedGateway(behaviour: behaviour, pipeline: definition.name)
        if let path {
            self.path = path
        } else {
            self.path = folder + "/" + (try Simulation.fileName(source.files))
        }
    }

    /// A name that one of the globs finds, such as `momo-simulated.csv` for `momo*.csv`.
    private static func fileName(_ globs: [String]) throws(TrueupError) -> String {
        for glob in globs {
            guard let star = glob.firstIndex(of: "*"), glob.hasSuffix(".csv"),
                !glob.contains(where: { "?[\\".contains($0) })
            else { continue }
            let head = glob[..<star]
            let joint = head.isEmpty || head.hasSuffix("/") || head.hasSuffix("-") ? "" : "-"
            return head + joint + "simulated"
                + glob[star...].filter { $0 != "*" }
        }
        throw .usage(
            Finding(
                "no name for the settlement dump follows from the definition",
                expected: "a glob such as settlements*.csv", found: globs.joined(separator: ", "),
                remedy: "name the file with --to"))
    }

    /// Looks at the dumps once, and adds what is settled to the settlement dump.
    ///
    /// - Throws: `TrueupError.run` where the dumps cannot be read or the file cannot be written,
    ///   which is then as it was.
    public func settle(asOf: Instant) throws -> Outcome {
        let dump = try SettlementDump(source)
        let earlier = try earlierRows(dump)
        let ingested = try ingest()
        let (lines, outcome) = try settled(ingested, asOf: asOf)
        if !lines.isEmpty || earlier == nil {
            try ReplacedFile(path: path).write(
                dump.header() + (earlier ?? []) + dump.rows(lines))
        }
        return outcome
    }

    // MARK: Reading

    /// The dumps of payments and settlements, the latter where there are any yet.
    private func ingest() throws -> IngestedDumps {
        var reading = definition
        reading.inputs = [.payments: definition.inputs[.payments] ?? []]
        let settlements = (definition.inputs[.settlements] ?? []).filter {
            InputFiles.hasFile(matching: $0.files, in: folder)
        }
        if !settlements.isEmpty { reading.inputs[.settlements] = settlements }
        let files = try InputFiles(folder: folder, definition: reading)
        return try Ingester(
            definition: reading, files: files, zone: zone, key: FingerprintKey(),
            workers: Workers(count: 1)
        ).ingest { _ in
            nil
        } checkStopped: {
        }
    }

    /// The rows that earlier looks wrote, without the header; nil where there is no file yet.
    private func earlierRows(_ dump: SettlementDump) throws -> [UInt8]? {
        guard ReplacedFile.exists(path) else { return nil }
        do {
            let source = try TextSource(path: path)
            var bytes = [UInt8](repeating: 0, count: source.size)
            let count = try bytes.withUnsafeMutableBytes { (buffer) throws(TextSourceError) in
                try source.read(into: buffer, at: 0)
            }
            let header = dump.header()
            guard count == source.size, bytes.starts(with: header) else {
                throw TrueupError.run(
                    Finding(
                        "the settlement dump is none of the simulated gateway's",
                        at: SourcePosition(file: path, line: 1),
                        expected: String(decoding: header.dropLast(), as: UTF8.self),
                        remedy: "name another file with --to, or move this one away"))
            }
            return Array(bytes[header.count...])
        } catch let error as TextSourceError {
            throw TrueupError.run(
                Finding(
                    "the settlement dump cannot be read", at: SourcePosition(file: path),
                    found: error.description, remedy: "check that it is a readable file"))
        }
    }

    // MARK: Settling

    /// The lines for the payments that are due, in the order of the input.
    private func settled(
        _ ingested: IngestedDumps, asOf: Instant
    ) throws -> (lines: [SimulatedLine], outcome: Outcome) {
        let tables = ingested.tables
        let matched = SettlementMatch(tables)
        let asked = Set(references.map { ingested.key.idPrint($0) })
        var outcome = Outcome()
        var lines: [SimulatedLine] = []
        var texts = RowTexts(ingested.dumps)
        for (payment, row) in tables.payments.rows.enumerated()
        where row.status == .pending && !isSettled(payment, tables, matched) {
            guard asked.isEmpty || asked.contains(row.id) || asked.contains(row.reference)
            else { continue }
            guard gateway.isDue(created: row.created, asOf: asOf) else {
                outcome.waiting += 1
                continue
            }
            try texts.go(to: row.place)
            let line = line(for: row, id: tables.payments.id(payment), texts)
            if line.state == .completed { outcome.succeeded += 1 } else { outcome.failed += 1 }
            lines.append(line)
        }
        return (lines, outcome)
    }

    /// Whether a gateway has decided already; what is pending there is still to be decided.
    private func isSettled(
        _ payment: Int, _ tables: RecordTables, _ matched: SettlementMatch
    ) -> Bool {
        var isSettled = false
        matched.linesOfPayment.forEach(payment) { line in
            let row = tables.settlements.rows[line]
            if row.type == .charge, row.state != .pending { isSettled = true }
        }
        return isSettled
    }

    private func line(
        for row: PaymentRow, id: String, _ texts: borrowing RowTexts
    ) -> SimulatedLine {
        let reference = String(decoding: texts.id(PaymentField.reference), as: UTF8.self)
        let succeeds = gateway.succeeds(paymentID: id)
        return SimulatedLine(
            id: gateway.lineID(paymentID: id), reference: reference.isEmpty ? id : reference,
            state: succeeds ? .completed : .failed, amount: row.amount,
            fee: succeeds ? agreedFee(of: row) : nil, currency: row.currency,
            occurred: gateway.settled(created: row.created))
    }

    /// The fee that was agreed with gateways in general; nil where none was.
    private func agreedFee(of row: PaymentRow) -> Int64? {
        guard let fees = definition.fees, row.currency == definition.currency else { return nil }
        return fees.terms.fee(on: row.amount)
    }
}
