import Foundation
import Testing

/// Every break that was made is found with the right ids and the right money, and nothing else is.
@Suite(.enabled(if: isInstalled("python3", "--version"), "the dumps are written by python3"))
struct AccuracyTests {
    /// What identifies a break: its code, the ids that it names, and the money in doubt.
    static func identities(_ table: CSVTable) -> [[String]] {
        table.columns(
            "code", "payment_id", "settlement_id", "booking_id", "payout", "at_risk")
    }

    /// The table of precision and recall is a part of the documentation.
    ///
    /// Set `TRUEUP_RECORD=1` to write it anew; the run then fails, so that no recording passes
    /// unnoticed.
    @Test func whatWasMadeIsFoundAndTheTableIsTheCommittedOne() throws {
        var accuracy = Accuracy()
        for seed in Night.lawSeeds {
            let night = try Night.ofLaws(seed: seed)
            let truth = try night.truth("truth.csv")
            let run = try night.publishLaws()
            let breaks = try run.table("breaks.csv")
            expectSameRows(
                Self.identities(truth), Self.identities(breaks), "breaks of seed \(seed)")
            accuracy.add(made: Self.identities(truth), found: Self.identities(breaks))
            accuracy.payments += try run.table("payments.csv").rows.count
            try expectEmissions(night, run, seed)
        }
        #expect(Set(accuracy.counts.keys) == Self.codes)
        let table = accuracy.document
        if getenv("TRUEUP_RECORD") != nil {
            try Files.write(table, to: Project.accuracy)
            Issue.record("recorded anew: look at the difference, and run without TRUEUP_RECORD")
        }
        #expect(
            try Files.text(Project.accuracy) == table,
            "run the test with TRUEUP_RECORD=1 and look at the difference")
    }

    /// Every code of the contract, but for the one that takes several nights.
    static let codes = Set(
        """
        rounding duplicate_line superseded late_settlement
        stuck settled_short settled_over fee_over fee_under fee_missing booking_amount
        orphan_booking unpaid_booking unidentified_item ambiguous_booking reused_reference
        wrong_user refund_unrecorded refund_unsettled unknown_deposit
        missing_settlement unknown_settlement false_success false_failure duplicate_settlement
        duplicate_booking duplicate_payment currency_mismatch net_mismatch over_refund
        orphan_refund chargeback orphan_chargeback double_reversal payout_short payout_over
        payout_missing conflicting_evidence
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    private func expectEmissions(_ night: Night, _ run: PublishedRun, _ seed: Int) throws {
        let made =
            try run.table("status_updates.csv").columns("payment_id", "to_status")
            .map { ["status_updates.csv"] + $0 }
            + run.table("booking_links.csv").columns("payment_id", "booking_id")
            .map { ["booking_links.csv"] + $0 }
            + run.table("order_updates.csv").columns("payment_id", "id")
            .map { ["order_updates.csv"] + $0 }
            + ["new_bookings.csv", "new_tickets.csv"].flatMap { file in
                try run.table(file)["payment_id"].map { [file, $0, ""] }
            }
        try expectSameRows(
            night.truth("emissions.csv").rows, made, "emissions of seed \(seed)")
    }
}

/// For each code how many breaks were made, how many of them found, and how many found wrongly.
struct Accuracy {
    struct Count {
        var made = 0
        var found = 0
        var wrong = 0
    }

    /// By code.
    private(set) var counts: [String: Count] = [:]
    /// How many rows of payments were read for it.
    var payments = 0

    /// Adds a run's breaks, each as its identity, of which the code is the first.
    mutating func add(made: [[String]], found: [[String]]) {
        let (truth, answer) = (tally(made), tally(found))
        for (identity, count) in truth {
            counts[identity[0], default: Count()].made += count
            counts[identity[0], default: Count()].found += min(count, answer[identity] ?? 0)
        }
        for (identity, count) in excess(answer, over: truth) {
            counts[identity[0], default: Count()].wrong += count
        }
    }

    /// The page of the documentation.
    var document: String {
        let seeds = Night.lawSeeds.map(String.init).joined(separator: ", ")
        var all = Count()
        for count in counts.values {
            all.made += count.made
            all.found += count.found
            all.wrong += count.wrong
        }
        let rows = counts.sorted { $0.key < $1.key } + [("**all**", all)]
        return """
            # Accuracy

            How many of the breaks that are in the dumps a run finds, and how many it reports that
            are not there.

            `Tests/Laws/generate.py` writes dumps of ordinary payments of every shape, and makes
            each kind of break at places that a seed draws. It shares no code with trueup, and says
            of each break which records a run must name and how much money is in doubt. A break
            counts as found only if its code, its ids and its amount are all right. The table is
            of the seeds \(seeds), with \(payments) payments in all, and this command writes it:

                TRUEUP_RECORD=1 swift test --filter AccuracyTests

            The same test, without `TRUEUP_RECORD`, fails when the table and the program differ.
            `unapplied_emission` takes several nights and is not in it; it has a test of its own.

            | code | made | found | wrongly reported | precision | recall |
            |---|--:|--:|--:|--:|--:|

            """ + rows.map(Accuracy.row).joined()
    }

    private static func row(_ code: String, _ count: Count) -> String {
        let precision = share(count.found, of: count.found + count.wrong)
        let recall = share(count.found, of: count.made)
        return "| \(code) | \(count.made) | \(count.found) | \(count.wrong) | \(precision) "
            + "| \(recall) |\n"
    }

    /// In percent, cut off rather than rounded, so that only all is 100.
    private static func share(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "" }
        let tenths = part * 1000 / whole
        return "\(tenths / 10).\(tenths % 10) %"
    }
}
