import Money
import Parallel
import Records
import Rules
import Time

/// What the evidence says of one payment.
public struct PaymentVerdict: Sendable {
    /// The status that the evidence gives it.
    public var resolved: PaymentStatus
    /// Whether something is still to come that is not late yet.
    public var isExpected = false
    /// Whether the money is there, or may still come, or there is no evidence to be had at all.
    public var isEvidenced = true
    /// The sum of completed charges, in minor units of the payment's currency.
    public var captured: Int64 = 0
    /// The sum of completed refunds.
    public var refunded: Int64 = 0
    /// The sum of completed chargebacks less those that were reversed; negative where the dumps show
    /// a reversal without its chargeback.
    public var chargedBack: Int64 = 0
    /// What the gateway kept of all of it, taxes included.
    public var fee: Int64 = 0
    /// What all of it adds to payouts.
    public var net: Int64 = 0
    /// The charge that decides: the earliest completed, else the latest failed; -1 where none.
    public var evidence: Int32 = -1
    /// Whether it was captured in its own currency and, beside that, in another one, in which it was
    /// not given back.
    public var leavesForeignOut = false
    /// What is wrong with it.
    public var breaks = BreakSet()
    /// What its charges say together: the column of the contract's table of statuses.
    public var charges = ChargeEvidence.nothing
    /// What that column and the payment's own status come to: the cell of that table.
    public var decision = StatusDecision.stays

    /// What went back to the customer, never negative.
    ///
    /// A reversal without its chargeback gives nothing back, and makes no refund undone.
    public var givenBack: Int64 { refunded + max(chargedBack, 0) }

    /// Whether a line that names the payment is none of its money.
    public func leavesOut(_ line: SettlementRow, of payment: PaymentRow) -> Bool {
        leavesForeignOut && line.type == .charge && line.currency != payment.currency
    }

    /// Whether nothing of the money is left: refunded or charged back as a whole.
    public func isReversed(amount: Int64) -> Bool {
        let basis = captured > 0 ? captured : amount
        return basis > 0 && givenBack >= basis
    }
}

/// Decides what became of each payment, from its settlement lines (contract, Resolve and Match).
public struct Resolver: Sendable {
    let tables: RecordTables
    let matched: SettlementMatch
    let rules: ReconciliationRules
    /// Orders of which rows of one id contradict each other.
    private let conflictingOrders: Set<Fingerprint>

    /// Prepares the judgement of every payment.
    public init(tables: RecordTables, matched: SettlementMatch, rules: ReconciliationRules) {
        self.tables = tables
        self.matched = matched
        self.rules = rules
        conflictingOrders = Set(tables.orders.rows.filter(\.isConflicting).map(\.id))
    }

    /// The verdict on each payment, in the order of the input.
    public func verdicts(_ workers: Workers) -> ContiguousArray<PaymentVerdict> {
        let ranges = Workers.chunks(of: tables.payments.count, size: 32_768)
        let parts = workers.map(ranges.count) { ranges[$0].map(verdict) }
        var verdicts = ContiguousArray<PaymentVerdict>()
        verdicts.reserveCapacity(tables.payments.count)
        for part in parts { verdicts.append(contentsOf: part) }
        return verdicts
    }

    /// What a payment's lines say, counted.
    private struct Evidence {
        var completed = 0
        var equal = 0
        var failed = 0
        var pending = 0
        var foreign = 0
        var foreignReversals = 0
        var deciding: Int32 = -1
        var firstCompleted = Instant(microseconds: .max)
        var settledOn = CivilDate.absent
        var hasConflict = false

        /// A completed charge outweighs all others; a pending one may still make up for a failed one.
        var charges: ChargeEvidence {
            if completed > 0 { return .completed }
            if foreign > 0 { return .foreign }
            if pending > 0 { return .pending }
            return failed > 0 ? .failed : .nothing
        }
    }

