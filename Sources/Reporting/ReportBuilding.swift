import DelimitedText
import Emission
import Ingestion
import Money
import Reconciliation
import Records
import RunStore

extension RunReport {
    /// Counts and adds up what a run found and made.
    ///
    /// - Parameters:
    ///   - result: What the run found and made.
    ///   - totals: What its records come to.
    ///   - digests: The checksum of each input file, in the order of the files.
    ///   - previousRun: The id of the run before; empty for the first one.
    ///   - isDryRun: Whether the run publishes nothing.
    /// - Throws: `TrueupError.run` where a dump cannot be read again.
    public init(
        _ result: RunResult, _ totals: RecordTotals, digests: [SHA256Digest],
        previousRun: String, isDryRun: Bool
    ) throws {
        self.init(
            pipeline: result.pipeline, run: result.run, asOf: result.asOf,
            currency: result.currency)
        self.previousRun = previousRun
        self.isDryRun = isDryRun
        add(totals)
        addBreaks(result)
        largest = try RunReport.largest(of: result)
        openItems = OpenItems(result)
        overrides = result.history.overrides
        addInputs(result, digests)
        addEmissions(result)
        addWaiting(result.waiting)
        addPayouts(result)
        rejects = result.ingested.rejects.prefix(RunReport.largestBreaks).map {
            RejectLine($0, in: result.ingested.dumps)
        }
    }

    private mutating func addPayouts(_ result: RunResult) {
        unpaid = result.tieOuts.unpaid
        payouts = result.tieOuts.payouts.map { tieOut in
            var line = PayoutLine(tieOut)
            line.bankIDs = tieOut.bankLines.map { result.tables.bank[$0].id }
            for place in tieOut.bankLines {
                line.bankDate = max(line.bankDate, result.tables.bank[place].date)
            }
            return line
        }
        payoutsDue = DayPayouts.all(of: result.agendas)
    }

    /// The pipeline's own currency first, the others by their codes.
    private func precedes(_ left: Currency, _ right: Currency) -> Bool {
        if left == right { return false }
        if left == currency || right == currency { return left == currency }
        return left < right
    }

    private mutating func add(_ totals: RecordTotals) {
        users = totals.users
        ledger = totals.ledger
        let payments = totals.payments.sorted { precedes($0.money.currency, $1.money.currency) }
        money = payments.map(\.money)
        outcomes = PaymentOutcome.allCases.flatMap { outcome in
            payments.compactMap { total in
                let index = Int(outcome.rawValue)
                guard total.counts[index] > 0 else { return nil }
                return OutcomeTotal(
                    outcome: outcome, currency: total.money.currency, count: total.counts[index],
                    value: total.values[index])
            }
        }
    }

    private mutating func addBreaks(_ result: RunResult) {
        struct Key: Hashable {
            let code: BreakCode
            let currency: Currency
        }
        var totals: [Key: (count: Int, atRisk: Int64)] = [:]
        for item in result.classification.breaks {
            let facts = BreakFacts(item, in: result.tables)
            let key = Key(code: item.code, currency: facts.currency)
            totals[key, default: (0, 0)].count += 1
            totals[key, default: (0, 0)].atRisk += item.atRisk
            if item.code.severity > .info { openBreaks += 1 }
        }
        breaks = totals.map { key, total in
            BreakTotal(
                code: key.code, currency: key.currency, count: total.count, atRisk: total.atRisk)
        }.sorted {
            $0.code == $1.code
                ? precedes($0.currency, $1.currency) : $0.code.rawValue < $1.code.rawValue
        }
    }

    /// The breaks to be looked at, most money first; equal ones in the order of the run.
    private static func largest(of result: RunResult) throws -> [BreakLine] {
        let breaks = result.classification.breaks
        let open = breaks.indices.filter { breaks[$0].code.severity > .info }
        let chosen = open.sorted { left, right in
            breaks[left].atRisk == breaks[right].atRisk
                ? left < right : breaks[left].atRisk > breaks[right].atRisk
        }.prefix(largestBreaks)
        var texts = result.texts()
        return try chosen.map { index in
            let item = breaks[index]
            let facts = BreakFacts(item, in: result.tables)
            var line = BreakLine(
                id: result.breakIDs[index], code: item.code, currency: facts.currency)
            let tables = result.tables
            if item.payment >= 0 { line.paymentID = tables.payments.id(Int(item.payment)) }
            if item.settlement >= 0 {
                line.settlementID = tables.settlements.id(Int(item.settlement))
            }
            if item.booking >= 0 { line.bookingID = tables.bookings.id(Int(item.booking)) }
            line.payout = item.payout
            line.other = item.other
            line.user = try result.user(of: item, &texts)
            line.amount = facts.amount
            line.atRisk = item.atRisk
            line.detail = Sentences.detail(item, facts, tables)
            line.nearMiss = Sentences.nearMiss(item, facts, result)
            line.firstSeen = result.history.firstSeen[index]
            line.age = result.history.ages[index]
            return line
        }
    }

