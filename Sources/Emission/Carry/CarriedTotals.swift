import Money
import Records
import Time

/// What records that have left came to for one user in one currency.
public struct UserTotal: Sendable, Hashable {
    /// The user's index in `CarriedTotals.users`.
    public var user: Int32
    /// The currency of the amounts.
    public var currency: Currency
    /// Confirmed and completed bookings.
    public var bookings: Int32 = 0
    /// Confirmed and completed tickets.
    public var tickets: Int32 = 0
    /// Bookings and tickets that were pending to the end.
    public var pendingBookings: Int32 = 0
    /// What the confirmed and completed ones cost, in minor units.
    public var spent: Int64 = 0
    /// Commission on the user's payments, in minor units.
    public var commissionPaid: Int64 = 0
    /// The energy of the confirmed and completed bookings.
    public var energy = EnergyTotal()

    /// Nothing yet.
    public init(user: Int32, currency: Currency) {
        self.user = user
        self.currency = currency
    }

    /// Adds what another part of the user's records came to in the same currency.
    public mutating func add(_ other: UserTotal) {
        bookings += other.bookings
        tickets += other.tickets
        pendingBookings += other.pendingBookings
        spent += other.spent
        commissionPaid += other.commissionPaid
        energy.add(other.energy)
    }
}

/// Something that a user did of which the record has left.
public struct PastActivity: Sendable, Hashable {
    /// The user's index in `CarriedTotals.users`.
    public var user: Int32
    /// A payment, a booking or a ticket.
    public var kind: Activity.Kind
    /// The record's id.
    public var id: String
    /// Minor units.
    public var amount: Int64
    /// The currency of the amount.
    public var currency: Currency
    /// How the record stood in the end, as summaries write it.
    public var status: String
    /// When it was created; `absent` where unknown.
    public var moment: Instant

    /// Describes what was done.
    public init(
        user: Int32, kind: Activity.Kind, id: String, amount: Int64, currency: Currency,
        status: String, moment: Instant
    ) {
        self.user = user
        self.kind = kind
        self.id = id
        self.amount = amount
        self.currency = currency
        self.status = status
        self.moment = moment
    }
}

/// What users' summaries need of the records that have left.
public struct CarriedTotals: Sendable {
    /// A user, as summaries write and compare them.
    public struct User: Sendable, Hashable {
        /// In lower case.
        public var text: String
        /// The text's fingerprint.
        public var print: Fingerprint
    }

    /// In the order in which they are first met.
    public private(set) var users: [User] = []
    /// In the order in which they were handed on.
    public private(set) var totals: [UserTotal] = []
    /// In the order in which they were handed on.
    public private(set) var activities: [PastActivity] = []
    /// The ids of bookings that have left and that a new booking could get, in the order in which
    /// they were handed on.
    public private(set) var bookingIDs: [String] = []
    private var numbering = FingerprintNumbering()

    /// Nothing has left yet.
    public init() {}

    /// The user's index, a new one where they are met for the first time.
    private mutating func index(of user: String, _ print: Fingerprint) -> Int32 {
        let number = numbering.number(print)
        if number == users.count { users.append(User(text: user, print: print)) }
        return Int32(number)
    }

    /// Adds the id of a booking that has left.
    public mutating func add(bookingID: String) { bookingIDs.append(bookingID) }

    /// Adds a total, for the user of this text.
    public mutating func add(_ total: UserTotal, user: String, print: Fingerprint) {
        var total = total
        total.user = index(of: user, print)
        totals.append(total)
    }

    /// Adds an activity, for the user of this text.
    public mutating func add(_ activity: PastActivity, user: String, print: Fingerprint) {
        var activity = activity
        activity.user = index(of: user, print)
        activities.append(activity)
    }
}

