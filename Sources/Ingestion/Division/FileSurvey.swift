import Definition
import DelimitedText
import Diagnostics
import Records

/// What is known of one dump once it was read, beside its rows: what a run of parts holds them against.
public struct FileSurvey: Sendable {
    /// What was counted in it.
    public var counts = FileCounts()
    /// Its rows that are no records, in their order.
    public var rejects: [Reject] = []
    /// Which rows are records.
    public var tally = RowTally()

    /// Nothing was read.
    public init() {}
}

extension FileSurvey: FieldCoded {
    /// Nothing was read.
    public static var blank: FileSurvey { FileSurvey() }

    /// Every field, in the order of their declaration.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&counts)
        try coder.code(&rejects)
        try coder.code(&tally)
    }
}

/// What one row of a dump is known by.
public struct ListedRow: Sendable {
    /// Where it begins.
    public let place: RowPlace
    /// How many bytes it has, without its line end.
    public let count: Int
    /// The line on which it begins, from 1.
    public let line: UInt32
    /// What it names, with what it gives back.
    public let names: RowNames
}

extension Ingester {
    /// Reads one dump whose rows are to be shared out, and keeps none of them.
    ///
    /// The files of the kinds of which there are few must be there; of the others the heads are enough.
    ///
    /// - Parameters:
    ///   - file: The index of the dump.
    ///   - keys: What belongs together beside the dumps' own word.
    ///   - observe: What each byte of the dump is shown to, in order.
    ///   - list: Given each row that can be a record, in the order of the dump.
    ///   - checkStopped: Asked after each block; what it throws ends the reading.
    /// - Returns: What is known of the dump beside its rows.
    /// - Throws: As `ingest`, where the dump cannot be read.
    public consuming func survey(
        of file: Int, by keys: DivisionKeys,
        observe: @escaping @Sendable (UnsafeRawBufferPointer) -> Void,
        list: @escaping (ListedRow) throws -> Void, checkStopped: @escaping () throws -> Void
    ) throws -> FileSurvey {
        try readHeaders()
        self.checkStopped = checkStopped
        var tables = emptyTables()
        try readFew(into: &tables)
        names = RowNames(
            key: rules.key, digits: keys.digits, targets: keys.targets?(tables.overrides))
        self.list = list
        try read(file, files.all[file], into: &tables, observe: observe)
        var survey = FileSurvey()
        survey.counts = counts[file]
        survey.rejects = rejects.filter { $0.place.file == file }
        survey.tally = tallies[file]
        return survey
    }

    /// Where what tells a file's columns ends, once the headers were read: behind the header, or behind
    /// the first row of a file without one.
    public func endOfHead(_ index: Int) -> Int {
        let start = starts[index].offset
        let file = files.all[index]
        guard file.input.format.header == HeaderPresence.none else { return start }
        var cursor = RecordCursor(source: file.source, dialect: bindings[index].dialect)
        return (try? cursor.record(at: start)).map { cursor.nextOffset } ?? start
    }

    /// What an earlier run emitted, by the names by which rows are listed.
    public func names(ofEmissionsIn keys: DivisionKeys) -> [[UInt64]] {
        var names = RowNames(key: rules.key, digits: keys.digits)
        return keys.emissions.map { emission in
            names.clear()
            names.add(emission)
            return Array(names.all)
        }
    }

    /// Reads the rows of a part: of the dumps of kinds of which there are many, those that were taken out
    /// of them.
    ///
    /// - Returns: As for a part of a divided run, and of each file which rows there were.
    /// - Throws: `TrueupError.run` where a row is no record of its dump.
    public consuming func ingestExcerpts(
        checkStopped: @escaping () throws -> Void
    ) throws -> (dumps: IngestedDumps, tallies: [RowTally]) {
        try readHeaders()
        self.checkStopped = checkStopped
        var tables = emptyTables()
        try readFew(into: &tables)
        // What is counted of them is counted once, where the parts are joined.
        tables.bank = []
        counts = Array(repeating: FileCounts(), count: files.all.count)
        rejects = []
        for (index, file) in files.all.enumerated() where !file.kind.isFew {
            try read(index, file, into: &tables, observe: nil)
        }
        var identity = IdentitySettler(dumps: dumps)
        try identity.settle(&tables, workers)
        return (try ingested(tables, identity), tallies)
    }

    /// Reads the dumps of the kinds of which there are few, and takes over what is known of the others.
    ///
    /// - Parameters:
    ///   - surveys: Of each file of the other kinds, by its index.
    ///   - count: How many parts there are.
    ///   - partsOfEmissions: For each emission that was handed on, its part.
    ///   - observe: Given the index of a file, what each of its bytes is shown to, in order.
    ///   - checkStopped: Asked after each block; what it throws ends the reading.
    /// - Returns: What all parts have in common.
    /// - Throws: As `ingest`.
    public consuming func gather(
        _ surveys: [Int: FileSurvey], count: Int, partsOfEmissions: [Int],
        observe: (Int) -> (@Sendable (UnsafeRawBufferPointer) -> Void)?,
        checkStopped: @escaping () throws -> Void
    ) throws -> Division {
        try readHeaders()
        self.checkStopped = checkStopped
        var tables = emptyTables()
        for (file, survey) in surveys {
            counts[file] = survey.counts
            rejects += survey.rejects
        }
        for (index, file) in files.all.enumerated() where file.kind.isFew {
            try read(index, file, into: &tables, observe: observe(index))
        }
        rejects.sort { $0.place.packed < $1.place.packed }
        try refuseTooManyRejects()
        try refuseTotalsOutOfRange()
        var identity = IdentitySettler(dumps: dumps)
        take(&tables, fewFrom: &identity)
        return Division(
            count: count, common: try ingested(tables, identity), orphans: [],
            partsOfEmissions: partsOfEmissions, rows: [], bindings: bindings, starts: starts)
    }

    /// Reads the dumps of the kinds of which there are few.
    private mutating func readFew(into tables: inout RecordTables) throws {
        for (index, file) in files.all.enumerated() where file.kind.isFew {
            try read(index, file, into: &tables, observe: nil)
        }
        var identity = IdentitySettler(dumps: dumps)
        take(&tables, fewFrom: &identity)
    }
}