    private mutating func addInputs(_ result: RunResult, _ digests: [SHA256Digest]) {
        for (index, file) in result.ingested.dumps.files.all.enumerated() {
            let counts = result.ingested.counts[index]
            var input = Input(
                file: file.name, kind: file.kind, bytes: file.source.fileSize,
                sha256: digests[index].hex)
            input.rows = counts.records
            input.rejected = counts.rejected
            input.repeated = counts.repeated
            input.replaced = counts.replaced
            input.leftOut = counts.leftOut
            input.records =
                counts.records - counts.rejected - counts.repeated - counts.replaced
                - counts.leftOut
            var sums = MoneySums(counts.sums)
            input.sums = sums.entries.sorted { precedes($0.currency, $1.currency) }
            sums.subtract(MoneySums(counts.repeatedSums))
            input.recordSums = sums.entries.sorted { precedes($0.currency, $1.currency) }
            input.energy = counts.energy
            input.recordEnergy = counts.energy - counts.repeatedEnergy
            inputs.append(input)
        }
    }

    private mutating func addEmissions(_ result: RunResult) {
        let rows = result.tables.payments.rows
        let emitted = result.emissions
        addEmission("status_updates", emitted.statusUpdates.map { rows[Int($0)].money })
        addEmission("booking_links", emitted.bookingLinks.map { rows[Int($0.payment)].money })
        addEmission("order_updates", emitted.orderUpdates.map { rows[Int($0.payment)].money })
        addEmission("new_bookings", emitted.bookings.map { rows[Int($0.payment)].money })
        addEmission("new_tickets", emitted.tickets.map { rows[Int($0.payment)].money })
        addEmission("session_updates", emitted.sessionUpdates.map { result.money(of: $0) })
        addEmission(
            "transactions",
            emitted.transactions.map { (rows[Int($0.payment)].currency, $0.amount) })
        addEmission("payouts", emitted.payouts.map { ($0.currency, $0.amount) })
    }

    private mutating func addEmission(_ name: String, _ amounts: [(Currency, Int64)]) {
        emissions += totals(of: name, amounts)
    }

    private mutating func addWaiting(_ handedOn: WaitingEmissions) {
        var amounts: [EmittedThing: [(Currency, Int64)]] = [:]
        for entry in handedOn.entries {
            amounts[entry.thing, default: []].append((entry.currency, entry.amount))
        }
        for (thing, output) in RunReport.loadedOutputs {
            waiting += totals(of: output, amounts[thing] ?? [])
        }
    }

    /// What a dump shows once it has been loaded, with the output that it is told in.
    static let loadedOutputs: [(thing: EmittedThing, output: String)] = [
        (.statusUpdate, "status_updates"), (.bookingLink, "booking_links"),
        (.orderUpdate, "order_updates"), (.booking, "new_bookings"),
        (.ticket, "new_tickets"), (.sessionUpdate, "session_updates"),
    ]

    private func totals(of name: String, _ amounts: [(Currency, Int64)]) -> [EmissionTotal] {
        var totals: [Currency: (count: Int, value: Int64)] = [:]
        for (currency, amount) in amounts {
            totals[currency, default: (0, 0)].count += 1
            totals[currency, default: (0, 0)].value += amount
        }
        return totals.sorted { precedes($0.key, $1.key) }.map { currency, total in
            EmissionTotal(name: name, currency: currency, count: total.count, value: total.value)
        }
    }
}

extension PaymentRow {
    fileprivate var money: (Currency, Int64) { (currency, amount) }
}

extension RunResult {
    /// The user whom a break concerns, in lower case; empty where no user is known.
    func user(of item: Break, _ texts: inout RowTexts) throws -> String {
        if item.payment >= 0 {
            try texts.go(to: tables.payments.rows[Int(item.payment)].place)
            return String(decoding: texts.user(PaymentField.user), as: UTF8.self)
        }
        guard item.booking >= 0 else { return "" }
        try texts.go(to: tables.bookings.rows[Int(item.booking)].place)
        return String(decoding: texts.user(BookingField.user), as: UTF8.self)
    }
}

extension RunReport.RejectLine {
    /// A rejected row, without what stands in it.
    init(_ reject: Reject, in dumps: Dumps) {
        let file = reject.place.file
        self.init(
            file: dumps.files.all[file].name, line: Int(reject.line),
            column: dumps.header(ofField: Int(reject.column), file: file),
            reason: reject.reason.text)
    }
}
