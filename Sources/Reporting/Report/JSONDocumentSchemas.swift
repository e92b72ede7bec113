import Emission
import Reconciliation
import Records

/// The files of a run that are one object.
extension JSONFileSchema {
    static let report = JSONFileSchema(
        file: ReportJSON.file, title: "The report, for programs", shape: .object(reportKeys))
    static let run = JSONFileSchema(
        file: "run.json", title: "What the run was told, what it counted, and with which program",
        shape: .object(runKeys))

    // MARK: report.json

    private static let counted = JSONShape.object(countedKeys)
    private static let countedKeys: [JSONShape.Key] = [
        .key("count", .count, "How many"), .key("value", .sums, "Their amounts by currency"),
    ]

    private static let reportKeys: [JSONShape.Key] = [
        .key("format", .whole, "The version of this form"),
        .key("pipeline", .text, "The pipeline"),
        .key("run", .text, "The run"),
        .key("previous_run", .orNull(.text), "The run before; null for the first one"),
        .key("as_of", .moment, "The moment as of which the run judged, in UTC"),
        .key("currency", .text, "The pipeline's currency, by ISO 4217; XXX for none"),
        .key("dry_run", .truth, "Whether nothing was published"),
        .key("verdict", .word(of: RunReport.Verdict.self), "Whether the night can be closed"),
        .key("auto_match_rate", .object(rates), "Payments that needed nobody, of those due"),
        .key("totals", .object(totals), "The payments, and what the gateways did"),
        .key("breaks", .object(breaksByCode), "The open breaks, by code"),
        .key("largest_breaks", .list(.object(largest)), "Those with the most money at risk"),
        .key("open_items", .object(openItems), "From the open items of the run before to these"),
        .key("history", .list(.object(point)), "The last runs, this one last"),
        .key("overrides", .list(.object(override)), "Every decision about a break"),
        .key("payouts", .list(.object(payoutKeys)), "Every payout of a gateway"),
        .key(
            "not_yet_paid_out",
            .list(.object([.key("currency", .text, "The currency")] + waterfall)),
            "Lines that belong to no payout yet"),
        .key(
            "payouts_due",
            .list(
                .object([
                    .key("due_date", .date, "The day"),
                    .key("currency", .text, "The currency of the payouts"),
                    .key("count", .count, "How many sellers are paid"),
                    .key("amount", .decimal, "What they are paid"),
                ])), "What sellers are still to be paid, by day"),
        .key("emissions", .map(counted), "What was emitted, by file"),
        .key(
            "waiting", .map(counted), "What earlier runs emitted and no dump shows yet, by file"),
        .key(
            "ledger",
            .object([
                .key("balances", .map(.sums), "By account; debits are positive")
            ]), "The accounts of the ledger"),
        .key("inputs", .list(.object(input)), "Every file that was read"),
    ]

    private static let rates: [JSONShape.Key] = [
        .key("count", .share, "Of their number"),
        .key("value", .share, "Of their amounts in the pipeline's currency"),
        .key("value_by_currency", .map(.share), "Of their amounts in each currency"),
    ]

    private static let totals: [JSONShape.Key] = [
        .key("users", .count, "How many users the run knows"),
        .key(
            "payments",
            .object(
                countedKeys + [
                    .key(
                        "by_outcome",
                        .object(PaymentOutcome.allCases.map { .key($0.word, counted, "") }),
                        "Each payment has one outcome")
                ]), "All payments"),
        .key("captured", .sums, "What the gateways captured"),
        .key("refunded", .sums, "What went back to payers"),
        .key("charged_back", .sums, "What was charged back"),
        .key("fees", .sums, "What the gateways kept"),
        .key("net", .sums, "What is left"),
    ]

    private static let breaksByCode: [JSONShape.Key] = BreakCode.allCases.map { code in
        .some(
            code.word,
            .object([
                .key("severity", .word(of: BreakSeverity.self), "How grave it is"),
                .key("count", .count, "How many"),
                .key("at_risk", .sums, "The money in doubt, by currency"),
                .some(
                    "by_age",
                    .list(
                        .object([
                            .key("business_days", .text, "The ages, such as 2-5"),
                            .key("count", .count, "How many"),
                        ])), "By how long they have been open; only of those to be looked at"),
            ]), code.title)
    }

    private static let largest: [JSONShape.Key] = [
        .key("break_id", .text, "The break; the same from run to run"),
        .key("code", .word(of: BreakCode.self), "What is wrong"),
        .key("payment_id", .text, "The payment; empty for none"),
        .key("settlement_id", .text, "The settlement line; empty for none"),
        .key("booking_id", .text, "The booking; empty for none"),
        .key("amount", .decimal, "The amount concerned"),
        .key("currency", .text, "Its currency"),
        .key("at_risk", .decimal, "The money in doubt"),
        .key("near_miss", .text, "The closest candidate, and what failed by how much"),
        .key("detail", .text, "What is wrong, in a sentence"),
    ]

    private static let openItems: [JSONShape.Key] = [
        .key("opening", .count, "Open at the end of the run before"),
        .key("new", .count, "Found for the first time"),
        .key("reopened", .count, "Closed before, and back again"),
        .key("cleared", .count, "Gone with their cause, or closed by a decision"),
        .key("closing", .count, "Open now"),
        .some(
            "at_risk",
            .object(
                ["opening", "new", "reopened", "cleared", "revalued", "closing"].map {
                    .key($0, .sums, "")
                }), "The money in doubt at each step"),
        .some(
            "by_age",
            .list(
                .object([
                    .key("business_days", .text, "The ages, such as 2-5"),
                    .key("count", .count, "How many"),
                    .key("at_risk", .sums, "The money in doubt, by currency"),
                ])), "The open ones by age"),
    ]

