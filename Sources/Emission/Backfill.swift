import Money
import Parallel
import Reconciliation
import Records
import Rules
import Time

/// Makes the bookings and tickets that are missing (contract, Backfill).
public struct Backfiller: Sendable {
    let tables: RecordTables
    let verdicts: ContiguousArray<PaymentVerdict>
    let bookings: BookingMatch
    let rules: BackfillRules
    let waiting: WaitingEmissions
    let identities: IdentityMaker
    let takenIDs: Set<String>
    let workers: Workers

    /// Gathers what backfilling needs; `takenIDs` are those of bookings that have left.
    public init(
        tables: RecordTables, verdicts: ContiguousArray<PaymentVerdict>, bookings: BookingMatch,
        rules: BackfillRules, waiting: WaitingEmissions, identities: IdentityMaker,
        takenIDs: Set<String> = [], workers: Workers = Workers(count: 1)
    ) {
        self.tables = tables
        self.verdicts = verdicts
        self.bookings = bookings
        self.rules = rules
        self.waiting = waiting
        self.identities = identities
        self.takenIDs = takenIDs
        self.workers = workers
    }

    /// The payments without any booking, whatever became of them, whose purchase must be told.
    public static func candidates(
        tables: RecordTables, verdicts: ContiguousArray<PaymentVerdict>, linked: BookingMatch,
        waiting: WaitingEmissions, includesPending: Bool
    ) -> [Int32] {
        tables.payments.rows.indices.filter { payment in
            let resolved = verdicts[payment].resolved
            return (resolved == .succeeded || (includesPending && resolved == .pending))
                && linked.linksOfPayment.count(payment) == 0
                && waiting.booking(ofPayment: tables.payments.rows[payment].id) == nil
        }.map { Int32($0) }
    }

    /// What was made, and the payments whose item nobody could tell.
    public struct Result: Sendable {
        /// New bookings, in the order of the candidates.
        public var bookings: [NewBooking] = []
        /// New tickets, in the order of the candidates.
        public var tickets: [NewBooking] = []
        /// Rows of payments whose item must be told by a person, in the same order.
        public var unidentified: [Int32] = []
        /// For those the item of the catalogue that came closest, where there is one.
        public var nearItems: [Int32: NearMiss] = [:]
        /// Payments that are due a booking but were not asked for.
        public var unselected: Set<Int32> = []
        /// What was decided on each candidate, in the order of the candidates.
        public var decisions: [(payment: Int32, decision: BackfillDecision)] = []

        mutating func addUnidentified(_ payment: Int32, _ purchase: Purchase) {
            unidentified.append(payment)
            nearItems[payment] = purchase.nearMiss
        }
    }

    /// Makes a booking or ticket for each candidate that is due one.
    public func backfill(
        _ purchases: [(payment: Int32, purchase: Purchase)], selection: Selection
    ) -> Result {
        var result = Result()
        var due: [NewBooking] = []
        let decisions = workers.mapRanges(of: purchases.count) { range in
            purchases[range].map { decision(on: $0.payment, $0.purchase, selection) }
        }
        for ((payment, purchase), decision) in zip(purchases, decisions.joined()) {
            result.decisions.append((payment, decision))
            switch decision {
            case .kindUnknown, .unidentified: result.addUnidentified(payment, purchase)
            case .notSelected: result.unselected.insert(payment)
            case .made:
                let isPending = verdicts[Int(payment)].resolved == .pending
                due.append(
                    NewBooking(
                        id: "", payment: payment, purchase: purchase,
                        status: isPending ? .pending : .confirmed))
            case .hasBooking, .inDoubt, .givenBack, .unevidenced, .kindNotBooked: continue
            }
        }
        name(&due)
        for booking in due {
            if emission(of: booking.purchase) == .ticket {
                result.tickets.append(booking)
            } else {
                result.bookings.append(booking)
            }
        }
        return result
    }

