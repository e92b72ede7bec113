import Money
import Parallel
import Records
import Rules
import Time

/// What became of a settlement line.
public enum SettlementOutcome: UInt8, Sendable, CaseIterable, Worded {
    /// The words of outputs.
    public static let words = spelled()

    case matched, duplicate, unknown, orphan, other
}

/// What became of a booking.
public enum BookingOutcome: UInt8, Sendable, CaseIterable, Worded {
    /// The words of outputs.
    public static let words = spelled()

    case matched, linked, duplicate, unpaid, orphan, open
}

/// Every break of the run and the outcome of each line and booking.
public struct Classification: Sendable {
    /// In order of the payments concerned, then lines and bookings of no payment, then repeats.
    public var breaks: [Break] = []
    /// Those that a decision closed: they are no breaks as long as it holds.
    public internal(set) var decided: [Break] = []
    /// For each payment the codes of its breaks.
    public var codes: ContiguousArray<BreakSet>
    /// For each settlement line.
    public var settlementOutcomes: ContiguousArray<SettlementOutcome>
    /// For each booking.
    public var bookingOutcomes: ContiguousArray<BookingOutcome>

    /// Adds breaks of no records of the tables.
    public mutating func add(_ other: Classification) {
        breaks += other.breaks
        decided += other.decided
    }

    /// Adds a break, also to the codes of its payment.
    public mutating func add(_ item: Break) {
        breaks.append(item)
        if item.payment >= 0 { codes[Int(item.payment)].add(item.code) }
    }

    /// Takes breaks away, also from the codes of their payments.
    ///
    /// - Parameter closed: Indices of breaks, rising.
    public mutating func remove(_ closed: [Int]) {
        guard !closed.isEmpty else { return }
        let payments = Set(closed.map { breaks[$0].payment }).filter { $0 >= 0 }
        var next = 0
        var kept: [Break] = []
        kept.reserveCapacity(breaks.count - closed.count)
        for (index, item) in breaks.enumerated() {
            if next < closed.count, closed[next] == index { next += 1 } else { kept.append(item) }
        }
        decided += closed.map { breaks[$0] }
        breaks = kept
        for payment in payments { codes[Int(payment)] = BreakSet() }
        for item in breaks where payments.contains(item.payment) {
            codes[Int(item.payment)].add(item.code)
        }
    }

    /// Brings the breaks into the order of their payments; those of no payment come last.
    public mutating func arrange() { breaks.sort(by: Break.precedes) }

    /// The same, with the id of each break.
    public mutating func arrange(with ids: inout [String]) {
        let order = breaks.indices.sorted { Break.precedes(breaks[$0], breaks[$1]) }
        ids = order.map { ids[$0] }
        breaks = order.map { breaks[$0] }
    }
}

extension Break {
    /// Whether a break stands before another one in a run's files.
    fileprivate static func precedes(_ left: Break, _ right: Break) -> Bool {
        let first = left.place
        let second = right.place
        return first == second
            ? (left.payout, left.other, left.currency)
                < (right.payout, right.other, right.currency)
            : first < second
    }

    /// By the payment's row, then by the others'; none comes last.
    private var place: (UInt32, UInt32, UInt32, UInt8) {
        (
            UInt32(bitPattern: payment), UInt32(bitPattern: settlement),
            UInt32(bitPattern: booking), code.rawValue
        )
    }
}

/// Turns what the stages found into breaks and outcomes (contract, section 4).
public struct Classifier: Sendable {
    let tables: RecordTables
    let settlements: SettlementMatch
    let verdicts: ContiguousArray<PaymentVerdict>
    let bookings: BookingMatch
    let duplicates: [DuplicatePayment]
    let rules: ReconciliationRules
    private let fees: FeeBook?
    var result: Classification

