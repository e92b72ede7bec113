import Money
import Parallel
import Reconciliation
import Records
import Rules
import Time

/// Adds up each user's figures (contract, Summarize).
public struct Summarizer {
    let tables: RecordTables
    let verdicts: ContiguousArray<PaymentVerdict>
    let classification: Classification
    let emissions: Emissions
    let waiting: WaitingEmissions
    let past: CarriedTotals
    let sellers: [SellerAgenda]
    let known: Set<Fingerprint>
    let energy: EnergyBook?
    let rules: DashboardRules
    let currency: Currency
    let asOf: Instant
    let workers: Workers

    private var numbering = FingerprintNumbering()
    private var users: ContiguousArray<UserSummary> = []
    private var activities: ContiguousArray<Activity> = []
    private var ownerOfActivity: ContiguousArray<Int32> = []

    /// Gathers what the summaries are made of; the summaries of `known` sellers are made elsewhere.
    public init(
        tables: RecordTables, verdicts: ContiguousArray<PaymentVerdict>,
        classification: Classification, emissions: Emissions, waiting: WaitingEmissions,
        past: CarriedTotals = CarriedTotals(), sellers: [SellerAgenda] = [],
        known: Set<Fingerprint> = [], energy: EnergyBook? = nil, rules: DashboardRules,
        currency: Currency, asOf: Instant, workers: Workers = Workers(count: 1)
    ) {
        self.tables = tables
        self.verdicts = verdicts
        self.classification = classification
        self.emissions = emissions
        self.waiting = waiting
        self.past = past
        self.sellers = sellers
        self.known = known
        self.energy = energy
        self.rules = rules
        self.currency = currency
        self.asOf = asOf
        self.workers = workers
    }

    /// The summaries, in the order in which users are first met: in payments, then in bookings, then
    /// in what has left, then among the sellers.
    public consuming func summaries() -> ContiguousArray<UserSummary> {
        addPayments()
        addBookings()
        addPast()
        addSellers()
        addWaiting()
        for user in users.indices {
            users[user].after.takeBookings(of: users[user].before)
        }
        addNew()
        addBreaks()
        chooseRecent()
        return users
    }

    private mutating func number(of user: Fingerprint, _ name: UserSummary.Name) -> Int {
        let number = numbering.number(user)
        if number == users.count { users.append(UserSummary(name: name, user: user)) }
        return number
    }

    private mutating func note(
        _ kind: Activity.Kind, _ index: Int, _ moment: Instant, of user: Int
    ) {
        activities.append(Activity(kind: kind, index: Int32(index), moment: moment))
        ownerOfActivity.append(Int32(user))
    }

    private mutating func addPayments() {
        for (payment, row) in tables.payments.rows.enumerated() {
            let user = number(of: row.user, .payment(row.place))
            note(.payment, payment, row.created, of: user)
            let amount = row.currency == currency ? row.amount : 0
            // What an earlier run found out is known before this one.
            if row.status == .pending, waiting.status(ofPayment: row.id) == nil {
                users[user].before.pendingPayments += 1
                users[user].before.pendingAmount += amount
            }
            if verdicts[payment].resolved == .pending {
                users[user].after.pendingPayments += 1
                users[user].after.pendingAmount += amount
            }
        }
    }

    private mutating func addBookings() {
        for (booking, row) in tables.bookings.rows.enumerated() {
            let user = number(of: row.user, .booking(row.place))
            note(row.isTicket ? .ticket : .booking, booking, row.created, of: user)
            users[user].before.add(
                amount: row.amount, in: row.currency, isTicket: row.isTicket, isMade: row.isMade,
                isPending: row.status == .pending, pipeline: currency)
            if let energy { users[user].before.energy.add(energy.ofBooking(booking)) }
        }
    }

    /// Records that have left count before and after: nothing more can happen to them.
    private mutating func addPast() {
        let numbers = past.users.enumerated().map { index, user in
            number(of: user.print, .past(Int32(index)))
        }
        for total in past.totals {
            users[numbers[Int(total.user)]].before.add(total, pipeline: currency)
        }
        for (index, activity) in past.activities.enumerated() {
            note(activity.kind, index, activity.moment, of: numbers[Int(activity.user)])
        }
    }

