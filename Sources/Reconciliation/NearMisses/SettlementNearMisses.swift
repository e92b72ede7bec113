import Money
import Records
import Time

/// What comes closest to payments without their money, and to money without its payment: the same
/// amount near in time under another reference, or a reference that differs in its punctuation alone.
struct SettlementNearMisses {
    /// So many of the nearest in time are compared by their references.
    private static let candidateLimit = 8

    /// An hour, in microseconds.
    ///
    /// References that have more than half of their characters otherwise are looked at only so
    /// close in time: many payments have the same amount.
    private static let unlikeSpan: Int64 = 3_600_000_000

    private let records: NearMissRecords
    /// For each break, by its index, the rows that come into question, the nearest in time first.
    private var candidates: [Int: [Int32]] = [:]
    /// The payment or line that each break concerns, by the break's index.
    private var paymentOfBreak: [Int: Int32] = [:]
    private var lineOfBreak: [Int: Int32] = [:]
    /// The breaks in which a charge or its payment is missing, by their index.
    private var chargeBreaks: Set<Int> = []
    private var references = ReferenceTexts()
    private var paymentsByEssence: [[UInt32]: [Int32]] = [:]
    private var linesByEssence: [[UInt32]: [Int32]] = [:]

    /// What a line is to a payment.
    private enum Role: Int64 {
        case charge = 1
        case reversal, reinstatement
    }

    init(_ records: NearMissRecords, _ classification: Classification) {
        self.records = records
        let breaks = classification.breaks
        var ofPayments: [Int: Fingerprint] = [:]
        var ofLines: [Int: Fingerprint] = [:]
        for (index, item) in breaks.enumerated() {
            switch item.code {
            case .missingSettlement, .stuck, .falseSuccess, .settledShort, .unknownSettlement,
                .duplicateSettlement:
                chargeBreaks.insert(index)
            default: break
            }
            if let key = keyOfLineWanted(by: item) {
                ofPayments[index] = key
                paymentOfBreak[index] = item.payment
            } else if let key = keyOfPaymentWanted(by: item) {
                ofLines[index] = key
                lineOfBreak[index] = item.settlement
            }
        }
        let lines = freeLines(wanted: Set(ofPayments.values), classification)
        let payments = openPayments(wanted: Set(ofLines.values))
        for (index, key) in ofPayments {
            let item = breaks[index]
            let moment = records.tables.payments.rows[Int(item.payment)].moneyMoment
            candidates[index] = lines.nearest(
                to: moment, key: key, limit: SettlementNearMisses.candidateLimit
            ).filter { line in
                let isRefund = records.tables.settlements.rows[Int(line)].type == .refund
                return isNear(moment, records.moment(ofLine: Int(line)))
                    && (item.code != .refundUnsettled || isRefund)
            }
        }
        for (index, key) in ofLines {
            let line = Int(breaks[index].settlement)
            let moment = records.moment(ofLine: line)
            candidates[index] = payments.nearest(
                to: moment, key: key, limit: SettlementNearMisses.candidateLimit
            ).filter {
                $0 != breaks[index].payment
                    && isNear(moment, records.tables.payments.rows[Int($0)].moneyMoment)
            }
        }
    }

    private func isNear(_ left: Instant, _ right: Instant) -> Bool {
        !left.isPresent || !right.isPresent || left.distance(to: right) <= records.window
    }

    private func key(_ role: Role, _ amount: Int64, _ currency: Currency) -> Fingerprint {
        Fingerprint(high: 1, low: 1).combined(with: role.rawValue).combined(with: amount)
            .combined(with: Int64(currency.rawValue))
    }

    // MARK: What breaks ask for

    /// What line would have resolved a break of a payment; nil where none would.
    private func keyOfLineWanted(by item: Break) -> Fingerprint? {
        guard item.payment >= 0 else { return nil }
        let row = records.tables.payments.rows[Int(item.payment)]
        let verdict = records.verdicts[Int(item.payment)]
        switch item.code {
        case .missingSettlement, .stuck, .falseSuccess, .settledShort:
            return key(.charge, row.amount - verdict.captured, row.currency)
        case .refundUnsettled: return key(.reversal, item.atRisk, row.currency)
        case .chargeback: return key(.reinstatement, verdict.chargedBack, row.currency)
        default: return nil
        }
    }

    /// What payment would have resolved a break of a line; nil where none would.
    private func keyOfPaymentWanted(by item: Break) -> Fingerprint? {
        guard item.settlement >= 0 else { return nil }
        let row = records.tables.settlements.rows[Int(item.settlement)]
        switch item.code {
        case .unknownSettlement, .duplicateSettlement, .orphanRefund, .orphanChargeback:
            return key(ofLine: row)
        default: return nil
        }
    }

    private func key(ofLine row: SettlementRow) -> Fingerprint? {
        let role: Role
        switch row.type {
        case .charge: role = .charge
        case .refund, .chargeback: role = .reversal
        case .chargebackReversal: role = .reinstatement
        case .fee, .adjustment, .reserve, .payout: return nil
        }
        return key(role, row.gross, row.currency)
    }

    // MARK: What there is