    private static let point: [JSONShape.Key] = [
        .key("as_of", .moment, "The moment as of which it judged, in UTC"),
        .key("verdict", .word(of: RunReport.Verdict.self), "Whether its night could be closed"),
        .key("currency", .text, "The pipeline's currency then"),
        .key("payments", .count, "How many payments there were"),
        .key("value", .decimal, "Their amounts in that currency"),
        .key(
            "auto_match_rate",
            .object([
                .key("count", .share, "Of their number"), .key("value", .share, "Of that value"),
            ]), "Payments that needed nobody, of those due"),
        .key("open_items", .count, "How many breaks were open at its end"),
        .key("at_risk", .decimal, "The money in doubt in that currency"),
    ]

    private static let override: [JSONShape.Key] = [
        .key("break_id", .text, "The break that it is about"),
        .key("action", .text, "What was decided"),
        .key("target", .text, "The record that belongs to the break's; empty for none"),
        .key("reason", .text, "Why"),
        .key("maker", .text, "Who decided"),
        .key("checker", .text, "Who agreed"),
        .key("expires", .text, "Until when it holds; empty for ever"),
        .key("effect", .word(of: OverrideEffect.self), "What came of it"),
        .key("in_force", .truth, "Whether it closes its break"),
    ]

    private static let waterfall: [JSONShape.Key] =
        [.key("lines", .count, "How many lines count")]
        + PayoutWaterfall().steps.map {
            .key(String(describing: $0.name), .decimal, DisplayText.heading($0.title))
        } + [
            .key("net", .decimal, "What the steps add up to"),
            .key(
                "stated_beyond_figures", .decimal,
                "What the lines' own net amounts are beyond their figures"),
        ]

    private static let payoutKeys: [JSONShape.Key] =
        [
            .key("payout", .text, "The gateway's payout"),
            .key("currency", .text, "The currency of its amounts"),
            .key("status", .word(of: PayoutTieOut.Status.self), "What the bank account says"),
            .key("day", .orNull(.date), "The latest day of its lines"),
            .key("due", .orNull(.date), "The last day on which it is not late"),
        ] + waterfall + [
            .key("claimed", .orNull(.decimal), "What the gateway says it paid out"),
            .key("bank", .orNull(.decimal), "What the bank received"),
            .key("bank_lines", .list(.text), "The ids of the bank's lines"),
            .key("bank_date", .orNull(.date), "The latest day of the bank's lines"),
            .key("residual", .orNull(.decimal), "Net less bank"),
            .key("residual_reason", .word(of: PayoutTieOut.Reason.self), "Where it comes from"),
            .key("lines_residual", .orNull(.decimal), "Net less what the gateway claims"),
            .key("bank_residual", .orNull(.decimal), "What it claims, or else net, less bank"),
        ]

    // MARK: run.json

    private static let input: [JSONShape.Key] = [
        .key("file", .text, "The file's path below the input folder"),
        .key("kind", .word(RecordKind.allCases.map(\.rawValue)), "What its rows are"),
        .key("bytes", .count, "Its size"),
        .key("sha256", .checksum, "Its checksum"),
        .key("rows", .count, "How many rows it has, without the header"),
        .key("records", .count, "Those that count"),
        .key("repeated", .count, "Those that repeat another one"),
        .key("replaced", .count, "Those that a later row of their id replaces"),
        .key("rejected", .count, "Those that are no records"),
        .key("left_out", .count, "Those that the definition leaves out"),
        .key("sums", .sums, "The amounts of all rows that were not rejected"),
        .key("record_sums", .sums, "The amounts of those that count"),
    ]

    private static let runKeys: [JSONShape.Key] = [
        .key("format", .whole, "The version of this form"),
        .key("program", .text, "The program and its version"),
        .key("pipeline", .text, "The pipeline"),
        .key("run", .text, "The run"),
        .key("previous_run", .text, "The run before; empty for the first one"),
        .key("as_of", .moment, "The moment as of which the run judged, in UTC"),
        .key("definition_sha256", .checksum, "The checksum of the definition's file"),
        .some(
            "dependencies", .map(.text),
            "The libraries that the program was run with, and their versions"),
        .some(
            "presets",
            .list(
                .object([
                    .key("name", .text, "The preset"),
                    .key("sha256", .checksum, "Its checksum"),
                ])), "The presets that the definition names"),
        .key(
            "parameters",
            .object([
                .key("dry_run", .truth, "Whether nothing was published"),
                .key("archive", .truth, "Whether an archive was made"),
                .key("users", .list(.text), "The users to whom emissions were restricted"),
                .key("payments", .list(.text), "The payments to which they were restricted"),
            ]), "The options that matter"),
        .key(
            "inputs",
            .list(
                .object(
                    input + [
                        .some("energy_kwh", .decimal, "The energy of all rows, in kWh"),
                        .some("record_energy_kwh", .decimal, "That of those that count"),
                    ])), "Every file that was read"),
        .key(
            "outputs",
            .list(
                .object([
                    .key("file", .text, "The file's name"),
                    .key("rows", .count, "How many rows it has, without a header"),
                    .key("sums", .map(.sums), "The sums of its columns, or accounts, of money"),
                ])), "Every file with rows that was written"),
    ]
}
