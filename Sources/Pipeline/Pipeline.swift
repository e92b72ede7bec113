import Definition
import DelimitedText
import Diagnostics
import Emission
import Ingestion
import Money
import Parallel
import Reconciliation
import Records
import Reporting
import Rules
import RunStore
import Time

/// One execution of a pipeline, read from top to bottom: the contract's stages in their order.
///
/// | stage | from | to |
/// |---|---|---|
/// | ingest | the dumps | `IngestedDumps` |
/// | resolve | settlement lines of each payment | `PaymentVerdict` |
/// | match | payments and bookings | `BookingMatch` |
/// | classify | what does not agree | `Classification` |
/// | backfill | payments without booking | `NewBooking` |
/// | settle | payments with a seller | `Transaction`, `Payout` |
/// | summarize | each user's figures | `UserSummary` |
/// | join | what the parts of a divided run found | payouts, near misses, open items, `carried/` |
/// | report | everything | the files of the run |
/// | archive | inputs, definition, outputs | the published run |
///
/// No stage reaches back, and none knows files, clock or zone but through what it is given.
public struct Pipeline: Sendable {
    let request: RunRequest
    let setting: RunSetting
    let progress: any ProgressReporting

    /// Prepares a run.
    ///
    /// - Throws: `TrueupError.definition` where the calendar has no business day;
    ///   `TrueupError.usage` where the as-of lies so late that days behind it leave the calendar.
    public init(_ request: RunRequest, progress: any ProgressReporting) throws {
        guard request.asOf < RunRequest.latestAsOf else {
            throw TrueupError.usage(
                Finding(
                    "the as-of lies too late", expected: "a time before the year 9900",
                    found: TimeText.text(request.asOf), remedy: "correct --as-of"))
        }
        self.request = request
        self.progress = progress
        setting = try RunSetting(request)
    }

    /// Runs the pipeline, and publishes what it leaves unless it is a dry run.
    ///
    /// - Throws: `TrueupError`; nothing is then published.
    public func run() throws -> RunOutcome { try run { _ in } }

    /// The same; tests put faults into the result, between the stages and the proof.
    func run(faulting change: (inout RunResult) -> Void) throws -> RunOutcome {
        var clock = StageClock(progress)
        if request.division != .whole { Allocator.spare() }
        let (store, files) = try open()

        clock.begin("ingest")
        let before = try BeforeRun(store, files, key: FingerprintKey())
        var dumps = try DumpReading(request, setting, files, before, progress: progress)
        var parts = try RunParts(dumps.division, before, setting, store)
        var asked = AskedFor(request)
        while let ingested = try dumps.next() {
            asked.look(in: ingested)
            try parts.add(
                try find(in: ingested, parts.handedOnToNext, before, &clock))
            if dumps.hasMore { clock.begin("ingest") }
        }
        var outcome = try publish(
            &parts, dumps.digests, before, store, files, &clock, faulting: change)
        outcome.warnings += asked.warnings
        return outcome
    }

    /// Takes the output folder, and opens the dumps.
    func open() throws -> (RunOutput, InputFiles) {
        // Whoever holds the output folder runs; everybody else is told so.
        let store = try RunOutput(request)
        let files = try InputFiles(
            folder: request.inputFolder, definition: setting.definition,
            carried: try store.carriedRecords(setting), workers: setting.workers
        ) { [watch = request.watch] in try watch.checkStopped() }
        // The archive takes in the dumps beside the work.
        try store.beginArchive(files)
        return (store, files)
    }

