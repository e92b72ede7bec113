import Definition
import DelimitedText
import Diagnostics
import Records

/// What a run knows, beside the dumps, of what belongs together.
public struct DivisionKeys: Sendable {
    /// Something that an earlier run emitted and that may stand in no dump.
    public struct Emission: Sendable {
        /// The print of the payment's id.
        public var payment = Fingerprint.none
        /// The print of the payment's user.
        public var user = Fingerprint.none
        /// The print of the booking's id.
        public var booking = Fingerprint.none
        /// The print of the order's id.
        public var order = Fingerprint.none
        /// The print of the session's id.
        public var session = Fingerprint.none
        /// The id of a booking, by which others are chosen.
        public var bookingID = ""

        /// Nothing yet.
        public init() {}
    }

    /// Everything that waits to be loaded.
    public var emissions: [Emission] = []
    /// The digits of the booking that a payment of an id would get; nil where nothing is booked.
    public var digits: (@Sendable (UnsafeRawBufferPointer) -> UInt32)?
    /// From the decisions of the dumps: what they give to a record, by its kind and id, as names of
    /// other records; nil where no decision matches any.
    public var targets: (@Sendable ([Override]) -> RowNames.Targets?)?

    /// Nothing.
    public init() {}
}

/// The dumps of a divided run: which part each row belongs to, and what all parts have in common.
public struct Division: Sendable {
    /// How many parts there are.
    public let count: Int
    /// The records of the kinds of which there are few, all rejects, and what was counted.
    public let common: IngestedDumps
    /// What gateways gave back of payments that are in no dump.
    public let orphans: Set<OrphanMoney>
    /// For each emission of the keys its part.
    public let partsOfEmissions: [Int]
    /// For each file the part of each row that can be a record, in the order of the file.
    let rows: [ContiguousArray<UInt16>]
    let bindings: [Binding]
    let starts: [ReadingStart]
}

extension Division {
    /// What was read of all parts: what they have in common, and what each adds to it; the tables are
    /// for others to join.
    public func joined(_ parts: [IngestedDumps]) -> IngestedDumps {
        var joined = common
        let order: [RecordKind] = [
            .payments, .settlements, .bookings, .orders, .sessions, .catalogue, .users, .overrides,
            .bank,
        ]
        let all = common.repeats + parts.flatMap(\.repeats)
        joined.repeats = order.flatMap { kind in
            all.filter { $0.kind == kind }.sorted { $0.place.packed < $1.place.packed }
        }
        for part in parts {
            for file in joined.counts.indices {
                joined.counts[file].addRepeated(of: part.counts[file])
            }
        }
        return joined
    }
}

/// One part of a divided run.
struct DividedShare: Sendable {
    let division: Division
    let part: UInt16
}

extension Ingester {
    /// Reads everything once and keeps no row, but finds out which belong together.
    ///
    /// - Parameters:
    ///   - size: How many parts there are to be.
    ///   - keys: What belongs together beside the dumps' own word.
    ///   - isArchived: Whether an archive is written meanwhile, which takes memory too.
    ///   - observe: Given the index of a file, what each of its bytes is shown to, in order.
    ///   - checkStopped: Asked after each block; what it throws ends the reading.
    /// - Returns: Which part each row belongs to, and what all parts have in common.
    /// - Throws: As `ingest`; `TrueupError.run` where no number of parts keeps within the memory.
    public consuming func divide(
        into size: DivisionSize, by keys: DivisionKeys, isArchived: Bool,
        observe: (Int) -> (@Sendable (UnsafeRawBufferPointer) -> Void)?,
        checkStopped: @escaping () throws -> Void
    ) throws -> Division {
        try readHeaders()
        if case .memory(let budget) = size {
            let files = files
            checkRouted = { router in
                try budget.require(router.byteCount, files, isArchived: isArchived)
            }
        }
        self.checkStopped = checkStopped
        var tables = emptyTables()
        // Decisions first: they say what else belongs together.
        let order = files.all.indices.filter { files.all[$0].kind.isFew }
        for index in order {
            try read(index, files.all[index], into: &tables, observe: observe(index))
        }
        var identity = IdentitySettler(dumps: dumps)
        take(&tables, fewFrom: &identity)
        names = RowNames(
            key: rules.key, digits: keys.digits, targets: keys.targets?(tables.overrides))
        router = PartRouter(fileCount: files.all.count)
        for index in files.all.indices where !files.all[index].kind.isFew {
            try read(index, files.all[index], into: &tables, observe: observe(index))
        }
        rejects.sort { $0.place.packed < $1.place.packed }
        try refuseTooManyRejects()
        try refuseTotalsOutOfRange()
        guard var routed = self.router.take() else { preconditionFailure("nothing was routed") }
        var emitted = RowNames(key: rules.key, digits: keys.digits)
        for emission in keys.emissions {
            emitted.clear()
            emitted.add(emission)
            routed.add(emitted)
        }
        let orphans = routed.orphans
        let count: Int =
            switch size {
            case .whole: 1
            case .parts(let count): min(count, DivisionSize.limit)
            case .memory(let budget):
                try budget.parts(rows: routed.rowCount, files, isArchived: isArchived)
            }
        let (rows, parts, groups) = routed.divide(into: count)
        return Division(
            count: count, common: try ingested(tables, identity), orphans: orphans,
            partsOfEmissions: keys.emissions.map { groups.part(of: $0, in: parts) },
            rows: rows, bindings: bindings, starts: starts)
    }

    /// Reads the rows of one part; each byte of the dumps is shown to `observe`.
    ///
    /// - Returns: The part's records beside those that all parts have; of the counts only what the
    ///   part adds.
    public consuming func ingest(
        part: Int, of division: Division,
        observe: @escaping @Sendable (UnsafeRawBufferPointer) -> Void,
        checkStopped: @escaping () throws -> Void
    ) throws -> IngestedDumps {
        self.checkStopped = checkStopped
        bindings = division.bindings
        starts = division.starts
        share = DividedShare(division: division, part: UInt16(part))
        var tables = emptyTables()
        for (index, file) in files.all.enumerated() where !file.kind.isFew {
            try read(index, file, into: &tables, observe: observe)
        }
        var identity = IdentitySettler(dumps: dumps)
        try identity.settle(&tables, workers)
        let common = division.common.tables
        tables.catalogue = common.catalogue
        tables.userNames = common.userNames
        tables.overrides = common.overrides
        return try ingested(tables, identity)
    }
}

extension RecordKind {
    /// Whether there are few records of the kind, which all parts of a divided run have.
    public var isFew: Bool {
        switch self {
        case .catalogue, .users, .bank, .overrides: true
        case .payments, .settlements, .bookings, .orders, .sessions: false
        }
    }
}