/// Adds up what the records that leave, and those that left before, came to.
public struct TotalsBuilder {
    let tables: RecordTables
    let open: OpenRecords
    let waiting: WaitingEmissions
    let emissions: Emissions
    let past: CarriedTotals
    let energy: EnergyBook?
    let currency: Currency
    private var numbering = FingerprintNumbering()
    private var totals: [[UserTotal]] = []

    /// Gathers what leaves and what has left.
    public init(
        tables: RecordTables, open: OpenRecords, waiting: WaitingEmissions, emissions: Emissions,
        past: CarriedTotals, energy: EnergyBook? = nil, currency: Currency
    ) {
        self.tables = tables
        self.open = open
        self.waiting = waiting
        self.emissions = emissions
        self.past = past
        self.energy = energy
        self.currency = currency
    }

    /// The totals of each summary's user, by currency; none for a user of whom nothing has left.
    ///
    /// Everybody of whom a record leaves is a user for good, also where it came to nothing.
    public consuming func totals(
        for summaries: ContiguousArray<UserSummary>
    ) -> [[UserTotal]] {
        for summary in summaries {
            _ = numbering.number(summary.user)
            totals.append([])
        }
        for total in past.totals {
            change(past.users[Int(total.user)].print, total.currency) { $0.add(total) }
        }
        for (payment, row) in tables.payments.rows.enumerated() where !open.payments[payment] {
            change(row.user, currency) { _ in }
        }
        for (booking, row) in tables.bookings.rows.enumerated() where !open.bookings[booking] {
            change(row.user, row.currency) { total in
                if row.status == .pending { total.pendingBookings += 1 }
                guard row.isMade else { return }
                if row.isTicket { total.tickets += 1 } else { total.bookings += 1 }
                total.spent += row.amount
                if let energy { total.energy.add(energy.ofBooking(booking)) }
            }
        }
        // Whoever sold anything is one too: the sales may leave.
        for summary in summaries where summary.seller >= 0 {
            change(summary.user, currency) { _ in }
        }
        addCommission()
        for user in totals.indices { totals[user].sort { $0.currency < $1.currency } }
        return totals
    }

    private mutating func addCommission() {
        let gone = WaitingPayments(tables: tables, open: open, waiting: waiting)
        for entry in waiting.entries where entry.thing.isCommission && gone.hasLeft(entry) {
            change(entry.userPrint, entry.currency) { $0.commissionPaid += entry.amount }
        }
        for transaction in emissions.transactions
        where transaction.kind.emittedThing.isCommission
            && !open.payments[Int(transaction.payment)]
        {
            let row = tables.payments.rows[Int(transaction.payment)]
            change(row.user, row.currency) { $0.commissionPaid += transaction.amount }
        }
    }

    private mutating func change(
        _ user: Fingerprint, _ currency: Currency, _ body: (inout UserTotal) -> Void
    ) {
        guard let number = numbering.existing(user) else { return }
        if let place = totals[number].firstIndex(where: { $0.currency == currency }) {
            body(&totals[number][place])
        } else {
            var total = UserTotal(user: Int32(number), currency: currency)
            body(&total)
            totals[number].append(total)
        }
    }
}

/// Tells of waiting emissions whether their payment leaves.
public struct WaitingPayments {
    private let tables: RecordTables
    private let open: OpenRecords
    private let index: FingerprintIndex

    /// Indexes the payments; where nothing waits, nobody will ask for any.
    public init(tables: RecordTables, open: OpenRecords, waiting: WaitingEmissions) {
        self.tables = tables
        self.open = open
        index = FingerprintIndex(count: waiting.entries.isEmpty ? 0 : tables.payments.count) {
            tables.payments.rows[$0].id
        }
    }

    /// Whether the payment of an emission leaves now; one that is not there at all does not.
    public func hasLeft(_ entry: WaitingEmission) -> Bool {
        index.first(entry.payment, key: { tables.payments.rows[$0].id })
            .map { !open.payments[$0] } ?? false
    }
}

extension EmittedThing {
    fileprivate var isCommission: Bool { self == .commission || self == .commissionReversal }
}
