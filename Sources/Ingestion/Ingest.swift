import Definition
import DelimitedText
import Diagnostics
import Money
import Parallel
import Records
import Rules
import Time

/// The dumps of a run with what is needed to read a row's texts again.
public struct Dumps: Sendable {
    /// The files, opened.
    public let files: InputFiles
    /// How each file's columns are read, in the order of the files.
    let bindings: [Binding]

    /// The name of a column in a file's header; empty where none is meant.
    public func header(ofField field: Int, file: Int) -> String {
        bindings[file].header(of: field)
    }

    /// Whether any row of a file can have a field.
    public func has(_ field: some RecordFieldSet, file: Int) -> Bool {
        bindings[file].has(field.rawValue)
    }

    /// A dump that could be read once and cannot be read again.
    func unreadable(_ file: Int, _ error: TextSourceError) -> TrueupError {
        .run(
            Finding(
                "the dump cannot be read again",
                at: SourcePosition(file: files.all[file].path),
                found: error.description, remedy: "leave the dumps alone during a run"))
    }
}

/// What was counted in one file, for the control totals.
public struct FileCounts: Sendable {
    /// Every record after the header.
    public var records = 0
    /// Those that could not be records.
    public var rejected = 0
    /// Those that are no records by the definition's own word: totals, footers, rows to skip.
    public var leftOut = 0
    /// Those that did not count, because another row of the same id does.
    public var repeated = 0
    /// Those that were handed on and that tonight's dumps have anew.
    public var replaced = 0
    /// Those that count, as the records that were kept tell; only of kinds that are kept as texts.
    public var kept = 0
    /// The sums of amounts by currency, of all rows that were not rejected.
    public var sums: [Currency: Int128] = [:]
    /// The same of those that did not count, because another row of the same id does.
    public var repeatedSums: [Currency: Int128] = [:]
    /// The energy that sessions measured, in millionths of a kilowatt-hour, of all rows that were not
    /// rejected.
    public var energy: Int128 = 0
    /// The same of those that did not count.
    public var repeatedEnergy: Int128 = 0
    /// Adds the rows of a part that did not count.
    mutating func addRepeated(of part: FileCounts) {
        repeated += part.repeated
        repeatedEnergy += part.repeatedEnergy
        for (currency, sum) in part.repeatedSums { repeatedSums[currency, default: 0] += sum }
    }

    /// The sum of the magnitudes of everything in the file that is ever added up.
    var magnitude: Int128 = 0
}

/// Dumps turned into tables of records, with everything that is no record laid aside.
public struct IngestedDumps: Sendable {
    /// The files behind the tables.
    public let dumps: Dumps
    /// The records that count.
    public var tables: RecordTables
    /// In the order of the files, then of their rows.
    public var rejects: [Reject]
    /// In the order of the kinds, then of the rows.
    public var repeats: [Repeat]
    /// In the order of the files.
    public var counts: [FileCounts]
    /// The run's secret, for whoever looks something up in the tables.
    public let key: FingerprintKey
    /// What would have ended a run, where it was gathered; else nothing, as it was thrown.
    public let obstacles: [Obstacle]
}

/// Turns dumps and a definition into tables of records (contract, Ingest).
public struct Ingester {
    let definition: PipelineDefinition
    let files: InputFiles
    let rules: ReadingRules
    let workers: Workers
    var bindings: [Binding] = []
    var starts: [ReadingStart] = []
    var rejects: [Reject] = []
    var counts: [FileCounts] = []
    var small: [RecordKind: [SmallRecord]] = [:]
    var payoutNumbers = PayoutNumbering()
    var checkStopped: () throws -> Void = {}
    /// What the row at hand names, where that matters: then no row is kept.
    var names: RowNames?
    /// What finds out which rows belong together.
    var router: PartRouter?
    /// Whoever is told of each row, with what it names.
    var list: ((ListedRow) throws -> Void)?
    /// For each file the rows that were listed, or that were read of an excerpt.
    var tallies: [RowTally] = []
    /// Asked after each block that was routed; what it throws ends the reading.
    var checkRouted: (PartRouter) throws -> Void = { _ in }
    /// The part of a divided run whose rows alone are kept; nil to keep all.
    var share: DividedShare?
    /// Whether what would end a run is gathered, so that all of it can be told, and not thrown.
    var gathersObstacles = false
    var obstacles: [Obstacle] = []

    /// Prepares the reading of opened files.
    public init(
        definition: PipelineDefinition, files: InputFiles, zone: Zone, key: FingerprintKey,
        workers: Workers
    ) {
        self.definition = definition
        self.files = files
        self.workers = workers
        let tickets = definition.backfill?.kinds.filter { $0.emit == .ticket } ?? []
        rules = ReadingRules(
            key: key, currency: definition.currency, zone: zone,
            ticketKinds: Set(tickets.map { $0.name.lowercased() }),
            gateways: NumberedWords(FeeWords(definition.fees).gateways),
            methods: NumberedWords(FeeWords(definition.fees).methods))
    }

