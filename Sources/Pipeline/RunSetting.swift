import Definition
import Diagnostics
import Emission
import Ingestion
import Money
import Parallel
import Reconciliation
import Records
import Rules
import RunStore
import Time

/// What all stages of a run are told: the definition's rules with the run's time and calendar.
struct RunSetting: Sendable {
    let definition: PipelineDefinition
    let zone: Zone
    let rules: ReconciliationRules
    let identities: IdentityMaker
    let workers: Workers

    init(_ request: RunRequest) throws {
        definition = request.definition
        zone = try RunSetting.zone(of: definition)
        let calendar = try RunSetting.calendar(of: definition)
        rules = ReconciliationRules(
            asOf: request.asOf, currency: definition.currency, zone: zone, calendar: calendar,
            resolve: definition.resolve, match: definition.match, fees: definition.fees)
        identities = IdentityMaker(pipeline: definition.name) { parts, count in
            var hasher = SHA256Hasher()
            return hasher.digest(joining: parts).hex(digits: count, inUpperCase: true)
        }
        workers = Workers(count: request.threads)
    }

    /// The zone of a business's civil dates.
    static func zone(of definition: PipelineDefinition) throws -> Zone {
        guard let zone = Zone.named(definition.timezone) else {
            throw TrueupError.run(
                Finding(
                    "the zone's rules cannot be read", found: definition.timezone,
                    remedy: "install the package tzdata"))
        }
        return zone
    }

    /// A business's calendar.
    static func calendar(of definition: PipelineDefinition) throws -> BusinessCalendar {
        let settle = definition.settle ?? SettleRules()
        guard
            let calendar = BusinessCalendar(weekend: settle.weekend, holidays: settle.holidays)
        else {
            throw TrueupError.definition(
                Findings([
                    Finding(
                        "settle.weekend leaves no business day",
                        remedy: "leave out at least one day of the week")
                ]))
        }
        return calendar
    }

    /// Whether records are handed from run to run.
    var carries: Bool { definition.dumps == .incremental }

    /// Records of which every time lies before this moment may leave: those of an as-of.
    ///
    /// A booking may be made as long after its payment as the window is wide.
    func horizon(_ asOf: Instant) -> Instant {
        let wait = max(definition.carry.closeAfter, definition.match.window)
        return Instant(microseconds: asOf.microseconds - wait.microseconds)
    }

    func backfiller(
        _ tables: RecordTables, _ verdicts: ContiguousArray<PaymentVerdict>,
        _ bookings: BookingMatch, _ waiting: WaitingEmissions, _ past: CarriedTotals
    ) -> Backfiller? {
        definition.backfill.map {
            Backfiller(
                tables: tables, verdicts: verdicts, bookings: bookings, rules: $0,
                waiting: waiting, identities: identities, takenIDs: Set(past.bookingIDs),
                workers: workers)
        }
    }

    func settler(
        _ tables: RecordTables, _ settlements: SettlementMatch,
        _ verdicts: ContiguousArray<PaymentVerdict>, _ waiting: WaitingEmissions
    ) -> Settler? {
        definition.settle.map {
            Settler(
                tables: tables, settlements: settlements, verdicts: verdicts, rules: rules,
                settle: $0, waiting: waiting, identities: identities)
        }
    }

    /// The id of each break: the same for the same code and records in every run.
    func breakIDs(_ classification: Classification, _ ingested: IngestedDumps) -> [String] {
        let breaks = classification.breaks
        let tables = ingested.tables
        return workers.mapRanges(of: breaks.count) { range in
            breaks[range].map { breakID($0, in: tables) }
        }.flatMap(\.self)
    }

    /// The id of one break.
    func breakID(_ item: Break, in tables: RecordTables) -> String {
        let rows = [
            item.code.word,
            item.payment < 0 ? "" : tables.payments.id(Int(item.payment)),
            item.settlement < 0 ? "" : tables.settlements.id(Int(item.settlement)),
            item.booking < 0 ? "" : tables.bookings.id(Int(item.booking)),
        ]
        let isOfRows = item.payout.isEmpty && item.other.isEmpty
        guard !isOfRows else { return identities.breakID(rows) }
        // A payout of several currencies has a break for each.
        return identities.breakID(
            rows + [item.payout, item.other]
                + (item.payout.isEmpty ? [] : [item.currency.code]))
    }
}
