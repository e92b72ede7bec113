import Diagnostics
import Ingestion
import Money
import Records
import Time

/// What dumps hold, and whether a run would accept them: what `trueup check` tells.
///
/// It holds counts, sums, days and places, and nothing of what stands in a row.
public struct DumpSurvey: Sendable {
    /// What is counted of a file, or of all files of a kind.
    struct Figures: Sendable {
        /// Every row below the header.
        var rows = 0
        /// Rows that the definition leaves out.
        var leftOut = 0
        /// Rows that repeat or precede another one of the same id.
        var repeated = 0
        /// Rows that cannot be a record.
        var rejected = 0
        /// The records, which are all other rows.
        var records: CountedValue
        /// The records again, in the order of `SurveyGroup.of`.
        var groups: [CountedValue]
        /// The energy that sessions measured, in millionths of a kWh.
        var energy: Int128 = 0
        /// The day of the earliest record; `absent` where no record tells one.
        var from = CivilDate.absent
        /// The day of the latest record.
        var to = CivilDate.absent
    }

    /// A file that the definition names.
    struct File: Sendable {
        /// The path below the input folder, or the globs that no file matches.
        let name: String
        /// What it holds; nil where it cannot be read.
        var figures: Figures?
        /// Whether there is no such file.
        var isMissing = false
        /// The preset by which it is read; nil where it is read by none.
        var preset: String?
    }

    /// The files of one kind of records.
    struct Kind: Sendable {
        let kind: RecordKind
        var files: [File] = []
        /// What all files hold together.
        var figures: Figures
        /// The first rows that are no records.
        var firstRejects: [RunReport.RejectLine] = []
    }

    /// How many rejected rows of a kind are told of one by one.
    static let mostRejects = 5

    /// The pipeline's name.
    let pipeline: String
    /// The input folder, as the user named it.
    let folder: String
    /// In the order of the kinds; those that the definition names.
    private(set) var kinds: [Kind] = []
    /// Everything that would end a run, in the order of the kinds.
    public let obstacles: [Obstacle]

    private let currency: Currency

    /// Counts and adds up what was read.
    ///
    /// - Parameters:
    ///   - reading: The dumps.
    ///   - pipeline: The pipeline's name.
    ///   - currency: The pipeline's, which is told first.
    ///   - zone: The pipeline's, whose days are told.
    public init(_ reading: TolerantReading, pipeline: String, currency: Currency, zone: Zone) {
        self.pipeline = pipeline
        self.currency = currency
        folder = reading.ingested.dumps.files.folder
        obstacles = reading.obstacles
        let files = reading.ingested.dumps.files.all
        var figures = zip(files, reading.ingested.counts).map { file, counts in
            var figures = Figures(file.kind, currency)
            figures.rows = counts.records
            figures.leftOut = counts.leftOut
            figures.repeated = counts.repeated
            figures.rejected = counts.rejected
            // Records of kinds without figures; all others are counted with theirs.
            figures.records.count = counts.kept
            return figures
        }
        DumpSurvey.count(reading.ingested.tables, zone, &figures)
        for kind in RecordKind.allCases {
            var all = Kind(kind: kind, figures: Figures(kind, currency))
            for (file, figures) in zip(files, figures) where file.kind == kind {
                all.files.append(
                    File(name: file.name, figures: figures, preset: file.presetName))
                all.figures.add(figures)
            }
            for file in reading.unread where file.kind == kind {
                all.files.append(File(name: file.name, isMissing: file.isMissing))
            }
            all.files.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            all.firstRejects = DumpSurvey.firstRejects(of: kind, in: reading.ingested)
            if !all.files.isEmpty { kinds.append(all) }
        }
    }

    private static func firstRejects(
        of kind: RecordKind, in ingested: IngestedDumps
    ) -> [RunReport.RejectLine] {
        ingested.rejects.lazy.filter { ingested.dumps.files.all[$0.place.file].kind == kind }
            .prefix(mostRejects).map { RunReport.RejectLine($0, in: ingested.dumps) }
    }

    // MARK: Counting