    /// Completed lines that no payment has, or that one has twice.
    private func freeLines(
        wanted: Set<Fingerprint>, _ classification: Classification
    ) -> MomentIndex {
        let lines = records.tables.settlements
        return MomentIndex(
            count: lines.count, wanted: wanted,
            keys: { line, found in
                switch classification.settlementOutcomes[line] {
                case .unknown, .orphan, .duplicate:
                    if let key = key(ofLine: lines.rows[line]) { found.append(key) }
                case .matched, .other: return
                }
            },
            moment: { records.moment(ofLine: $0) }, precedes: { lines.idPrecedes($0, $1) })
    }

    /// Payments of which money is missing, or of which it could have gone back.
    private func openPayments(wanted: Set<Fingerprint>) -> MomentIndex {
        let tables = records.tables
        return MomentIndex(
            count: tables.payments.count, wanted: wanted,
            keys: { payment, found in
                let row = tables.payments.rows[payment]
                let verdict = records.verdicts[payment]
                if verdict.captured < row.amount {
                    found.append(key(.charge, row.amount - verdict.captured, row.currency))
                }
                if verdict.givenBack < verdict.captured {
                    found.append(key(.reversal, verdict.captured, row.currency))
                }
                let recorded = tables.links(ofPayment: payment).refunded ?? 0
                if recorded > verdict.refunded, recorded - verdict.refunded != verdict.captured {
                    found.append(key(.reversal, recorded - verdict.refunded, row.currency))
                }
                if verdict.chargedBack > 0 {
                    found.append(key(.reinstatement, verdict.chargedBack, row.currency))
                }
            },
            moment: { tables.payments.rows[$0].moneyMoment },
            precedes: { tables.payments.idPrecedes($0, $1) })
    }

    // MARK: References

    /// The payments that breaks concern, and those that come into question.
    var paymentsToRead: Set<Int32> {
        Set(paymentOfBreak.values).union(lineOfBreak.keys.flatMap { candidates[$0] ?? [] })
    }

    /// The lines that breaks concern, and those that come into question.
    var linesToRead: Set<Int32> {
        Set(lineOfBreak.values).union(paymentOfBreak.keys.flatMap { candidates[$0] ?? [] })
    }

    /// The same, knowing the references.
    func reading(_ references: ReferenceTexts) -> SettlementNearMisses {
        var known = self
        known.references = references
        let tables = records.tables
        known.paymentsByEssence = Dictionary(
            grouping: Set(paymentOfBreak.filter { chargeBreaks.contains($0.key) }.values).sorted {
                tables.payments.idPrecedes(Int($0), Int($1))
            }
        ) { references.payments[$0]?.essence ?? [] }
        known.linesByEssence = Dictionary(
            grouping: Set(lineOfBreak.filter { chargeBreaks.contains($0.key) }.values).sorted {
                tables.settlements.idPrecedes(Int($0), Int($1))
            }
        ) { references.lines[$0]?.essence ?? [] }
        return known
    }

    /// What comes closest to a break: the reference that differs least, then the nearest in time.
    func nearest(to index: Int) -> NearMiss? {
        if let payment = paymentOfBreak[index] {
            let own = references.payments[payment]
            let moment = records.tables.payments.rows[Int(payment)].moneyMoment
            let similar = alike(own, to: index, in: linesByEssence)
            return closest(.settlement, among: rivals(index, similar), to: own, at: moment) {
                (references.lines[$0], records.moment(ofLine: Int($0)))
            }
        }
        if let line = lineOfBreak[index] {
            let own = references.lines[line]
            let similar = alike(own, to: index, in: paymentsByEssence).filter {
                $0 != records.settlements.paymentOfLine[Int(line)]
            }
            let moment = records.moment(ofLine: Int(line))
            return closest(.payment, among: rivals(index, similar), to: own, at: moment) {
                (references.payments[$0], records.tables.payments.rows[Int($0)].moneyMoment)
            }
        }
        return nil
    }

    /// Those whose references have the same letters and digits.
    private func alike(
        _ reference: ReferenceText?, to index: Int, in rows: [[UInt32]: [Int32]]
    ) -> [Int32] {
        guard chargeBreaks.contains(index), let essence = reference?.essence, !essence.isEmpty
        else { return [] }
        return rows[essence] ?? []
    }

    private func rivals(_ index: Int, _ similar: [Int32]) -> [Int32] {
        (candidates[index] ?? []) + similar.prefix(SettlementNearMisses.candidateLimit)
    }

    private func closest(
        _ kind: NearMiss.Candidate, among rows: [Int32], to own: ReferenceText?,
        at moment: Instant, facts: (Int32) -> (ReferenceText?, Instant)
    ) -> NearMiss? {
        var best: NearMiss?
        for row in rows {
            guard let own, case (let other?, let otherMoment) = facts(row) else { continue }
            let distance = Int64(own.distance(to: other))
            let isUnlike = own.isUnlike(other, at: Int(distance)) && own.essence != other.essence
            if isUnlike, moment.distance(to: otherMoment) > SettlementNearMisses.unlikeSpan {
                continue
            }
            // One reference is no reason to miss it.
            if distance == 0 { continue }
            if let best, best.distance <= distance { continue }
            best = NearMiss(candidate: kind, row: row, condition: .reference, distance: distance)
        }
        return best
    }
}