    private func verdict(_ payment: Int) -> PaymentVerdict {
        if let block = Lookahead.block(at: payment, of: tables.payments.count) {
            tables.settlements.fetchRows { matched.linesOfPayment.forEach(in: block, $0) }
        }
        let row = tables.payments.rows[payment]
        var verdict = PaymentVerdict(resolved: row.status)
        let evidence = gather(payment, row, &verdict)
        if row.isConflicting || evidence.hasConflict || namesConflictingOrder(payment) {
            verdict.breaks.add(.conflictingEvidence)
        }
        if matched.sharesReference.contains(Int32(payment)) {
            verdict.breaks.add(.reusedReference)
        }
        verdict.evidence = evidence.deciding
        verdict.charges = evidence.charges
        verdict.decision = decision(on: row, evidence.charges)
        verdict.apply(verdict.decision)
        // What went back in a currency in which nothing came in cannot be counted.
        if evidence.foreignReversals > 0, evidence.foreign == 0 {
            verdict.breaks.add(.currencyMismatch)
        }
        verdict.leavesForeignOut =
            evidence.completed > 0 && evidence.foreign > evidence.foreignReversals
        if verdict.resolved == .succeeded, evidence.completed > 0 {
            compareCaptured(row, evidence, &verdict)
            noteLateness(row, evidence, &verdict)
        }
        compareReversals(payment, row, &verdict)
        let unproven: [BreakCode] = [
            .falseSuccess, .missingSettlement, .currencyMismatch, .conflictingEvidence,
        ]
        verdict.isEvidenced = !unproven.contains(where: verdict.breaks.has)
        return verdict
    }

    private func namesConflictingOrder(_ payment: Int) -> Bool {
        !conflictingOrders.isEmpty
            && conflictingOrders.contains(tables.links(ofPayment: payment).order)
    }

    /// Adds up the lines; only completed ones in the payment's currency move its money.
    private func gather(
        _ payment: Int, _ row: PaymentRow, _ verdict: inout PaymentVerdict
    ) -> Evidence {
        var evidence = Evidence()
        matched.linesOfPayment.forEach(payment) { member in
            let line = tables.settlements.rows[member]
            if line.isConflicting { evidence.hasConflict = true }
            guard line.currency == row.currency else {
                guard line.state == .completed else { return }
                if line.type == .charge { evidence.foreign += 1 }
                if line.type.isReversal { evidence.foreignReversals += 1 }
                return
            }
            if line.type == .charge { note(Int32(member), line, row, &evidence) }
            guard line.state == .completed else { return }
            switch line.type {
            case .charge: verdict.captured += line.gross
            case .refund: verdict.refunded += line.gross
            case .chargeback: verdict.chargedBack += line.gross
            case .chargebackReversal: verdict.chargedBack -= line.gross
            case .fee, .adjustment, .reserve, .payout: return
            }
            verdict.fee += line.fee + line.tax
            verdict.net += line.net
        }
        return evidence
    }

    /// Counts a charge, and remembers the one that decides: the earliest completed, else the latest.
    private func note(
        _ member: Int32, _ line: SettlementRow, _ row: PaymentRow, _ evidence: inout Evidence
    ) {
        switch line.state {
        case .completed:
            if evidence.completed == 0 || precedes(member, evidence.deciding) {
                evidence.deciding = member
                evidence.firstCompleted = line.occurred
                evidence.settledOn = line.settledOn
            }
            evidence.completed += 1
            if line.gross == row.amount { evidence.equal += 1 }
        case .failed:
            evidence.failed += 1
            let isLatest = evidence.deciding < 0 || precedes(evidence.deciding, member)
            if evidence.completed == 0, isLatest { evidence.deciding = member }
        case .pending:
            evidence.pending += 1
        }
    }

    /// Whether one line comes before another: by time, then by id.
    private func precedes(_ left: Int32, _ right: Int32) -> Bool {
        let first = tables.settlements.rows[Int(left)].occurred
        let second = tables.settlements.rows[Int(right)].occurred
        return first == second
            ? tables.settlements.idPrecedes(Int(left), Int(right)) : first < second
    }

