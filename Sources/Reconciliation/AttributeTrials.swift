import Money
import Parallel
import Records
import Time

/// What rule 3 compared a payment or booking with.
///
/// Candidates are the open records of the other kind of the same user.
public struct AttributeTrial: Sendable {
    /// The row of the payment or booking that was tried.
    public var row: Int32
    /// The row of its match, else of the candidate that came closest; -1 where none could.
    public var closest: Int32 = -1
    /// How many candidates have the same amount and currency.
    public var candidates: Int32 = 0
    /// What became of the closest one.
    public var verdict = CandidateVerdict.none
    /// How far the closest one is off: by amount the booking's less the payment's, in minor units;
    /// else how long after the payment the booking was created, in microseconds, and 0 where the
    /// booking has no time.
    public var difference: Int64 = 0
}

/// What became of the candidate that came closest to a match by attributes.
public enum CandidateVerdict: UInt8, Sendable, CaseIterable {
    /// No candidate is near in time at all.
    case none
    /// It is the match.
    case matched
    /// It fits, and goes to another record, with which more or better pairs come about.
    case taken
    /// It fits, and equally good assignments would leave other things to be booked.
    case inDoubt
    /// The items contradict each other.
    case item
    /// The two were created further apart than the window allows.
    case window
    /// The amounts differ.
    case amount
    /// The user has so many open records that they were not compared one by one.
    case tooMany
}

/// What rule 3 compared the payments and bookings with that it was tried on.
public struct AttributeTrials: Sendable {
    /// In order of the payments; those without any candidate of the same user are left out.
    public var payments: [AttributeTrial] = []
    /// In order of the bookings; those without any candidate of the same user are left out.
    public var bookings: [AttributeTrial] = []
}

/// Finds for each record that rule 3 was tried on the candidate that came closest.
struct AttributeComparison: Sendable {
    let tables: RecordTables
    /// In microseconds.
    let window: Int64
    let payments: [(row: Int32, subject: KnownSubject)]
    let bookings: [(row: Int32, subject: KnownSubject)]
    let match: BookingMatch

    func trials(_ workers: Workers) -> AttributeTrials {
        let (ofPayments, ofBookings) = workers.both {
            trialsOfPayments()
        } and: {
            trialsOfBookings()
        }
        return AttributeTrials(payments: ofPayments, bookings: ofBookings)
    }

    private func trialsOfPayments() -> [AttributeTrial] {
        let bookers = FingerprintIndex(count: bookings.count) { user(ofBooking: bookings[$0].row) }
        var trials: [AttributeTrial] = []
        for place in payments.indices {
            let row = payments[place].row
            if let block = Lookahead.block(at: place, of: payments.count) {
                bookers.fetch(block, wanted: { user(ofPayment: payments[$0].row) }) {
                    user(ofBooking: bookings[$0].row)
                }
            }
            let first = bookers.first(user(ofPayment: row)) { user(ofBooking: bookings[$0].row) }
            guard let first else { continue }
            var search = ClosestSearch(row: row)
            var next = Optional(first)
            while let booking = next, search.mayGoOn {
                search.take(bookings[booking].row, compare(payment: place, booking: booking)) {
                    tables.bookings.idPrecedes($0, $1)
                }
                next = bookers.next(after: booking)
            }
            trials.append(search.trial)
        }
        return trials
    }

    private func trialsOfBookings() -> [AttributeTrial] {
        let payers = FingerprintIndex(count: payments.count) { user(ofPayment: payments[$0].row) }
        var trials: [AttributeTrial] = []
        for place in bookings.indices {
            let row = bookings[place].row
            if let block = Lookahead.block(at: place, of: bookings.count) {
                payers.fetch(block, wanted: { user(ofBooking: bookings[$0].row) }) {
                    user(ofPayment: payments[$0].row)
                }
            }
            let first = payers.first(user(ofBooking: row)) { user(ofPayment: payments[$0].row) }
            guard let first else { continue }
            var search = ClosestSearch(row: row)
            var next = Optional(first)
            while let payment = next, search.mayGoOn {
                search.take(payments[payment].row, compare(payment: payment, booking: place)) {
                    tables.payments.idPrecedes($0, $1)
                }
                next = payers.next(after: payment)
            }
            trials.append(search.trial)
        }
        return trials
    }

