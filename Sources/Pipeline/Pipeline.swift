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
/// | carry | what is still open | the next run's `carried/` |
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
        var clock = StageClock()
        // Whoever holds the output folder runs; everybody else is told so.
        let store = try RunOutput(request)
        let files = try InputFiles(
            folder: request.inputFolder, definition: setting.definition,
            carried: try store.carriedRecords(setting), workers: setting.workers
        ) { [watch = request.watch] in try watch.checkStopped() }
        // The archive takes in the dumps beside the work.
        try store.beginArchive(files)

        clock.begin("ingest")
        let (ingested, digests) = try ingest(files)
        let tables = ingested.tables

        clock.begin("resolve")
        let carried = try store.carriedItems()
        var decisions = Decisions(setting, ingested, carried)
        let settlements = try decisions.match(SettlementMatch(tables))
        let verdicts = Resolver(tables: tables, matched: settlements, rules: setting.rules)
            .verdicts(setting.workers)
        try request.watch.checkStopped()

        clock.begin("match")
        let handedOn = try store.waitingEmissions(key: ingested.key)
        let shown = ShownRecords(ingested, for: handedOn)
        let linked = try decisions.match(
            BookingLinker(tables: tables, workers: setting.workers).linked()
                .adding(handedOn.promisedLinks(in: shown), tables: tables))
        let waiting = handedOn.stillWaiting(in: shown, linked: linked)
        let purchases = try PurchaseReader(setting, ingested)
            .purchases(verdicts: verdicts, linked: linked, waiting: waiting)
        let bookings = try purchases.matchByAttributes(linked, verdicts: verdicts)
        try request.watch.checkStopped()

        clock.begin("classify")
        var classification = Classifier(
            tables: tables, settlements: settlements, verdicts: verdicts, bookings: bookings,
            duplicates: try purchases.madeTwice(verdicts), rules: setting.rules
        ).classify()
        classification.add(repeats: ingested.repeats, tables: tables)
        let tieOuts = PayoutMatcher(tables: tables, rules: setting.rules).tieOuts()
        classification.add(tieOuts, tables: tables)
        let sessions = SessionStage(setting, ingested)
        classification.add(conflictsOf: sessions)
        classification.add(
            unapplied: waiting, in: shown, asOf: request.asOf,
            after: setting.definition.carry.unappliedAfter)

        clock.begin("backfill")
        let selection = request.selection(ingested.key)
        let past = try store.past(files, key: ingested.key)
        let backfill = setting.backfiller(tables, verdicts, bookings, waiting, past)?
            .backfill(purchases.all, selection: selection)
        classification.add(unidentified: backfill, tables: tables)
        classification.arrange()
        try NearMissFinder(
            tables: tables, settlements: settlements, verdicts: verdicts, bookings: bookings,
            rules: setting.rules, classification: classification
        ).fill(&classification, from: ingested.dumps)
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
        var agendas = SellerAgendas()
        if let settler = setting.settler(tables, settlements, verdicts, waiting) {
            let sales = try purchases.sales(verdicts: verdicts, bookings: bookings)
            emissions.paymentsWithSeller = sales.map(\.payment)
            emissions.transactions = settler.transactions(sales: sales, selection: selection)
            var balances = SellerBalances(carried.balances)
            emissions.payouts = settler.payouts(emissions.transactions, balances: &balances)
            emissions.balances = balances.all
            agendas = settler.agendas(
                emissions, earlier: carried.scheduled, balances: carried.balances,
                print: ingested.key.userPrint)
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
            emissions: emissions, waiting: waiting, past: past, sellers: agendas.all,
            energy: energy, rules: setting.definition.dashboard,
            currency: setting.definition.currency, asOf: request.asOf
        ).summaries()
        try request.watch.checkStopped()

        clock.begin("carry")
        let carry =
            try setting.carries
            ? CarryStage(
                setting: setting, ingested: ingested, asOf: request.asOf, selection: selection,
                classification: classification, tieOuts: tieOuts
            ).carry(
                Closer(
                    tables: tables, settlements: settlements, verdicts: verdicts,
                    bookings: bookings, classification: classification, outcomes: outcomes,
                    emissions: emissions, waiting: waiting,
                    horizon: setting.horizon(request.asOf)),
                emissions, waiting, past, energy, summaries) : nil

        clock.begin("report")
        try files.verifyUnchanged()
        let run = try store.name(digests, files)
        var result = RunResult(
            pipeline: setting.definition.name, run: run, asOf: request.asOf, zone: setting.zone,
            currency: setting.definition.currency, ingested: ingested, settlements: settlements,
            verdicts: verdicts, bookings: bookings, tieOuts: tieOuts,
            classification: classification, outcomes: outcomes, emissions: emissions,
            summaries: summaries, waiting: waiting,
            items: tables.catalogue, backfill: setting.definition.backfill,
            dashboard: setting.definition.dashboard,
            breakIDs: breakIDs,
            shares: SellerShares(
                tables: tables, emissions: emissions, waiting: waiting,
                identities: setting.identities))
        result.history = setting.history(of: result, carried, decisions)
        result.past = past
        result.agendas = agendas
        result.energy = energy
        result.carry = carry
        change(&result)
        // What does not add up is not published.
        try ControlTotals(result, carried).prove()
        let report = try RunReport(
            result, digests: digests, previousRun: store.previousRun, isDryRun: request.isDryRun)
        try ControlTotals(result, carried).prove(report)
        try store.write(result, report, setting)

        clock.begin("archive")
        try files.verifyUnchanged()
        let published = try store.publish(report, digests: digests, timings: &clock)
        return RunOutcome(report: report, published: published)
    }

    /// Reads the dumps once: for their records, and for their checksums.
    private func ingest(_ files: InputFiles) throws -> (IngestedDumps, [SHA256Digest]) {
        let hashes = files.all.map { InputHash(of: $0) }
        let total = files.all.reduce(0) { $0 + $1.source.size }
        progress.begin(stage: "reading the dumps", totalBytes: total)
        defer { progress.end() }
        let ingester = Ingester(
            definition: setting.definition, files: files, zone: setting.zone,
            key: FingerprintKey(), workers: setting.workers)
        let watch = request.watch
        let ingested = try ingester.ingest { file in
            { [progress] bytes in
                hashes[file].update(bytes)
                progress.advance(bytes: bytes.count, rows: 0)
            }
        } checkStopped: {
            try watch.checkStopped()
        }
        if request.waitsForWholeDumps { try CutDumps.refuse(ingested) }
        return (ingested, try hashes.map { try $0.finish() })
    }
}