    /// Whether a candidate's money is there and its booking is not, and whether it is known for
    /// what.
    private func decision(
        on payment: Int32, _ purchase: Purchase, _ selection: Selection
    ) -> BackfillDecision {
        let index = Int(payment)
        let verdict = verdicts[index]
        if bookings.linksOfPayment.count(index) > 0 { return .hasBooking }
        if bookings.ambiguousPayments.contains(payment) { return .inDoubt }
        if verdict.isReversed(amount: tables.payments.rows[index].amount)
            || isRecordedAsRefunded(index)
        {
            return .givenBack
        }
        guard verdict.isEvidenced || rules.emitsUnevidenced else { return .unevidenced }
        // Nothing tells the kind, so nobody can say that it is one that is not booked.
        if purchase.kind < 0, purchase.kindOrigin == .default { return .kindUnknown }
        guard purchase.kind >= 0, emission(of: purchase) != .none else { return .kindNotBooked }
        if !purchase.isIdentified, rules.unidentified == .review { return .unidentified }
        return selection.includes(tables.payments.rows[index]) ? .made : .notSelected
    }

    /// Whether the business itself has given all of it back, even if the gateway has not yet.
    private func isRecordedAsRefunded(_ payment: Int) -> Bool {
        let amount = tables.payments.rows[payment].amount
        return amount > 0 && (tables.links(ofPayment: payment).refunded ?? 0) >= amount
    }

    private func emission(of purchase: Purchase) -> EmissionKind {
        rules.kinds[Int(purchase.kind)].emit
    }

    /// Gives each its id.
    ///
    /// Where two would get the same, the one of the lesser payment id keeps it, so that the order
    /// of the input has no say.
    private func name(_ due: inout [NewBooking]) {
        let existing = takenIDs.union(idsThatLookMade)
        let first = workers.mapRanges(of: due.count) { [due] range in
            range.map { id(of: due[$0]) { _ in false } }
        }.flatMap(\.self)
        var taken: Set<String> = []
        func isTaken(_ id: String) -> Bool {
            taken.contains(id) || existing.contains(id) || waiting.hasBooking(id: id)
        }
        let order = due.indices.sorted {
            tables.payments.idPrecedes(Int(due[$0].payment), Int(due[$1].payment))
        }
        for index in order {
            let id = isTaken(first[index]) ? id(of: due[index], isTaken) : first[index]
            taken.insert(id)
            due[index].id = id
        }
    }

    /// The first of the ids that a booking may have which is not taken.
    private func id(of booking: NewBooking, _ isTaken: (String) -> Bool) -> String {
        let isTicket = emission(of: booking.purchase) == .ticket
        return identities.id(
            prefix: isTicket ? rules.ticketPrefix : rules.bookingPrefix, what: "booking",
            key: [tables.payments.id(Int(booking.payment))], isTaken: isTaken)
    }

    private var idsThatLookMade: [String] {
        workers.mapRanges(of: tables.bookings.count) { range in
            range.filter { rules.looksMade(tables.bookings, $0) }.map(tables.bookings.id)
        }.flatMap(\.self)
    }
}

extension BackfillRules {
    /// Whether a booking's id begins with one of our prefixes: only such can be in the way of new
    /// ones.
    public func looksMade(_ bookings: Table<BookingRow>, _ booking: Int) -> Bool {
        bookings.withID(booking) { id in
            id.starts(with: (bookingPrefix + "-").utf8)
                || id.starts(with: (ticketPrefix + "-").utf8)
        }
    }
}

/// What was decided on a payment that may be due a booking; what holds it back is named by the
/// first that does.
public enum BackfillDecision: UInt8, Sendable, CaseIterable {
    /// Matching found a booking for it.
    case hasBooking
    /// Equally good matches would leave other things to be booked.
    case inDoubt
    /// All of its money was given back.
    case givenBack
    /// Its money is not evidenced.
    case unevidenced
    /// Nothing tells of which kind its purchase is.
    case kindUnknown
    /// Its purchase is of a kind that is not booked.
    case kindNotBooked
    /// Nothing tells its item, and the definition wants that to be reviewed.
    case unidentified
    /// The run was asked to emit for other payments only.
    case notSelected
    /// A booking or ticket was made.
    case made
}