    private func user(ofPayment row: Int32) -> Fingerprint { tables.payments.rows[Int(row)].user }

    private func user(ofBooking row: Int32) -> Fingerprint { tables.bookings.rows[Int(row)].user }

    /// What keeps the two apart, and how far; nil where they are not near in any way.
    private func compare(payment: Int, booking: Int) -> Comparison? {
        let (paymentRow, wanted) = payments[payment]
        let (bookingRow, booked) = bookings[booking]
        let paid = tables.payments.rows[Int(paymentRow)]
        let made = tables.bookings.rows[Int(bookingRow)]
        guard paid.currency == made.currency else { return nil }
        let (span, isTooFar) = made.created.microseconds
            .subtractingReportingOverflow(paid.created.microseconds)
        let apart = made.created.isPresent ? span : 0
        let isWithin = !made.created.isPresent || (!isTooFar && span.magnitude <= UInt64(window))
        let contradicts =
            wanted.item.isPresent && booked.item.isPresent && wanted.item != booked.item
        if paid.amount != made.amount {
            guard isWithin, !contradicts else { return nil }
            let difference = made.amount - paid.amount
            return Comparison(verdict: .amount, difference: difference, isCandidate: false)
        }
        let verdict: CandidateVerdict
        if contradicts {
            verdict = .item
        } else if !isWithin {
            verdict = .window
        } else if match.isLinked(payment: paymentRow, booking: bookingRow) {
            verdict = .matched
        } else {
            let isInDoubt =
                match.ambiguousPayments.contains(paymentRow)
                || match.ambiguousBookings.contains(bookingRow)
            verdict = isInDoubt ? .inDoubt : .taken
        }
        return Comparison(
            verdict: verdict, difference: isTooFar ? .max : apart, isCandidate: true)
    }
}

/// What keeps a payment and a booking apart.
private struct Comparison {
    let verdict: CandidateVerdict
    let difference: Int64
    /// Whether amount and currency are the same.
    let isCandidate: Bool

    /// The lesser, the nearer to a match.
    var rank: (UInt8, UInt64) { (verdict.rawValue, difference.magnitude) }
}

/// The closest of the candidates met so far; equally close ones by their ids, so that the order of
/// the input has no say.
private struct ClosestSearch {
    private(set) var trial: AttributeTrial
    private var rank = (UInt8.max, UInt64.max)
    private var met = 0

    init(row: Int32) { trial = AttributeTrial(row: row) }

    /// False once there are more than rule 3 itself would compare.
    var mayGoOn: Bool { trial.verdict != .tooMany }

    mutating func take(
        _ row: Int32, _ comparison: Comparison?, precedes: (Int, Int) -> Bool
    ) {
        met += 1
        guard met <= AttributeMatcher.largestGroup else {
            trial = AttributeTrial(row: trial.row, verdict: .tooMany)
            return
        }
        guard let comparison else { return }
        if comparison.isCandidate { trial.candidates += 1 }
        let isCloser =
            comparison.rank < rank
            || (comparison.rank == rank && precedes(Int(row), Int(trial.closest)))
        guard isCloser else { return }
        rank = comparison.rank
        trial.closest = row
        trial.verdict = comparison.verdict
        trial.difference = comparison.difference
    }
}

extension BookingMatch {
    /// Whether a payment and a booking belong together.
    func isLinked(payment: Int32, booking: Int32) -> Bool {
        var isLinked = false
        linksOfPayment.forEach(Int(payment)) { isLinked = isLinked || links[$0].booking == booking }
        return isLinked
    }
}
