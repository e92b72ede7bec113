import Money
import Parallel
import Records
import Rules
import Time

/// Finds for each break what came closest to resolving it, and the one condition that failed.
///
/// Only rows that share an amount or a user with a break are looked at, and of those the nearest in
/// time, so that the work grows with the breaks and not with what there is. Everything is ordered by
/// time and id: the order of the input has no say.
public struct NearMissFinder: Sendable {
    /// The records among which near misses are looked for.
    public var tables: RecordTables { records.tables }

    /// The threads that look for them.
    public var workers: Workers { records.workers }

    private let records: NearMissRecords
    private let settlements: SettlementNearMisses
    private let bookings: BookingNearMisses

    /// Looks up what could come close to the breaks found so far.
    public init(
        tables: RecordTables, settlements: SettlementMatch,
        verdicts: ContiguousArray<PaymentVerdict>, bookings: BookingMatch,
        rules: ReconciliationRules, classification: Classification,
        workers: Workers = Workers(count: 1)
    ) {
        let records = NearMissRecords(
            tables: tables, settlements: settlements, verdicts: verdicts, bookings: bookings,
            rules: rules, workers: workers)
        self.records = records
        (self.settlements, self.bookings) = workers.both {
            SettlementNearMisses(records, classification)
        } and: {
            BookingNearMisses(records, classification)
        }
    }

    /// The rows that may come close to a break, of these tables or of others of the same run: those of
    /// which something is open, and those that breaks of these tables ask for.
    ///
    /// `isWanted` tells whether some line elsewhere gave back an amount of a payment that is in no
    /// dump.
    public static func candidates(
        tables: RecordTables, settlements: SettlementMatch,
        verdicts: ContiguousArray<PaymentVerdict>, bookings: BookingMatch,
        rules: ReconciliationRules, classification: Classification,
        isWanted: (Int64, Currency) -> Bool
    ) -> KeptRows {
        let finder = NearMissFinder(
            tables: tables, settlements: settlements, verdicts: verdicts, bookings: bookings,
            rules: rules, classification: classification)
        var kept = KeptRows(tables)
        for (payment, row) in tables.payments.rows.enumerated() {
            let verdict = verdicts[payment]
            let recorded = tables.links(ofPayment: payment).refunded ?? 0
            kept.payments[payment] =
                verdict.captured < row.amount || verdict.chargedBack > 0
                || recorded > verdict.refunded
                || BookingNearMisses.isOpen(payment, finder.records)
                || isWanted(verdict.captured, row.currency)
        }
        for (line, outcome) in classification.settlementOutcomes.enumerated() {
            switch outcome {
            case .unknown, .orphan, .duplicate: kept.settlements[line] = true
            case .matched, .other: break
            }
        }
        for (booking, row) in tables.bookings.rows.enumerated() {
            kept.bookings[booking] =
                row.status != .cancelled && bookings.linksOfBooking.count(booking) == 0
        }
        for payment in finder.bookings.wantedPayments { kept.payments[Int(payment)] = true }
        for booking in finder.bookings.wantedBookings { kept.bookings[Int(booking)] = true }
        return kept
    }

    /// The payments whose references decide who comes closest, in rising order.
    public var paymentsToRead: [Int32] { settlements.paymentsToRead.sorted() }

    /// The lines whose references decide who comes closest, in rising order.
    public var linesToRead: [Int32] { settlements.linesToRead.sorted() }

    /// Gives each break that has none its near miss, from the references of the payments and lines to
    /// be read.
    public func fill(_ classification: inout Classification, references: ReferenceTexts) {
        let finder = settlements.reading(references)
        let breaks = classification.breaks
        let found = workers.mapRanges(of: breaks.count) { range in
            range.map { breaks[$0].nearMiss ?? nearest(to: $0, breaks[$0], finder) }
        }
        for (index, miss) in found.joined().enumerated() {
            classification.breaks[index].nearMiss = miss
        }
    }