    /// Prepares the classification.
    public init(
        tables: RecordTables, settlements: SettlementMatch,
        verdicts: ContiguousArray<PaymentVerdict>, bookings: BookingMatch,
        duplicates: [DuplicatePayment], rules: ReconciliationRules
    ) {
        self.tables = tables
        self.settlements = settlements
        self.verdicts = verdicts
        self.bookings = bookings
        self.duplicates = duplicates
        self.rules = rules
        fees = rules.fees.map { FeeBook($0, currency: rules.currency) }
        result = Classification(
            codes: ContiguousArray(repeating: BreakSet(), count: tables.payments.count),
            settlementOutcomes: ContiguousArray(
                repeating: .other, count: tables.settlements.count),
            bookingOutcomes: ContiguousArray(repeating: .open, count: tables.bookings.count))
    }

    /// Classifies everything.
    public consuming func classify(_ workers: Workers = Workers(count: 1)) -> Classification {
        let unclassified = self
        var (found, ofBookings) = workers.both {
            var classifier = unclassified
            for payment in classifier.tables.payments.rows.indices {
                classifier.classify(payment: payment)
            }
            for line in classifier.tables.settlements.rows.indices {
                classifier.classify(line: line)
            }
            return classifier.result
        } and: {
            var classifier = unclassified
            classifier.classifyBookings()
            classifier.classifyDuplicatePayments()
            return classifier.result
        }
        found.bookingOutcomes = ofBookings.bookingOutcomes
        for item in ofBookings.breaks { found.add(item) }
        return found
    }

    // MARK: Payments

    private mutating func classify(payment: Int) {
        let verdict = verdicts[payment]
        let row = tables.payments.rows[payment]
        for code in verdict.breaks.codes {
            if code == .duplicateSettlement {
                addDuplicateCharges(payment, row)
                continue
            }
            var item = Break(code)
            item.payment = Int32(payment)
            item.expected = row.amount
            item.found = tables.hasSettlements ? verdict.captured : row.amount
            item.atRisk = Classifier.atRisk(
                code, row, verdict, captured: item.found,
                recorded: tables.links(ofPayment: payment).refunded)
            if code == .falseSuccess || code == .falseFailure { item.settlement = verdict.evidence }
            result.add(item)
        }
        if bookings.ambiguousPayments.contains(Int32(payment)) {
            var item = Break(.ambiguousBooking)
            item.payment = Int32(payment)
            if let size = bookings.sizesInDoubt[Int32(payment)] {
                item.expected = Int64(size.payments)
                item.found = Int64(size.bookings)
            }
            item.atRisk = Classifier.magnitude(row.amount)
            result.add(item)
        }
    }

    /// The money in doubt: the difference, or the whole amount where a side is missing; what has
    /// gone back to the customer meanwhile is in doubt no more.
    private static func atRisk(
        _ code: BreakCode, _ row: PaymentRow, _ verdict: PaymentVerdict, captured: Int64,
        recorded: Int64?
    ) -> Int64 {
        switch code {
        case .rounding, .settledShort: magnitude(captured - row.amount)
        case .settledOver: max(0, captured - row.amount - verdict.givenBack)
        case .falseFailure:
            captured > 0 ? max(0, captured - verdict.givenBack) : magnitude(row.amount)
        case .lateSettlement: 0
        case .chargeback, .orphanChargeback: magnitude(verdict.chargedBack)
        case .overRefund: verdict.refunded - captured
        case .doubleReversal: verdict.givenBack - max(captured, verdict.refunded)
        case .refundUnrecorded, .refundUnsettled: magnitude(verdict.refunded - (recorded ?? 0))
        default: magnitude(row.amount)
        }
    }

    private static func magnitude(_ amount: Int64) -> Int64 { amount < 0 ? -amount : amount }

    /// One break for each charge beyond the first by time.
    private mutating func addDuplicateCharges(_ payment: Int, _ row: PaymentRow) {
        let charges = completedCharges(of: payment).sorted { left, right in
            let first = tables.settlements.rows[left].occurred
            let second = tables.settlements.rows[right].occurred
            return first == second
                ? tables.settlements.idPrecedes(left, right) : first < second
        }
        // Refunds make good the duplicates first.
        var givenBack = verdicts[payment].givenBack
        for line in charges.dropFirst() {
            let gross = tables.settlements.rows[line].gross
            let madeGood = min(givenBack, gross)
            givenBack -= madeGood
            result.settlementOutcomes[line] = .duplicate
            var item = Break(.duplicateSettlement)
            item.payment = Int32(payment)
            item.settlement = Int32(line)
            item.expected = row.amount
            item.found = verdicts[payment].captured
            item.atRisk = gross - madeGood
            result.add(item)
        }
    }