    /// The contract's table of statuses, row by row.
    private func decision(on row: PaymentRow, _ charges: ChargeEvidence) -> StatusDecision {
        switch row.status {
        case .pending:
            let isYoung = rules.asOf < row.created.advanced(by: rules.resolve.settleAfter)
            if isYoung { return .expected }
            switch charges {
            case .completed: return .succeeded
            case .foreign: return .currencyMismatch
            case .failed: return .failed
            case .pending, .nothing:
                let isStuck = rules.asOf > row.created.advanced(by: rules.resolve.stuckAfter)
                return isStuck ? .stuck : .expected
            }
        case .succeeded:
            guard charges != .completed else { return .stays }
            guard tables.hasSettlements else { return .withoutGateway }
            switch charges {
            case .foreign: return .currencyMismatch
            case .failed: return .falseSuccess
            case .pending: return .expected
            case .completed, .nothing:
                // Nothing captured is all of nothing: no gateway has a line for it.
                if row.amount == 0 { return .stays }
                return isWithinSettlementDays(row) ? .expected : .missingSettlement
            }
        case .failed, .cancelled:
            return charges == .completed || charges == .foreign ? .falseFailure : .stays
        }
    }

    private func isWithinSettlementDays(_ row: PaymentRow) -> Bool {
        rules.zone.date(of: rules.asOf) <= rules.settlementDue(of: row.moneyMoment)
    }

    /// Captured against the amount: whole, split, twice, short, over.
    private func compareCaptured(
        _ row: PaymentRow, _ evidence: Evidence, _ verdict: inout PaymentVerdict
    ) {
        let difference = verdict.captured - row.amount
        if difference == 0 { return }
        if evidence.completed > 1, evidence.equal == evidence.completed {
            verdict.breaks.add(.duplicateSettlement)
        } else if difference.magnitude <= rules.tolerance(in: row.currency) {
            verdict.breaks.add(.rounding)
        } else {
            verdict.breaks.add(difference < 0 ? .settledShort : .settledOver)
        }
    }

    private func noteLateness(
        _ row: PaymentRow, _ evidence: Evidence, _ verdict: inout PaymentVerdict
    ) {
        let settled =
            evidence.settledOn.isPresent
            ? evidence.settledOn
            : evidence.firstCompleted.isPresent
                ? rules.zone.date(of: evidence.firstCompleted) : .absent
        if row.status == .succeeded, settled.isPresent,
            settled > rules.settlementDue(of: row.moneyMoment)
        {
            verdict.breaks.add(.lateSettlement)
        }
    }

    /// Refunds and chargebacks against what was captured, and against the payment's own record.
    private func compareReversals(
        _ payment: Int, _ row: PaymentRow, _ verdict: inout PaymentVerdict
    ) {
        let recorded = tables.links(ofPayment: payment).refunded
        guard tables.hasSettlements else {
            // Without a gateway's word the payment's own is all there is.
            verdict.refunded = recorded ?? 0
            if verdict.resolved == .succeeded, verdict.refunded > row.amount {
                verdict.breaks.add(.overRefund)
            }
            return
        }
        if verdict.chargedBack > 0 { verdict.breaks.add(.chargeback) }
        if verdict.chargedBack < 0 { verdict.breaks.add(.orphanChargeback) }
        if verdict.refunded > verdict.captured { verdict.breaks.add(.overRefund) }
        // What refunds alone exceed is said already.
        if verdict.chargedBack > 0, verdict.givenBack > verdict.captured {
            verdict.breaks.add(.doubleReversal)
        }
        guard let recorded else { return }
        if verdict.refunded > recorded {
            verdict.breaks.add(.refundUnrecorded)
        } else if verdict.refunded < recorded {
            verdict.breaks.add(.refundUnsettled)
        }
    }
}

extension PaymentRow {
    /// When the money is said to have moved: on completion, else on creation.
    public var moneyMoment: Instant { completed.isPresent ? completed : created }
}

extension SettlementType {
    /// Whether such a line takes a capture back, or gives it again.
    public var isReversal: Bool {
        self == .refund || self == .chargeback || self == .chargebackReversal
    }
}