    private mutating func addSellers() {
        for (index, seller) in sellers.enumerated() where !known.contains(seller.print) {
            users[number(of: seller.print, .seller(Int32(index)))].seller = Int32(index)
        }
    }

    /// What earlier runs emitted counts before and after: it is on its way into the dumps.
    private mutating func addWaiting() {
        for (index, entry) in waiting.entries.enumerated() {
            guard let user = numbering.existing(entry.userPrint) else { continue }
            switch entry.thing {
            case .booking, .ticket:
                note(
                    entry.thing == .ticket ? .waitingTicket : .waitingBooking, index,
                    entry.emittedAt, of: user)
                users[user].before.add(
                    amount: entry.amount, in: entry.currency, isTicket: entry.thing == .ticket,
                    isMade: entry.status != BookingStatus.pending.word,
                    isPending: entry.status == BookingStatus.pending.word, pipeline: currency)
                if let energy { users[user].before.energy.add(energy.ofWaiting(index)) }
            case .commission, .commissionReversal:
                users[user].before.commissionPaid +=
                    entry.currency == currency ? entry.amount : 0
            case .statusUpdate, .bookingLink, .payout, .payoutReversal, .orderUpdate,
                .sessionUpdate:
                break
            }
        }
    }

    private mutating func addNew() {
        for (made, isTicket) in [(emissions.bookings, false), (emissions.tickets, true)] {
            for (index, booking) in made.enumerated() {
                let row = tables.payments.rows[Int(booking.payment)]
                guard let user = numbering.existing(row.user) else { continue }
                note(isTicket ? .newTicket : .newBooking, index, asOf, of: user)
                users[user].after.add(
                    amount: row.amount, in: row.currency, isTicket: isTicket,
                    isMade: booking.status == .confirmed, isPending: booking.status == .pending,
                    pipeline: currency)
                if let energy, !isTicket { users[user].after.energy.add(energy.ofNew(booking)) }
            }
        }
        for transaction in emissions.transactions
        where transaction.kind == .commission || transaction.kind == .commissionReversal {
            let row = tables.payments.rows[Int(transaction.payment)]
            guard row.currency == currency, let user = numbering.existing(row.user)
            else { continue }
            users[user].after.commissionPaid += transaction.amount
        }
    }

    private mutating func addBreaks() {
        for item in classification.breaks where item.code.severity > .info {
            let user: Fingerprint
            if item.payment >= 0 {
                user = tables.payments.rows[Int(item.payment)].user
            } else if item.booking >= 0 {
                user = tables.bookings.rows[Int(item.booking)].user
            } else {
                continue
            }
            if let number = numbering.existing(user) { users[number].openBreaks += 1 }
        }
    }

    private mutating func chooseRecent() {
        let chosen = RecentActivities(
            activities: activities,
            ofUsers: Adjacency(count: users.count, owners: ownerOfActivity), tables: tables,
            emissions: emissions, waiting: waiting, past: past
        ).newest(rules.recent, workers)
        for (user, newest) in chosen.enumerated() { users[user].recent = newest }
    }
}

extension UserFigures {
    fileprivate mutating func add(_ total: UserTotal, pipeline: Currency) {
        bookings += total.bookings
        tickets += total.tickets
        pendingBookings += total.pendingBookings
        energy.add(total.energy)
        if total.currency == pipeline {
            spent += total.spent
            commissionPaid += total.commissionPaid
        } else if total.bookings + total.tickets > 0 {
            spentElsewhere[total.currency, default: 0] += total.spent
        }
    }

    /// Takes over everything but pending payments, which the run itself has resolved.
    fileprivate mutating func takeBookings(of other: UserFigures) {
        bookings = other.bookings
        tickets = other.tickets
        pendingBookings = other.pendingBookings
        spent = other.spent
        spentElsewhere = other.spentElsewhere
        commissionPaid = other.commissionPaid
        energy = other.energy
    }
}