    private func completedCharges(of payment: Int) -> [Int] {
        let currency = tables.payments.rows[payment].currency
        return settlements.linesOfPayment[payment].map(Int.init).filter {
            let line = tables.settlements.rows[$0]
            return line.type == .charge && line.state == .completed && line.currency == currency
        }
    }

    // MARK: Settlement lines

    private mutating func classify(line: Int) {
        let row = tables.settlements.rows[line]
        if row.hasNet, row.state == .completed, let computed = row.computedNet,
            computed != row.net
        {
            var item = Break(.netMismatch)
            item.settlement = Int32(line)
            item.payment = settlements.paymentOfLine[line]
            item.expected = computed
            item.found = row.net
            item.atRisk = Classifier.magnitude(row.net - computed)
            result.add(item)
        }
        // A line of a payment has made that payment's evidence conflicting.
        if row.isConflicting, settlements.paymentOfLine[line] < 0 {
            var item = Break(.conflictingEvidence)
            item.settlement = Int32(line)
            item.found = row.gross
            item.atRisk = Classifier.magnitude(row.gross)
            result.add(item)
        }
        guard row.state == .completed, let missing = row.type.codeWithoutPayment else { return }
        if let payment = settlements.payment(ofLine: line),
            !verdicts[payment].leavesOut(row, of: tables.payments.rows[payment])
        {
            if result.settlementOutcomes[line] != .duplicate {
                result.settlementOutcomes[line] = .matched
            }
            compareFee(line, row)
            return
        }
        result.settlementOutcomes[line] = missing == .unknownSettlement ? .unknown : .orphan
        var item = Break(missing)
        item.settlement = Int32(line)
        item.found = row.gross
        item.atRisk = Classifier.magnitude(row.gross)
        if let payment = settlements.payment(ofLine: line) {
            item.nearMiss = NearMiss(
                candidate: .payment, row: Int32(payment), condition: .currency)
        }
        result.add(item)
    }

    /// The fee against what was agreed with the gateway.
    private mutating func compareFee(_ line: Int, _ row: SettlementRow) {
        guard let fees, row.type == .charge else { return }
        let payment = settlements.paymentOfLine[line]
        let links = tables.links(ofLine: line)
        // Where a line does not say which gateway it is of, its payment may.
        let gateway =
            links.gateway == FeeWords.unnamed
            ? tables.links(ofPayment: Int(payment)).gateway : links.gateway
        guard
            let difference = fees.agreement(
                currency: row.currency, gateway: gateway, method: links.method
            )?.difference(row)
        else { return }
        var item = Break(difference.code)
        item.payment = payment
        item.settlement = Int32(line)
        item.expected = difference.agreedFee
        item.agreedTax = difference.agreedTax
        item.found = row.fee
        item.atRisk = difference.atRisk
        result.add(item)
    }

    // MARK: Payments made twice

    private mutating func classifyDuplicatePayments() {
        for pair in duplicates {
            let later = tables.payments.rows[Int(pair.later)]
            // One that was given back is in doubt no more.
            let givenBack = max(
                verdicts[Int(pair.later)].givenBack, verdicts[Int(pair.earlier)].givenBack)
            var item = Break(.duplicatePayment)
            item.payment = pair.later
            item.expected = Int64(pair.earlier)
            item.found = pair.span
            item.atRisk = max(0, later.amount - givenBack)
            result.add(item)
        }
    }
}

extension SettlementType {
    /// What a completed line of this type is where no payment has its reference; nil for lines
    /// that need none.
    public var codeWithoutPayment: BreakCode? {
        switch self {
        case .charge: .unknownSettlement
        case .refund: .orphanRefund
        case .chargeback, .chargebackReversal: .orphanChargeback
        case .fee, .adjustment, .reserve, .payout: nil
        }
    }
}