    /// Joins what was found of each part, proves it, and publishes it.
    func publish(
        _ parts: inout RunParts, _ digests: [SHA256Digest], _ before: BeforeRun,
        _ store: RunOutput, _ files: InputFiles, _ clock: inout StageClock,
        faulting change: (inout RunResult) -> Void = { _ in }
    ) throws -> RunOutcome {
        clock.begin("join")
        var result = try join(try parts.joined(), parts.payoutSums, before)
        try request.watch.checkStopped()

        clock.begin("report")
        try files.verifyUnchanged()
        result.run = try store.name(digests, files)
        change(&result)
        // What does not add up is not published.
        let totals = parts.totals(of: result)
        let proof = ControlTotals(result, before.carried, totals, isDivided: parts.isDivided)
        try proof.prove(setting.workers)
        var report = try RunReport(
            result, parts.records(of: result), digests: digests,
            previousRun: store.previousRun, isDryRun: request.isDryRun)
        report.continueHistory(before.carried.history)
        try proof.prove(report)
        try store.write(result, report, setting, parts: parts.files, telling: progress)

        clock.begin("archive")
        try files.verifyUnchanged()
        let published = try store.publish(report, digests: digests, timings: &clock)
        return RunOutcome(
            report: report, published: published, warnings: published?.warnings ?? [])
    }

    /// Finds out everything that does not depend on records that belong to others: what a run of all
    /// dumps finds of a part of them, as records that touch are never in two parts.
    func find(
        in ingested: IngestedDumps, _ handedOn: WaitingEmissions, _ before: BeforeRun,
        _ clock: inout StageClock
    ) throws -> PartFindings {
        let tables = ingested.tables
        let past = before.past

        clock.begin("resolve")
        var decisions = Decisions(setting, ingested, before.carried)
        let settlements = try decisions.match(
            SettlementMatch(tables, workers: setting.workers))
        let verdicts = Resolver(tables: tables, matched: settlements, rules: setting.rules)
            .verdicts(setting.workers)
        try request.watch.checkStopped()

        clock.begin("match")
        let shown = ShownRecords(ingested, for: handedOn)
        let linked = try decisions.match(
            BookingLinker(tables: tables, workers: setting.workers).linked()
                .adding(handedOn.promisedLinks(in: shown), tables: tables))
        let waiting = handedOn.stillWaiting(in: shown, linked: linked)
        let purchases = try PurchaseReader(setting, ingested)
            .purchases(verdicts: verdicts, linked: linked, waiting: waiting)
        let (bookings, madeTwice) = try setting.workers.both {
            try purchases.matchByAttributes(linked, verdicts: verdicts)
        } and: {
            try purchases.madeTwice(verdicts)
        }
        try request.watch.checkStopped()

        clock.begin("classify")
        var classification = Classifier(
            tables: tables, settlements: settlements, verdicts: verdicts, bookings: bookings,
            duplicates: madeTwice, rules: setting.rules
        ).classify(setting.workers)
        classification.add(repeats: ingested.repeats.filter { $0.kind != .bank }, tables: tables)
        let sessions = SessionStage(setting, ingested)
        classification.add(conflictsOf: sessions)
        classification.add(
            unapplied: waiting, in: shown, asOf: request.asOf,
            after: setting.definition.carry.unappliedAfter)

        clock.begin("backfill")
        let selection = request.selection(ingested.key)
        let backfill = setting.backfiller(tables, verdicts, bookings, waiting, past)?
            .backfill(purchases.all, selection: selection)
        classification.add(unidentified: backfill, tables: tables)
        classification.arrange()
        let breakIDs = try decisions.close(
            &classification, ids: setting.breakIDs(classification, ingested))

        clock.begin("settle")
        var emissions = Emissions(
            tables: tables, verdicts: verdicts, bookings: bookings, waiting: waiting,
            selection: selection)
        emissions.bookings = backfill?.bookings ?? []
        emissions.tickets = backfill?.tickets ?? []
        emissions.bookingDecisions = backfill?.decisions
        emissions.orderUpdates = OrderUpdater(
            tables: tables, verdicts: verdicts, rules: setting.rules, waiting: waiting
        ).updates(selection)
        if let settler = setting.settler(tables, settlements, verdicts, waiting) {
            let sales = try purchases.sales(verdicts: verdicts, bookings: bookings)
            emissions.paymentsWithSeller = sales.map(\.payment)
            emissions.transactions = settler.transactions(sales: sales, selection: selection)
        }
        let times = try sessions.times()
        let completer = sessions.completer(bookings, waiting, times)
        emissions.sessionDecisions = completer.decisions(selection)
        emissions.sessionUpdates = completer.updates(emissions.sessionDecisions)

        clock.begin("summarize")
        let outcomes = OutcomeJudge(
            tables: tables, verdicts: verdicts, classification: classification,
            emissions: emissions, unselected: backfill?.unselected ?? [], waiting: waiting
        ).outcomes()
        let energy = try sessions.energy(times, waiting, purchases)
        let summaries = Summarizer(
            tables: tables, verdicts: verdicts, classification: classification,
            emissions: emissions, waiting: waiting, past: past, energy: energy,
            rules: setting.definition.dashboard, currency: setting.definition.currency,
            asOf: request.asOf, workers: setting.workers
        ).summaries()
        try request.watch.checkStopped()

        var result = RunResult(
            pipeline: setting.definition.name, run: "", asOf: request.asOf, zone: setting.zone,
            currency: setting.definition.currency, ingested: ingested, settlements: settlements,
            verdicts: verdicts, bookings: bookings, tieOuts: PayoutTieOuts(),
            classification: classification, outcomes: outcomes, emissions: emissions,
            summaries: summaries, waiting: waiting,
            items: tables.catalogue, backfill: setting.definition.backfill,
            dashboard: setting.definition.dashboard,
            breakIDs: breakIDs,
            shares: SellerShares(
                tables: tables, emissions: emissions, waiting: waiting,
                identities: setting.identities))
        result.past = past
        result.energy = energy
        return PartFindings(result: result, decisions: decisions.standing)
    }

