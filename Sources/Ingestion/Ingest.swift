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
    private(set) var bindings: [Binding] = []
    private var starts: [ReadingStart] = []
    private(set) var rejects: [Reject] = []
    var counts: [FileCounts] = []
    private var small: [RecordKind: [SmallRecord]] = [:]
    private var payoutNumbers = PayoutNumbering()
    private var checkStopped: () throws -> Void = {}
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
                starts.append(start)
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
        counts = Array(repeating: FileCounts(), count: files.all.count)
        var tables = RecordTables()
        tables.hasSettlements = !(definition.inputs[.settlements] ?? []).isEmpty
        tables.hasBank = !(definition.inputs[.bank] ?? []).isEmpty
        for (index, file) in files.all.enumerated() {
            try read(index, file, into: &tables, observe: observe(index))
        }
        try refuseDamagedCarriedRows()
        try refuseTooManyRejects()
        try refuseTotalsOutOfRange()
        let dumps = Dumps(files: files, bindings: bindings)
        var identity = IdentitySettler(dumps: dumps)
        try identity.settle(&tables)
        var returning = ReturningRecords(
            dumps: dumps, zone: rules.zone, successors: identity.successors)
        try returning.take(from: &tables)
        try add(late: returning)
        let items = identity.settle(small[.catalogue] ?? [], .catalogue)
        let users = identity.settle(small[.users] ?? [], .users)
        tables.take(catalogue: items)
        tables.take(users: users, key: rules.key)
        let overrides = identity.settle(overrides: small[.overrides] ?? [])
        tables.take(overrides: overrides)
        for record in items + users + overrides { counts[record.place.file].kept += 1 }
        tables.take(bank: identity.settle(small[.bank] ?? [], .bank))
        tables.payouts = try dumps.payoutIDs(tables, count: payoutNumbers.count)
        for item in identity.repeats { counts[item.place.file].repeated += 1 }
        for place in identity.replaced { counts[place.file].replaced += 1 }
        for (file, sums) in identity.repeatedSums { counts[file].repeatedSums = sums }
        for (file, sum) in identity.repeatedEnergy { counts[file].repeatedEnergy = sum }
        return IngestedDumps(
            dumps: dumps, tables: tables, rejects: rejects, repeats: identity.repeats,
            counts: counts, key: rules.key, obstacles: obstacles)
    }

    // MARK: Rows

    private mutating func read(
        _ index: Int, _ file: InputFile, into tables: inout RecordTables,
        observe: (@Sendable (UnsafeRawBufferPointer) -> Void)?
    ) throws {
        let binding = bindings[index]
        switch file.kind {
        case .payments:
            let parser = PaymentParser(binding: binding, input: file.input, rules: rules)
            var links = ContiguousArray<PaymentLinks>()
            let before = tables.payments.count
            try read(index, parser, into: &tables.payments, observe) {
                links.append(contentsOf: $0)
            }
            Ingester.append(
                links, to: &tables.paymentLinks, before: before, count: tables.payments.count,
                absent: PaymentLinks())
            addSums(index, tables.payments.rows[before...]) {
                ($0.currency, $0.amount, $0.amount)
            }
        case .settlements:
            let parser = SettlementParser(binding: binding, input: file.input, rules: rules)
            let before = tables.settlements.count
            var links = ContiguousArray<SettlementLinks>()
            var numbers = payoutNumbers
            try read(index, parser, into: &tables.settlements, observe) { names in
                for name in names { links.append(numbers.links(name)) }
            }
            payoutNumbers = numbers
            Ingester.append(
                links, to: &tables.settlementLinks, before: before,
                count: tables.settlements.count, absent: SettlementLinks())
            addSums(index, tables.settlements.rows[before...]) {
                ($0.currency, $0.gross, abs($0.gross) + abs($0.fee) + abs($0.tax) + abs($0.net))
            }
        case .bookings:
            let parser = BookingParser(binding: binding, input: file.input)
            let before = tables.bookings.count
            try read(index, parser, into: &tables.bookings, observe)
            addSums(index, tables.bookings.rows[before...]) {
                ($0.currency, $0.amount, $0.amount)
            }
        case .orders:
            let parser = OrderParser(binding: binding, input: file.input)
            try read(index, parser, into: &tables.orders, observe)
        case .sessions:
            let parser = SessionParser(binding: binding, input: file.input)
            let before = tables.sessions.count
            try read(index, parser, into: &tables.sessions, observe)
            addEnergy(index, tables.sessions.rows[before...])
        case .catalogue, .users, .overrides: try readSmall(index, observe)
        case .bank:
            let before = small[.bank]?.count ?? 0
            try readSmall(index, observe)
            addSums(index, (small[.bank] ?? []).dropFirst(before).lazy.compactMap(\.figures)) {
                ($0.currency, $0.amount, abs($0.amount))
            }
        }
    }

    /// Adds what the rows of one file name besides, beside the rows of all.
    ///
    /// A file without such columns names nothing, beside files that do.
    private static func append<Links>(
        _ links: ContiguousArray<Links>, to all: inout ContiguousArray<Links>, before: Int,
        count: Int, absent: Links
    ) {
        guard !links.isEmpty || !all.isEmpty else { return }
        all.append(contentsOf: repeatElement(absent, count: before - all.count))
        all.append(contentsOf: links)
        all.append(contentsOf: repeatElement(absent, count: count - all.count))
    }

    /// Reads the rows of a file; `takeLinks` is given what the rows of each block name besides.
    private mutating func read<Parser: RowParser>(
        _ index: Int, _ parser: Parser, into table: inout Table<Parser.Row>,
        _ observe: (@Sendable (UnsafeRawBufferPointer) -> Void)?,
        takeLinks: (ContiguousArray<Parser.Links>) -> Void = { _ in }
    ) throws {
        let binding = bindings[index]
        let rules = rules
        var totals = FileTotals(binding)
        try reading(index, observe) { tape, offset in
            let totals = binding.makeFields(&tape, at: offset)
            return (
                parser.parse(tape, at: offset, file: index, binding: binding, rules: rules), totals
            )
        } deliver: { made, place in
            let block = made.0
            totals.add(made.1, place)
            if table.rows.capacity - table.rows.count < block.rows.count {
                // The rest of the file will be like this block; growing step by step would copy
                // everything again and again.
                let rest = files.all[index].source.size - place.offset
                let blocks = rest / RecordReader.blockSize + 1
                table.rows.reserveCapacity(table.rows.count + block.rows.count * blocks)
                table.idBytes.reserveCapacity(table.idBytes.count + block.idBytes.count * blocks)
            }
            let shift = table.idBytes.count
            table.idBytes.append(contentsOf: block.idBytes)
            let first = table.rows.count
            table.rows.append(contentsOf: block.rows)
            for row in first..<table.rows.count {
                table.rows[row].idText = table.rows[row].idText.moved(by: shift)
                table.rows[row].line += UInt32(place.firstLine)
            }
            takeLinks(block.links)
            appendRejects(block.rejects, index, place)
            counts[index].records += block.recordCount
            counts[index].leftOut += block.leftOut
        }
        try finish(index, totals)
    }

    /// Puts what was refused after the reading into the order of the files.
    private mutating func add(late returning: ReturningRecords) throws {
        let found = returning.rejects
        for (file, sums) in returning.sums {
            for (currency, sum) in sums { counts[file].sums[currency, default: 0] -= sum }
        }
        guard !found.isEmpty else { return }
        rejects.append(contentsOf: found)
        rejects.sort { $0.place.packed < $1.place.packed }
        for reject in found { counts[reject.place.file].rejected += 1 }
        try refuseTooManyRejects()
    }

    private mutating func appendRejects(_ found: [Reject], _ file: Int, _ place: BlockPlace) {
        let isUTF8 = files.all[file].source.encoding == .utf8
        for var reject in found {
            reject.line += UInt32(place.firstLine)
            if reject.reason == .invalidUTF8, !isUTF8 { reject.reason = .undecodable }
            rejects.append(reject)
        }
        counts[file].rejected += found.count
    }

    /// Reads a file from below its header; what goes wrong says which file it was.
    private func reading<Output: Sendable>(
        _ index: Int, _ observe: (@Sendable (UnsafeRawBufferPointer) -> Void)?,
        parse: @Sendable (inout RecordTape, Int) -> Output,
        deliver: (Output, BlockPlace) throws -> Void
    ) throws {
        let reader = RecordReader(
            source: files.all[index].source, dialect: bindings[index].dialect, workers: workers)
        do {
            try reader.read(
                from: starts[index], observe: observe, parse: parse
            ) { output, place in
                try checkStopped()
                try deliver(output, place)
            }
        } catch let error as TextSourceError {
            let finding = Finding(
                "the dump cannot be read", at: SourcePosition(file: files.all[index].path),
                found: error.description, remedy: "check the file, and run again")
            guard gathersObstacles else { throw TrueupError.run(finding) }
            throw UnreadableDumps(all: [(index, finding)])
        }
    }

    /// Reads records of a kind of which there are few enough to keep their texts.
    private mutating func readSmall(
        _ index: Int, _ observe: (@Sendable (UnsafeRawBufferPointer) -> Void)?
    ) throws {
        let binding = bindings[index]
        let kind = files.all[index].kind
        let rules = rules
        var totals = FileTotals(binding)
        try reading(index, observe) { tape, offset in
            let totals = binding.makeFields(&tape, at: offset)
            return (
                SmallBlock(
                    tape, at: offset, file: index, kind: kind, binding: binding, rules: rules),
                totals
            )
        } deliver: { made, place in
            let block = made.0
            totals.add(made.1, place)
            for var record in block.records {
                record.line += UInt32(place.firstLine)
                small[kind, default: []].append(record)
            }
            appendRejects(block.rejects, index, place)
            counts[index].records += block.records.count + block.rejects.count + block.leftOut
            counts[index].leftOut += block.leftOut
        }
        try finish(index, totals)
    }
}
