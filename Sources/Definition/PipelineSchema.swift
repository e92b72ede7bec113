import Money
import Records
import Rules
import Time

/// Every key that a pipeline file may have, in one place: what it is called, where it goes, what
/// it looks like and what it means.
///
/// The reading of pipeline files, the lists of known keys in messages, and the JSON Schema for
/// editors all follow from this. The larger sections stand in `InputSchema`, `FeeSchema`,
/// `BackfillSchema` and `SettleSchema`.
enum PipelineSchema {
    /// The whole file.
    ///
    /// It is read into a draft without name, currency, zone and inputs; the draft leaves the
    /// decoder only where nothing was wrong, and so only with all of them.
    static let pipeline = Shape<PipelineDefinition>.mapping(
        PipelineDefinition(name: "", currency: .none, timezone: "", inputs: [:]),
        [
            .required(
                "name", \.name, pipelineName, example: "name: tours",
                "The pipeline's name, part of every id that it makes."),
            .required(
                "currency", \.currency, .currency, example: "currency: GHS",
                "The currency (ISO 4217) of amounts in this file and of records that name none."),
            .required(
                "timezone", \.timezone, .timeZone, example: "timezone: Africa/Accra",
                "The zone (IANA) whose calendar the business lives by."),
            Key(
                "dumps", \.dumps, .choice, default: "full",
                "Whether each night's dumps hold everything so far (full) or what is new "
                    + "(incremental)."),
            .required(
                "inputs", \.inputs, InputSchema.inputs,
                example:
                    "inputs: {payments: {files: payments*.csv}, settlements: {files: momo*.csv}}",
                "Where the records come from, by kind."),
            Key(
                "max_rejects", \.maxRejects, .percentage, default: 1,
                "The share of a kind's rows, in percent, above whose rejection the run fails."),
            Key(
                "resolve", \.resolve, resolve,
                "When a payment counts as stuck, and a settlement as missing."),
            Key(
                "match", \.match, match,
                "How payments, settlements and bookings find each other."),
            Key(
                "fees", \.fees, FeeSchema.fees.optional, "What was agreed with the gateways."),
            Key(
                "backfill", \.backfill, BackfillSchema.backfill.optional,
                "How missing bookings are made; without this, nothing is booked."),
            Key(
                "settle", \.settle, SettleSchema.settle.optional,
                "Commission, payouts and the business calendar; without this, nobody is paid out."),
            Key(
                "impact", \.impact, ImpactSchema.impact.optional,
                "What booked and measured energy stands for in users' summaries; without this, they "
                    + "have no impact."),
            Key("dashboard", \.dashboard, dashboard, "Levels and points of users' summaries."),
            Key("archive", \.archive, archive, "How long archives are kept."),
            Key("carry", \.carry, carry, "What is handed from run to run, and for how long."),
            Key(
                "load", \.load, LoadSchema.load,
                "How `trueup load-sql` puts what a run emitted into the business's own tables."),
        ])

    private static let pipelineName = Shape.word(
        "a pipeline name",
        expected: "lower case letters, digits and hyphens, at most 64, with no hyphen first",
        example: "tours", pattern: "^[a-z0-9][a-z0-9-]*$", longest: 64
    ) { byte in
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
    }.checked { name, node, decoding in
        guard name.hasPrefix("-") else { return }
        decoding.report(
            "\(decoding.place) is not a pipeline name", at: node.position,
            expected: "a letter or a digit first", found: node.shown, remedy: "write it like tours")
    }

    private static let resolve = Shape<ResolveRules>.mapping(
        ResolveRules(),
        [
            Key(
                "settle_after", \.settleAfter, .timeSpan, default: "0s",
                "How old a pending payment must be before the gateway's word settles it."),
            Key(
                "stuck_after", \.stuckAfter, .timeSpan, default: "30m",
                "How old a pending payment may become."),
            Key(
                "settlement_days", \.settlementDays, .wholeNumber(0...365, example: 2), default: 2,
                "Business days after completion within which the settlement is not yet due."),
        ])

    private static let match = Shape<MatchRules>.mapping(
        MatchRules(),
        [
            Key(
                "tolerance", \.tolerance, .amount(), default: "0",
                "The largest difference of amounts that is only rounding."),
            Key(
                "window", \.window, .timeSpan, default: "3d",
                "How far apart a payment and its booking may have been created."),
            Key(
                "similarity", \.similarityMillionths, .similarity, default: 0.85,
                "How similar, from 0 to 1, a description and an item's name must at least be."),
        ])

    private static let dashboard = Shape<DashboardRules>.mapping(
        DashboardRules(),
        [
            Key(
                "levels", \.levels, levels,
                "Users' levels by what they have spent, the lowest first."),
            Key(
                "points_per", \.pointsPer, .amount(atLeast: 1),
                "What one point costs; by default 1000 of the currency's minor units."),
            Key(
                "recent", \.recent, .wholeNumber(0...1000, example: 10), default: 10,
                "How many recent activities a summary shows."),
            Key(
                "pages", \.pages, .choice, default: "none",
                "Whose summaries are written as pages too: those whose figures the run changes, or all."
            ),
        ])

    private static let levels = Shape.named(
        "levels", example: "Bronze: \"0\"", Shape<Int64>.amount()
    ).map { levels in
        levels.map { Level(name: $0.name, from: $0.value) }
    }.checked { levels, node, decoding in
        for (lower, upper) in zip(levels, levels.dropFirst()) where upper.from <= lower.from {
            guard let place = node[upper.name] else { continue }
            decoding.report(
                "the level \(quoted(upper.name))\(decoding.inPlace) does not rise",
                at: place.position,
                expected: "an amount above that of \(quoted(lower.name)), the level before it",
                found: place.shown, remedy: "write the levels in order, the lowest first")
        }
    }

    private static let archive = Shape<ArchiveRules>.mapping(
        ArchiveRules(),
        [
            Key(
                "keep", \.keep, Shape.positiveTimeSpan.optional,
                "How long archives are kept; for ever where this is left out.")
        ])

    private static let carry = Shape<CarryRules>.mapping(
        CarryRules(),
        [
            Key(
                "unapplied_after", \.unappliedAfter, .timeSpan, default: "3d",
                "How long an emission may wait to be loaded before it is a break."),
            Key(
                "close_after", \.closeAfter, .timeSpan, default: "120d",
                "How long a reconciled record is kept for late refunds and chargebacks."),
        ])
}