    private static func count(_ tables: RecordTables, _ zone: Zone, _ figures: inout [Figures]) {
        for row in tables.payments.rows {
            figures[row.place.file].count(
                Int(row.status.rawValue), row.amount, row.currency, on: zone.date(of: row.created))
        }
        for row in tables.settlements.rows {
            let day = row.occurred.isPresent ? zone.date(of: row.occurred) : row.settledOn
            figures[row.place.file].count(
                SurveyGroup.place(of: row.type, row.state), row.gross, row.currency, on: day)
        }
        for row in tables.bookings.rows {
            figures[row.place.file].count(
                Int(row.status.rawValue), row.amount, row.currency, on: zone.date(of: row.created))
        }
        for row in tables.orders.rows {
            figures[row.place.file].count(
                Int(row.status.rawValue), row.amount, row.currency, on: .absent)
        }
        for row in tables.sessions.rows {
            figures[row.place.file].count(
                SurveyGroup.place(of: row.status), nil, .none, on: zone.date(of: row.started))
            figures[row.place.file].energy += Int128(row.energy ?? 0)
        }
        for line in tables.bank {
            figures[line.place.file].count(nil, line.amount, line.currency, on: line.date)
        }
    }
}

extension DumpSurvey.Figures {
    /// Nothing yet, of records of a kind; `own` is the currency that is told first.
    init(_ kind: RecordKind, _ own: Currency) {
        let none = CountedValue(value: CurrencySums(own: own))
        records = none
        groups = Array(repeating: none, count: SurveyGroup.of(kind).count)
    }

    /// Counts a record; nil where its kind has no groups, or it names no amount.
    fileprivate mutating func count(
        _ group: Int?, _ amount: Int64?, _ currency: Currency, on day: CivilDate
    ) {
        records.add(amount, currency)
        if let group { groups[group].add(amount, currency) }
        extend(to: day)
    }

    /// Adds what another file holds.
    fileprivate mutating func add(_ other: DumpSurvey.Figures) {
        rows += other.rows
        leftOut += other.leftOut
        repeated += other.repeated
        rejected += other.rejected
        records.add(other.records)
        for place in groups.indices { groups[place].add(other.groups[place]) }
        energy += other.energy
        extend(to: other.from)
        extend(to: other.to)
    }

    private mutating func extend(to day: CivilDate) {
        guard day.isPresent else { return }
        from = from.isPresent ? min(from, day) : day
        to = max(to, day)
    }
}

extension CountedValue {
    fileprivate mutating func add(_ amount: Int64?, _ currency: Currency) {
        count += 1
        if let amount { value.add(Int128(amount), currency) }
    }

    fileprivate mutating func add(_ other: CountedValue) {
        count += other.count
        for (currency, sum) in other.value.entries { value.add(sum, currency) }
    }
}

/// What a survey tells the records of a kind apart by: a status, or type and state.
struct SurveyGroup: Sendable {
    /// Names of what they are told apart by, with the words.
    let words: [(name: StaticString, word: String)]

    /// The groups of a kind, in the order in which they are told; none for kinds without any.
    static func of(_ kind: RecordKind) -> [SurveyGroup] {
        func statuses(_ words: [String]) -> [SurveyGroup] {
            words.map { SurveyGroup(words: [("status", $0)]) }
        }
        switch kind {
        case .payments: return statuses(PaymentStatus.words)
        case .bookings: return statuses(BookingStatus.words)
        case .orders: return statuses(OrderStatus.words)
        // Words that are none of ours, and none at all, are one group.
        case .sessions: return statuses(SessionStatus.words + ["other"])
        case .settlements:
            return SettlementType.words.flatMap { type in
                SettlementState.words.map {
                    SurveyGroup(words: [("type", type), ("state", $0)])
                }
            }
        case .catalogue, .users, .bank, .overrides: return []
        }
    }

    /// The place of a line's group.
    static func place(of type: SettlementType, _ state: SettlementState) -> Int {
        Int(type.rawValue) * SettlementState.words.count + Int(state.rawValue)
    }

    /// The place of a session's group.
    static func place(of status: SessionStatus?) -> Int {
        status.map { Int($0.rawValue) } ?? SessionStatus.words.count
    }
}
