import Money
import Reconciliation
import Records
import Rules
import Time

/// Makes the bookings and tickets that are missing (contract, Backfill).
public struct Backfiller {
    let tables: RecordTables
    let verdicts: ContiguousArray<PaymentVerdict>
    let bookings: BookingMatch
    let rules: BackfillRules
    let waiting: WaitingEmissions
    let identities: IdentityMaker
    let takenIDs: Set<String>

    /// Gathers what backfilling needs; `takenIDs` are those of bookings that have left.
    public init(
        tables: RecordTables, verdicts: ContiguousArray<PaymentVerdict>, bookings: BookingMatch,
        rules: BackfillRules, waiting: WaitingEmissions, identities: IdentityMaker,
        takenIDs: Set<String> = []
    ) {
        self.tables = tables
        self.verdicts = verdicts
        self.bookings = bookings
        self.rules = rules
        self.waiting = waiting
        self.identities = identities
        self.takenIDs = takenIDs
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
        for (payment, purchase) in purchases {
            let decision = decision(on: payment, purchase, selection)
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
        let existing = Set(tables.bookings.rows.indices.lazy.compactMap(idThatLooksMade))
            .union(takenIDs)
        var taken: Set<String> = []
        let order = due.indices.sorted {
            tables.payments.idPrecedes(Int(due[$0].payment), Int(due[$1].payment))
        }
        for index in order {
            let prefix =
                emission(of: due[index].purchase) == .ticket
                ? rules.ticketPrefix : rules.bookingPrefix
            let id = identities.id(
                prefix: prefix, what: "booking",
                key: [tables.payments.id(Int(due[index].payment))]
            ) { id in
                taken.contains(id) || existing.contains(id) || waiting.hasBooking(id: id)
            }
            taken.insert(id)
            due[index].id = id
        }
    }

    private func idThatLooksMade(_ booking: Int) -> String? {
        rules.looksMade(tables.bookings, booking) ? tables.bookings.id(booking) : nil
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
