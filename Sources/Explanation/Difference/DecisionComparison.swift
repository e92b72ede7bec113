import Diagnostics
import Money
import Parallel
import Reporting

/// What two runs over the same dumps decide otherwise.
public struct DecisionComparison: Sendable {
    /// How many there are, and what they come to.
    public struct Figure: Sendable, Hashable {
        /// How many.
        public var count = 0
        /// By currency, in minor units; empty where they have no amount.
        public var value: [Currency: Int128] = [:]

        /// None.
        public init() {}

        /// Adds another figure.
        public mutating func add(_ other: Figure) {
            count += other.count
            value.merge(other.value, uniquingKeysWith: +)
        }
    }

    /// Rows of one kind of emission that only one of the runs has.
    public struct Emission: Sendable, Hashable {
        /// As in `new bookings`.
        public var name: String
        /// Those of the second run only.
        public var added = Figure()
        /// Those of the first run only.
        public var gone = Figure()
    }

    /// Payments that would have another status or outcome, by both.
    public private(set) var payments: [RunDifference.PaymentGroup] = []
    /// Breaks of the second run only, by their code.
    public private(set) var appearing: [String: Int] = [:]
    /// Breaks of the first run only, by their code.
    public private(set) var vanishing: [String: Int] = [:]
    /// Breaks of both that say something else, by their code.
    public private(set) var changing: [String: Int] = [:]
    /// What is emitted, as far as it differs.
    public private(set) var emissions: [Emission] = []

    private static let tables: [(name: String, table: TableName)] = [
        ("status updates", .statusUpdates), ("booking links", .bookingLinks),
        ("new bookings", .newBookings), ("new tickets", .newTickets),
        ("order updates", .orderUpdates), ("session updates", .sessionUpdates),
        ("transactions", .transactions), ("payouts", .payouts),
    ]

    /// Nothing.
    public init() {}

    /// Compares the folders of two runs.
    ///
    /// - Throws: `TrueupError.run` where a table cannot be read.
    public init(from first: String, to second: String, threads: Int) throws {
        let workers = Workers(count: threads)
        func table(_ name: TableName, _ folder: String) throws -> PublishedTable {
            guard let table = try PublishedTable(name, folder: folder) else {
                throw TrueupError.run(
                    Finding(
                        "the run has no \(name.rawValue)", at: SourcePosition(file: folder),
                        remedy: "see what `trueup verify` says of its archive"))
            }
            return table
        }
        payments = try PaymentComparison(
            table(.payments, first), table(.payments, second), wanted: [],
            isBookingsInputOther: false, workers
        ).groups
        let breaks = try BreakComparison(
            table(.breaks, first), table(.breaks, second), workers)
        appearing = breaks.opened.codes
        vanishing = breaks.cleared.codes
        changing = breaks.changed.codes
        for (name, table) in DecisionComparison.tables {
            let compared = try EmissionComparison(
                PublishedTable(table, folder: first), PublishedTable(table, folder: second),
                workers)
            guard compared.added.count + compared.gone.count > 0 else { continue }
            emissions.append(Emission(name: name, added: compared.added, gone: compared.gone))
        }
    }

    /// Whether nothing is decided otherwise.
    public var isEmpty: Bool {
        payments.isEmpty && appearing.isEmpty && vanishing.isEmpty && changing.isEmpty
            && emissions.isEmpty
    }

    /// Adds what other runs decide otherwise.
    public mutating func add(_ other: DecisionComparison) {
        for group in other.payments {
            let place = payments.firstIndex {
                $0.before == group.before && $0.after == group.after
            }
            guard let place else {
                payments.append(group)
                continue
            }
            payments[place].count += group.count
            payments[place].value.merge(group.value, uniquingKeysWith: +)
            let room = PaymentComparison.limit - payments[place].first.count
            payments[place].first += group.first.prefix(max(0, room))
        }
        payments.sort {
            ($1.count, $0.before ?? "", $0.after ?? "")
                < ($0.count, $1.before ?? "", $1.after ?? "")
        }
        appearing.merge(other.appearing, uniquingKeysWith: +)
        vanishing.merge(other.vanishing, uniquingKeysWith: +)
        changing.merge(other.changing, uniquingKeysWith: +)
        for (name, _) in DecisionComparison.tables {
            guard let more = other.emissions.first(where: { $0.name == name }) else { continue }
            if let place = emissions.firstIndex(where: { $0.name == name }) {
                emissions[place].added.add(more.added)
                emissions[place].gone.add(more.gone)
            } else {
                emissions.append(more)
            }
        }
        let order = DecisionComparison.tables.map(\.name)
        emissions.sort {
            (order.firstIndex(of: $0.name) ?? 0) < (order.firstIndex(of: $1.name) ?? 0)
        }
    }
}
