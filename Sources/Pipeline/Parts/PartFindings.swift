import Definition
import Emission
import Ingestion
import Reconciliation
import Records
import Reporting

/// What was found of a part of the dumps, or of all of them.
struct PartFindings {
    var result: RunResult
    /// What has become of decisions so far.
    var decisions: Decisions.Standing
    /// Of the sellers those who have a line of the dashboards already; nil where the result has the
    /// summaries of all.
    var sellersKnown: ((Set<Fingerprint>) throws -> Set<Fingerprint>)?

    /// Adds what sellers are still to be paid to their summaries, and a summary for each who only
    /// sells.
    func addSellers(to result: inout RunResult, _ setting: RunSetting) throws {
        let agendas = result.agendas.all
        guard !agendas.isEmpty else { return }
        var known: Set<Fingerprint> = []
        if let sellersKnown {
            known = try sellersKnown(Set(agendas.map(\.print)))
        } else {
            var places: [Fingerprint: Int32] = [:]
            for (index, agenda) in agendas.enumerated() { places[agenda.print] = Int32(index) }
            for index in result.summaries.indices {
                guard let seller = places[result.summaries[index].user] else { continue }
                result.summaries[index].seller = seller
                known.insert(result.summaries[index].user)
            }
        }
        result.summaries += Summarizer(
            tables: RecordTables(), verdicts: [], classification: Classification(),
            emissions: Emissions(), waiting: result.waiting, sellers: agendas,
            known: known, rules: setting.definition.dashboard,
            currency: setting.definition.currency, asOf: setting.rules.asOf
        ).summaries()
    }
}

extension PartFindings {
    /// What is kept of a part once its own files are written: what somebody must look at or load, what
    /// may come close to a break of another part, and what the open items of the run before concern.
    func reduced(
        orphans: Set<OrphanMoney>, carried: CarriedItems, _ setting: RunSetting
    ) -> PartFindings {
        PartFindings(
            joining: [self], keeping: [kept(orphans, carried, setting.rules)],
            ingested: result.ingested,
            waiting: result.waiting)
    }

    private func kept(
        _ orphans: Set<OrphanMoney>, _ carried: CarriedItems, _ rules: ReconciliationRules
    ) -> KeptRows {
        let tables = result.ingested.tables
        var kept = NearMissFinder.candidates(
            tables: tables, settlements: result.settlements, verdicts: result.verdicts,
            bookings: result.bookings, rules: rules,
            classification: result.classification
        ) { amount, currency in
            [SettlementType.refund, .chargeback].contains {
                orphans.contains(OrphanMoney(type: $0, gross: amount, currency: currency))
            }
        }
        kept.add(result.classification)
        kept.add(result.emissions)
        let finder = RowFinder(result.ingested, items: carried.items)
        for item in carried.items {
            let rows = finder.rows(of: item)
            if let row = rows.payment { kept.payments[row] = true }
            if let row = rows.settlement { kept.settlements[row] = true }
            if let row = rows.booking { kept.bookings[row] = true }
        }
        kept.close(result.settlements, result.bookings)
        return kept
    }

    /// One result of several, of which the rows are gathered that are kept.
    init(
        joining parts: [PartFindings], keeping kept: [KeptRows], ingested: IngestedDumps,
        waiting: WaitingEmissions
    ) {
        let results = parts.map(\.result)
        let rows = RowGathering(results.map(\.ingested.tables), keeping: kept)
        var joined = results[0]
        joined.ingested = ingested
        joined.ingested.tables = rows.tables
        // No part has the bank's lines: they are held against the payouts of all.
        joined.ingested.tables.bank = ingested.tables.bank
        joined.settlements = SettlementMatch(results.map(\.settlements), rows)
        joined.verdicts = PaymentVerdict.gathered(results.map(\.verdicts), rows)
        joined.bookings = BookingMatch(results.map(\.bookings), rows)
        joined.classification = Classification(results.map(\.classification), rows)
        joined.breakIDs = results.flatMap(\.breakIDs)
        joined.outcomes = rows.payments.gather { results[$0].outcomes }
        joined.emissions = Emissions(results.map(\.emissions), rows)
        joined.summaries = []
        joined.energy = nil
        joined.waiting = waiting
        joined.shares = SellerShares(
            tables: rows.tables, emissions: joined.emissions, waiting: waiting,
            identities: results[0].shares.identities)
        result = joined
        decisions = Decisions.Standing(parts.map(\.decisions))
    }
}

extension KeptRows {
    /// Keeps what breaks concern.
    fileprivate mutating func add(_ classification: Classification) {
        for item in classification.breaks + classification.decided {
            if item.payment >= 0 { payments[Int(item.payment)] = true }
            if item.settlement >= 0 { settlements[Int(item.settlement)] = true }
            if item.booking >= 0 { bookings[Int(item.booking)] = true }
            if let earlier = item.earlierPayment { payments[Int(earlier)] = true }
        }
    }

    /// Keeps that for which something is emitted.
    fileprivate mutating func add(_ emissions: Emissions) {
        for payment in emissions.statusUpdates { payments[Int(payment)] = true }
        for link in emissions.bookingLinks {
            payments[Int(link.payment)] = true
            bookings[Int(link.booking)] = true
        }
        for update in emissions.orderUpdates {
            payments[Int(update.payment)] = true
            orders[Int(update.order)] = true
        }
        for made in emissions.bookings + emissions.tickets { payments[Int(made.payment)] = true }
        for transaction in emissions.transactions { payments[Int(transaction.payment)] = true }
        for update in emissions.sessionUpdates {
            sessions[Int(update.session)] = true
            bookings[Int(update.booking)] = true
            if update.payment >= 0 { payments[Int(update.payment)] = true }
        }
    }

    /// Keeps with each record what was matched to it, and all that was matched to that payment.
    fileprivate mutating func close(_ lines: SettlementMatch, _ matched: BookingMatch) {
        for (line, payment) in lines.paymentOfLine.enumerated()
        where settlements[line] && payment >= 0 {
            payments[Int(payment)] = true
        }
        for link in matched.links where bookings[Int(link.booking)] {
            payments[Int(link.payment)] = true
        }
        for (line, payment) in lines.paymentOfLine.enumerated()
        where payment >= 0 && payments[Int(payment)] {
            settlements[line] = true
        }
        for link in matched.links where payments[Int(link.payment)] {
            bookings[Int(link.booking)] = true
        }
    }
}

extension Decisions.Standing {
    /// What has become of decisions in several parts, each of which met breaks of its own.
    init(_ parts: [Decisions.Standing]) {
        guard var first = parts.first else { return }
        for part in parts.dropFirst() {
            for index in first.entries.indices where first.entries[index].effect == nil {
                first.entries[index].effect = part.entries[index].effect
            }
            first.remembered.merge(part.remembered) { mine, _ in mine }
            first.closed += part.closed
        }
        self = first
    }
}
