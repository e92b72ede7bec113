import Definition
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
    private let source: SimulatedSource
    private let folder: String
    private let gateway: SimulatedGateway
    private let zone: Zone
    /// Ids or references of the only payments to be settled; empty for all.
    private let references: [String]
    /// Where the dump is written.
    public var path: String { source.path }

    /// What one look at the dumps came to.
    public struct Outcome: Sendable, Hashable {
        /// Payments that were settled now as succeeded.
        public var succeeded = 0
        /// Payments that were settled now as failed.
        public var failed = 0
        /// Payments that are pending and not old enough yet.
        public var waiting = 0
        /// Payments that were asked for by name and had been decided before.
        public var decided = 0

        /// Nothing was pending.
        public init() {}
    }

    /// Prepares a simulated gateway.
    ///
    /// - Parameters:
    ///   - definition: The pipeline, one of whose sources of settlements says what a dump looks like.
    ///   - folder: The folder of the dumps, into which the settlement dump is written as well.
    ///   - path: Where to write instead; nil for a name that a source's glob finds.
    ///   - references: Ids or references of the only payments to be settled; empty for all.
    ///   - behaviour: When, how and how well it settles.
    /// - Throws: `TrueupError.usage` where the pipeline reads no settlements, or where no source can
    ///   be written for.
    public init(
        _ definition: PipelineDefinition, folder: String, path: String?, references: [String],
        behaviour: GatewayBehaviour
    ) throws(TrueupError) {
        var folder = folder[...]
        while folder.count > 1, folder.hasSuffix("/") { folder = folder.dropLast() }
        self.folder = String(folder)
        source = try SimulatedSource(definition, folder: self.folder, path: path)
        guard let zone = Zone.named(definition.timezone) else {
            throw .run(
                Finding(
                    "the zone's rules cannot be read", found: definition.timezone,
                    remedy: "install the package tzdata"))
        }
        self.definition = definition
        self.zone = zone
        self.references = references
        gateway = SimulatedGateway(behaviour: behaviour, pipeline: definition.name)
    }

    /// Looks at the dumps once, and adds what is settled to the settlement dump.
    ///
    /// - Parameters:
    ///   - asOf: The moment that it takes for the present.
    ///   - checkStopped: Asked now and then; what it throws ends the look.
    /// - Returns: What became of which payments.
    /// - Throws: `TrueupError.run` where the dumps cannot be read or the file cannot be written,
    ///   which is then as it was; `TrueupError.usage` where a payment that was asked for is in no
    ///   dump.
    public func settle(
        asOf: Instant, checkStopped: @escaping () throws -> Void = {}
    ) throws -> Outcome {
        let file = ReplacedFile(path: path)
        return try file.alone {
            let earlier = try EarlierLooks(path: path, dump: source.dump)
            let ingested = try ingest(checkStopped)
            let (lines, outcome) = try settled(ingested, earlier, asOf: asOf)
            try checkStopped()
            if !lines.isEmpty || earlier.rows == nil {
                let rows = (earlier.rows ?? []) + lines.flatMap(source.dump.row)
                let readBack = ReadBack(
                    definition: definition, input: source.input, zone: zone, path: path)
                try file.write(source.dump.header() + rows) { folder, name in
                    try readBack.check(lines, folder: folder, name: name)
                }
            }
            return outcome
        }
    }

    /// The dumps of payments and settlements, the latter where there are any yet.
    private func ingest(_ checkStopped: @escaping () throws -> Void) throws -> IngestedDumps {
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
        ).ingest(observe: { _ in nil }, checkStopped: checkStopped)
    }

    // MARK: Settling

    /// The lines for the payments that are due, in the order of the input.
    private func settled(
        _ ingested: IngestedDumps, _ earlier: EarlierLooks, asOf: Instant
    ) throws -> (lines: [SimulatedLine], outcome: Outcome) {
        let tables = ingested.tables
        let matched = SettlementMatch(tables)
        let asked = Set(references.map { ingested.key.idPrint($0) })
        try requireKnown(ingested)
        var outcome = Outcome()
        var lines: [SimulatedLine] = []
        var texts = RowTexts(ingested.dumps)
        for (payment, row) in tables.payments.rows.enumerated() {
            guard asked.isEmpty || asked.contains(row.id) || asked.contains(row.reference)
            else { continue }
            guard row.status == .pending, !isSettled(payment, tables, matched) else {
                if !asked.isEmpty { outcome.decided += 1 }
                continue
            }
            guard gateway.isDue(created: row.created, asOf: asOf) else {
                outcome.waiting += 1
                continue
            }
            try texts.go(to: row.place)
            let line = line(for: row, payment, tables, texts)
            // What was said once stands, also where the pipeline does not read it yet.
            guard source.dump.idCell(line).map(earlier.ids.contains) != true else {
                if !asked.isEmpty { outcome.decided += 1 }
                continue
            }
            if line.state == .completed { outcome.succeeded += 1 } else { outcome.failed += 1 }
            lines.append(line)
        }
        return (lines, outcome)
    }

    /// Fails where a payment that was asked for is in no dump: settling none of it would look as if
    /// all were well.
    private func requireKnown(_ ingested: IngestedDumps) throws {
        guard !references.isEmpty else { return }
        var known: Set<Fingerprint> = []
        for row in ingested.tables.payments.rows { known.formUnion([row.id, row.reference]) }
        let unknown = references.filter { !known.contains(ingested.key.idPrint($0)) }
        guard !unknown.isEmpty else { return }
        throw TrueupError.usage(
            Finding(
                "no payment has this id or reference", found: unknown.joined(separator: ", "),
                remedy: "look it up in the payments dump; upper and lower case matter"))
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
        for row: PaymentRow, _ payment: Int, _ tables: RecordTables, _ texts: borrowing RowTexts
    ) -> SimulatedLine {
        let id = tables.payments.id(payment)
        let reference = String(decoding: texts.id(PaymentField.reference), as: UTF8.self)
        let succeeds = gateway.succeeds(paymentID: id)
        return SimulatedLine(
            id: gateway.lineID(paymentID: id), reference: reference.isEmpty ? id : reference,
            state: succeeds ? .completed : .failed, amount: row.amount,
            cost: succeeds ? cost(of: row, tables.links(ofPayment: payment).gateway) : nil,
            currency: row.currency, occurred: gateway.settled(created: row.created))
    }

    /// What was agreed for such a charge of the source's gateway, else of the payment's.
    private func cost(of row: PaymentRow, _ gateway: UInt8) -> AgreedFees.Cost? {
        guard let fees = definition.fees else { return nil }
        let words = FeeWords(fees)
        func number(_ field: SettlementField, _ words: [String]) -> UInt8? {
            guard case .constant(let word) = source.input.columns[field.name.text] else {
                return nil
            }
            return FeeWords.number(of: word, in: words)
        }
        return AgreedFees(fees, currency: definition.currency).cost(
            of: row.amount, row.currency, gateway: number(.gateway, words.gateways) ?? gateway,
            method: number(.method, words.methods) ?? FeeWords.unnamed)
    }
}