    private func nearest(
        to index: Int, _ item: Break, _ finder: SettlementNearMisses
    ) -> NearMiss? {
        switch item.code {
        case .missingSettlement, .stuck, .refundUnsettled, .chargeback, .settledShort,
            .unknownSettlement, .duplicateSettlement, .orphanRefund, .orphanChargeback,
            .falseSuccess:
            finder.nearest(to: index) ?? ownLine(of: item)
        case .settledOver, .rounding, .currencyMismatch, .lateSettlement: ownLine(of: item)
        case .orphanBooking, .unpaidBooking, .duplicateBooking, .wrongUser, .bookingAmount,
            .ambiguousBooking, .unidentifiedItem:
            bookings.nearest(to: item)
        case .duplicatePayment:
            NearMiss(candidate: .payment, row: Int32(item.expected), condition: .reference)
        case .duplicateLine, .superseded, .feeOver, .feeUnder, .feeMissing, .reusedReference,
            .refundUnrecorded, .unappliedEmission, .unknownDeposit, .falseFailure, .netMismatch,
            .overRefund, .doubleReversal, .payoutShort, .payoutOver, .payoutMissing,
            .conflictingEvidence:
            nil
        }
    }

    /// The payment's own line, and what it says otherwise.
    private func ownLine(of item: Break) -> NearMiss? {
        guard item.payment >= 0 else { return nil }
        let payment = Int(item.payment)
        let row = records.tables.payments.rows[payment]
        let verdict = records.verdicts[payment]
        func miss(_ line: Int32, _ condition: NearMiss.Condition, _ distance: Int64 = 0)
            -> NearMiss?
        {
            line < 0
                ? nil
                : NearMiss(
                    candidate: .settlement, row: line, condition: condition, distance: distance)
        }
        switch item.code {
        case .settledShort, .settledOver, .rounding:
            return miss(verdict.evidence, .amount, abs(verdict.captured - row.amount))
        case .falseSuccess: return miss(verdict.evidence, .status)
        case .currencyMismatch: return miss(records.foreignLine(of: payment), .currency)
        case .lateSettlement:
            guard verdict.evidence >= 0 else { return nil }
            let settled = records.day(ofLine: Int(verdict.evidence))
            let due = records.rules.settlementDue(of: row.moneyMoment)
            guard settled.isPresent, settled > due else { return nil }
            return miss(
                verdict.evidence, .time, Int64(settled.days - due.days) * 86_400_000_000)
        default: return nil
        }
    }
}

/// What near misses are looked for among.
struct NearMissRecords: Sendable {
    let tables: RecordTables
    let settlements: SettlementMatch
    let verdicts: ContiguousArray<PaymentVerdict>
    let bookings: BookingMatch
    let rules: ReconciliationRules
    let workers: Workers

    /// How far apart two records may be that are taken for one purchase, in microseconds.
    var window: Int64 { rules.match.window.microseconds }

    /// When a line's money moved: where only the day is known, at its beginning in UTC.
    func moment(ofLine line: Int) -> Instant {
        let row = tables.settlements.rows[line]
        if row.occurred.isPresent || !row.settledOn.isPresent { return row.occurred }
        return Instant(seconds: Int64(row.settledOn.days) * 86_400)
    }

    /// The day on which a line was settled, in the pipeline's zone; `absent` where nobody knows.
    func day(ofLine line: Int) -> CivilDate {
        let row = tables.settlements.rows[line]
        if row.settledOn.isPresent { return row.settledOn }
        return row.occurred.isPresent ? rules.zone.date(of: row.occurred) : .absent
    }

    /// The earliest completed line of a payment that moved money in another currency, charges first;
    /// -1 where there is none.
    func foreignLine(of payment: Int) -> Int32 {
        let currency = tables.payments.rows[payment].currency
        let rows = tables.settlements.rows
        let foreign = settlements.linesOfPayment[payment].map(Int.init).filter {
            rows[$0].state == .completed && rows[$0].currency != currency
                && (rows[$0].type == .charge || rows[$0].type.isReversal)
        }
        let first = foreign.min { left, right in
            let isCharge = rows[left].type == .charge
            if isCharge != (rows[right].type == .charge) { return isCharge }
            return rows[left].occurred == rows[right].occurred
                ? tables.settlements.idPrecedes(left, right)
                : rows[left].occurred < rows[right].occurred
        }
        return first.map { Int32($0) } ?? -1
    }
}