    /// Finds out what depends on records that have nothing else in common: payouts of gateways and to
    /// sellers, what came close to a break, what became of open items.
    private func join(
        _ joined: consuming PartFindings, _ payoutSums: PayoutSums, _ before: BeforeRun
    ) throws -> RunResult {
        var result = joined.result
        let tables = result.ingested.tables
        var decisions = Decisions(setting, result.ingested, before.carried)
        decisions.goOn(from: joined.decisions)

        result.tieOuts = PayoutMatcher(tables: tables, rules: setting.rules)
            .tieOuts(payoutSums)
        var ofPayouts = Classification()
        ofPayouts.add(result.tieOuts, tables: tables)
        ofPayouts.add(repeats: result.ingested.repeats.filter { $0.kind == .bank }, tables: tables)
        let ids = try decisions.close(
            &ofPayouts, ids: setting.breakIDs(ofPayouts, result.ingested))
        result.classification.add(ofPayouts)
        result.breakIDs += ids
        result.classification.arrange(with: &result.breakIDs)
        try NearMissFinder(
            tables: tables, settlements: result.settlements, verdicts: result.verdicts,
            bookings: result.bookings, rules: setting.rules, classification: result.classification,
            workers: setting.workers
        ).fill(&result.classification, from: result.ingested.dumps)

        if let settler = setting.settler(
            tables, result.settlements, result.verdicts, result.waiting)
        {
            var balances = SellerBalances(before.carried.balances)
            result.emissions.payouts = settler.payouts(
                result.emissions.transactions, balances: &balances)
            result.emissions.balances = balances.all
            result.agendas = settler.agendas(
                result.emissions, earlier: before.carried.scheduled,
                balances: before.carried.balances, print: result.ingested.key.userPrint)
            try joined.addSellers(to: &result, setting)
        }
        result.history = setting.history(of: result, before.carried, decisions)
        try carry(&result, before.past)
        return result
    }

    /// Decides what the next run of incremental dumps needs.
    private func carry(_ result: inout RunResult, _ past: CarriedTotals) throws {
        guard setting.carries else { return }
        result.carry = try CarryStage(
            setting: setting, ingested: result.ingested, asOf: request.asOf,
            selection: request.selection(result.ingested.key),
            classification: result.classification, tieOuts: result.tieOuts
        ).carry(
            Closer(
                tables: result.ingested.tables, settlements: result.settlements,
                verdicts: result.verdicts, bookings: result.bookings,
                classification: result.classification, outcomes: result.outcomes,
                emissions: result.emissions, waiting: result.waiting,
                horizon: setting.horizon(request.asOf)),
            result.emissions, result.waiting, past, result.energy, result.summaries)
    }
}