    /// Reads the headers alone.
    ///
    /// - Throws: `TrueupError.dumps` with every file whose header does not serve.
    public mutating func readHeaders() throws {
        do {
            try findHeaders()
        } catch {
            throw TrueupError.dumps(Findings(error.all.map(\.finding)))
        }
    }

    /// Finds the header of every file.
    ///
    /// - Throws: Every file whose header does not serve.
    mutating func findHeaders() throws(UnreadableDumps) {
        var failures: [(file: Int, finding: Finding)] = []
        for (index, file) in files.all.enumerated() {
            do throws(Finding) {
                let (binding, start) = try HeaderSearch(
                    file: file, rules: rules, library: definition.library
                ).find()
                bindings.append(binding)
                starts.append(file.excerpt == nil ? start : RowExcerpt.start)
            } catch {
                failures.append((index, error))
            }
        }
        guard failures.isEmpty else { throw UnreadableDumps(all: failures) }
    }

    /// Reads everything.
    ///
    /// - Parameters:
    ///   - observe: Given the index of a file, what each of its bytes is shown to, in order.
    ///   - checkStopped: Asked after each block; what it throws ends the reading.
    /// - Returns: The records that count, and the rejected and repeated rows.
    /// - Throws: `TrueupError.run` where a file cannot be read, its header does not serve, or too
    ///   many rows of a kind are rejected.
    public consuming func ingest(
        observe: (Int) -> (@Sendable (UnsafeRawBufferPointer) -> Void)?,
        checkStopped: @escaping () throws -> Void
    ) throws -> IngestedDumps {
        try readHeaders()
        return try ingestRows(observe: observe, checkStopped: checkStopped)
    }

    /// Reads everything below the headers, which have been found.
    ///
    /// - Throws: As `ingest`; `UnreadableDumps` in place of a dump that cannot be read, where
    ///   obstacles are gathered.
    consuming func ingestRows(
        observe: (Int) -> (@Sendable (UnsafeRawBufferPointer) -> Void)?,
        checkStopped: @escaping () throws -> Void
    ) throws -> IngestedDumps {
        self.checkStopped = checkStopped
        var tables = emptyTables()
        for (index, file) in files.all.enumerated() {
            try read(index, file, into: &tables, observe: observe(index))
        }
        try refuseDamagedCarriedRows()
        try refuseTooManyRejects()
        try refuseTotalsOutOfRange()
        var identity = IdentitySettler(dumps: dumps)
        try identity.settle(&tables, workers)
        var returning = ReturningRecords(
            dumps: dumps, zone: rules.zone, successors: identity.successors)
        try returning.take(from: &tables)
        try add(late: returning)
        take(&tables, fewFrom: &identity)
        return try ingested(tables, identity)
    }

    /// Tables without a record, and counts without a row.
    mutating func emptyTables() -> RecordTables {
        counts = Array(repeating: FileCounts(), count: files.all.count)
        tallies = Array(repeating: RowTally(), count: files.all.count)
        var tables = RecordTables()
        tables.hasSettlements = !(definition.inputs[.settlements] ?? []).isEmpty
        tables.hasBank = !(definition.inputs[.bank] ?? []).isEmpty
        return tables
    }

    /// The files and how they are read.
    var dumps: Dumps { Dumps(files: files, bindings: bindings) }

    /// Takes over the records of the kinds of which there are few.
    mutating func take(_ tables: inout RecordTables, fewFrom identity: inout IdentitySettler) {
        let items = identity.settle(small[.catalogue] ?? [], .catalogue)
        let users = identity.settle(small[.users] ?? [], .users)
        tables.take(catalogue: items)
        tables.take(users: users, key: rules.key)
        let overrides = identity.settle(overrides: small[.overrides] ?? [])
        tables.take(overrides: overrides)
        for record in items + users + overrides { counts[record.place.file].kept += 1 }
        tables.take(bank: identity.settle(small[.bank] ?? [], .bank))
    }

    /// What was read, once it is settled which rows count.
    mutating func ingested(
        _ tables: RecordTables, _ identity: IdentitySettler
    ) throws -> IngestedDumps {
        var tables = tables
        tables.payouts = try dumps.payoutIDs(tables, count: payoutNumbers.count)
        for item in identity.repeats { counts[item.place.file].repeated += 1 }
        for place in identity.replaced { counts[place.file].replaced += 1 }
        for (file, sums) in identity.repeatedSums { counts[file].repeatedSums = sums }
        for (file, sum) in identity.repeatedEnergy { counts[file].repeatedEnergy = sum }
        return IngestedDumps(
            dumps: dumps, tables: tables, rejects: rejects, repeats: identity.repeats,
            counts: counts, key: rules.key, obstacles: obstacles)
    }
}
