import Money
import Records
import Time

/// What comes closest to payments without their money, and to money without its payment: the same
/// amount near in time under another reference, or a reference that differs in its punctuation alone.
struct SettlementNearMisses: Sendable {
    /// So many of the nearest in time are compared by their references.
    private static let candidateLimit = 8

    /// An hour, in microseconds.
    ///
    /// References that have more than half of their characters otherwise are looked at only so
    /// close in time: many payments have the same amount.
    private static let unlikeSpan: Int64 = 3_600_000_000

    private let records: NearMissRecords
    /// For each break, by its index, what is looked for.
    private var searches: ContiguousArray<Search>
    /// The rows that come into question, those of each search together.
    private var candidates: ContiguousArray<Int32> = []
    private var references = ReferenceTexts()
    private var paymentsByEssence: [String: [Int32]] = [:]
    private var linesByEssence: [String: [Int32]] = [:]

    /// What could have resolved a break, if anything could.
    private struct Search {
        /// The payment that lacks a line, or -1.
        var payment: Int32 = -1
        /// The line that lacks a payment, or -1.
        var line: Int32 = -1
        /// Whether a charge or its payment is missing.
        var isOfCharge = false
        /// Which of the candidates come into question, the nearest in time first.
        var places = 0..<0
    }

    /// What a line is to a payment.
    private enum Role: Int64 {
        case charge = 1
        case reversal, reinstatement
    }

    init(_ records: NearMissRecords, _ classification: Classification) {
        self.records = records
        let breaks = classification.breaks
        searches = ContiguousArray(repeating: Search(), count: breaks.count)
        var keys = ContiguousArray<Fingerprint>(repeating: .none, count: breaks.count)
        var wantedLines: Set<Fingerprint> = []
        var wantedPayments: Set<Fingerprint> = []
        for (index, item) in breaks.enumerated() {
            switch item.code {
            case .missingSettlement, .stuck, .falseSuccess, .settledShort, .unknownSettlement,
                .duplicateSettlement:
                searches[index].isOfCharge = true
            default: break
            }
            if let key = keyOfLineWanted(by: item) {
                keys[index] = key
                wantedLines.insert(key)
                searches[index].payment = item.payment
            } else if let key = keyOfPaymentWanted(by: item) {
                keys[index] = key
                wantedPayments.insert(key)
                searches[index].line = item.settlement
            }
        }
        let lines = freeLines(wanted: wantedLines, classification)
        let payments = openPayments(wanted: wantedPayments)
        for index in breaks.indices {
            let start = candidates.count
            if searches[index].payment >= 0 {
                candidates += nearest(in: lines, keys[index], toPaymentOf: breaks[index])
            } else if searches[index].line >= 0 {
                candidates += nearest(in: payments, keys[index], toLineOf: breaks[index])
            }
            searches[index].places = start..<candidates.count
        }
    }

    private func nearest(
        in lines: MomentIndex, _ key: Fingerprint, toPaymentOf item: Break
    ) -> [Int32] {
        let moment = records.tables.payments.rows[Int(item.payment)].moneyMoment
        return lines.nearest(to: moment, key: key, limit: SettlementNearMisses.candidateLimit)
            .filter { line in
                let isRefund = records.tables.settlements.rows[Int(line)].type == .refund
                return isNear(moment, records.moment(ofLine: Int(line)))
                    && (item.code != .refundUnsettled || isRefund)
            }
    }

    private func nearest(
        in payments: MomentIndex, _ key: Fingerprint, toLineOf item: Break
    ) -> [Int32] {
        let moment = records.moment(ofLine: Int(item.settlement))
        return payments.nearest(to: moment, key: key, limit: SettlementNearMisses.candidateLimit)
            .filter {
                $0 != item.payment
                    && isNear(moment, records.tables.payments.rows[Int($0)].moneyMoment)
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
            count: lines.count, wanted: wanted, workers: records.workers,
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
            count: tables.payments.count, wanted: wanted, workers: records.workers,
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
        var rows: Set<Int32> = []
        for search in searches {
            if search.payment >= 0 { rows.insert(search.payment) }
            if search.line >= 0 { rows.formUnion(candidates[search.places]) }
        }
        return rows
    }

    /// The lines that breaks concern, and those that come into question.
    var linesToRead: Set<Int32> {
        var rows: Set<Int32> = []
        for search in searches {
            if search.line >= 0 { rows.insert(search.line) }
            if search.payment >= 0 { rows.formUnion(candidates[search.places]) }
        }
        return rows
    }

    /// The same, knowing the references.
    func reading(_ references: ReferenceTexts) -> SettlementNearMisses {
        var known = self
        known.references = references
        let tables = records.tables
        let ofCharges = searches.lazy.filter(\.isOfCharge)
        known.paymentsByEssence = Dictionary(
            grouping: Set(ofCharges.map(\.payment).filter { $0 >= 0 }).sorted {
                tables.payments.idPrecedes(Int($0), Int($1))
            }
        ) { references.payments[$0]?.essence ?? "" }
        known.linesByEssence = Dictionary(
            grouping: Set(ofCharges.map(\.line).filter { $0 >= 0 }).sorted {
                tables.settlements.idPrecedes(Int($0), Int($1))
            }
        ) { references.lines[$0]?.essence ?? "" }
        return known
    }

    /// What comes closest to a break: the reference that differs least, then the nearest in time.
    func nearest(to index: Int) -> NearMiss? {
        let search = searches[index]
        if search.payment >= 0 {
            let own = references.payments[search.payment]
            let moment = records.tables.payments.rows[Int(search.payment)].moneyMoment
            let similar = alike(own, search, in: linesByEssence, but: -1)
            return closest(.settlement, among: rivals(search, similar), to: own, at: moment) {
                (references.lines[$0], records.moment(ofLine: Int($0)))
            }
        }
        if search.line >= 0 {
            let own = references.lines[search.line]
            let payment = records.settlements.paymentOfLine[Int(search.line)]
            let similar = alike(own, search, in: paymentsByEssence, but: payment)
            let moment = records.moment(ofLine: Int(search.line))
            return closest(.payment, among: rivals(search, similar), to: own, at: moment) {
                (references.payments[$0], records.tables.payments.rows[Int($0)].moneyMoment)
            }
        }
        return nil
    }

    /// The first of those whose references have the same letters and digits, but for one row: a
    /// reference that thousands carry must not be looked through for each of them.
    private func alike(
        _ reference: ReferenceText?, _ search: Search, in rows: [String: [Int32]], but own: Int32
    ) -> [Int32] {
        guard search.isOfCharge, let essence = reference?.essence, !essence.isEmpty,
            let all = rows[essence]
        else { return [] }
        return Array(all.lazy.filter { $0 != own }.prefix(SettlementNearMisses.candidateLimit))
    }

    private func rivals(_ search: Search, _ similar: [Int32]) -> [Int32] {
        candidates[search.places] + similar
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
