import Foundation
import Testing

/// Dumps in which it is known what must be found.
@Suite struct GeneratedDumpsTests {
    static let seeds = [41, 42]
    static let payments = 8000

    /// Findings of the truth that are breaks, and by which record each is known.
    static let breaks: [String: String] = [
        "missing_settlement": "payment_id", "false_success": "payment_id",
        "false_failure": "payment_id", "currency_mismatch": "payment_id",
        "settled_short": "payment_id", "settled_over": "payment_id",
        "duplicate_settlement": "payment_id", "duplicate_payment": "payment_id",
        "stuck": "payment_id", "unknown_settlement": "settlement_id",
        "duplicate_line": "settlement_id", "duplicate_booking": "payment_id",
        "booking_amount": "payment_id", "orphan_booking": "booking_id",
        "unpaid_booking": "booking_id", "unidentified_item": "payment_id",
    ]

    @Test(arguments: seeds)
    func everyPlantedFindingIsFoundAndNothingElse(seed: Int) throws {
        let night = try Night.generated(payments: Self.payments, seed: seed)
        let truth = try night.dump("truth.csv")
        let run = try night.publish()
        let breaks = try run.table("breaks.csv")
        for (code, key) in Self.breaks {
            let planted = truth.rows(where: "category", is: code).map { truth.value($0, key) }
            let found = breaks.rows(where: "code", is: code).map { breaks.value($0, key) }
            #expect(!planted.isEmpty, "\(code)")
            #expect(planted.count == found.count, "\(code)")
            expectSame(Set(planted), Set(found), code)
        }
        #expect(Set(breaks["code"]).subtracting(Self.breaks.keys) == [])
        try expectUpdates(run, truth)
        try expectMade(run, truth)
        try expectPayments(run, truth)
    }

    private func planted(_ truth: CSVTable, _ category: String, _ column: String) -> Set<String> {
        Set(truth.rows(where: "category", is: category).map { truth.value($0, column) })
    }

    private func expectSame(_ planted: Set<String>, _ found: Set<String>, _ what: String) {
        #expect(planted.subtracting(found).sorted().prefix(5) == [], "\(what) not found")
        #expect(found.subtracting(planted).sorted().prefix(5) == [], "\(what) not planted")
    }

    private func expectUpdates(_ run: PublishedRun, _ truth: CSVTable) throws {
        let updates = try run.table("status_updates.csv")
        for status in ["succeeded", "failed"] {
            let found = updates.rows(where: "to_status", is: status)
                .map { updates.value($0, "payment_id") }
            expectSame(planted(truth, "updated_" + status, "payment_id"), Set(found), status)
        }
        let links = try run.table("booking_links.csv")["booking_id"]
        expectSame(planted(truth, "matched_by_attributes", "booking_id"), Set(links), "links")
    }

    private func expectMade(_ run: PublishedRun, _ truth: CSVTable) throws {
        for (category, file) in [
            ("new_booking", "new_bookings.csv"), ("new_ticket", "new_tickets.csv"),
        ] {
            let table = try run.table(file)
            let planted = truth.rows(where: "category", is: category)
                .map { truth.value($0, "payment_id") + " " + truth.value($0, "item_id") }
            let made = table.columns("payment_id", "item_id").map { $0.joined(separator: " ") }
            #expect(planted.count > 50)
            #expect(planted.count == made.count, "\(file)")
            expectSame(Set(planted), Set(made), file)
        }
    }

    /// What is no break is seen in the payments themselves.
    private func expectPayments(_ run: PublishedRun, _ truth: CSVTable) throws {
        let payments = try run.table("payments.csv")
        let outcomes = Dictionary(
            uniqueKeysWithValues: zip(payments["payment_id"], payments["outcome"]))
        for id in planted(truth, "refunded", "payment_id") {
            #expect(outcomes[id] == "reconciled", "\(id)")
        }
        for id in planted(truth, "held_back", "payment_id") {
            #expect(outcomes[id] == "break", "\(id)")
        }
        let several = planted(truth, "split", "payment_id")
            .union(planted(truth, "retried", "payment_id"))
        for row in payments.rows where several.contains(payments.value(row, "payment_id")) {
            #expect(payments.value(row, "settlement_ids").split(separator: " ").count > 1)
            #expect(payments.value(row, "captured") == payments.value(row, "amount"))
        }
    }

    /// The generator's truth, held against a reconciliation that was written separately.
    @Test(
        .enabled(if: isInstalled("python3", "--version"), "the second opinion needs python3"),
        arguments: seeds)
    func aSecondOpinionFindsTheSame(seed: Int) throws {
        let night = try Night.generated(payments: Self.payments, seed: seed)
        let ending = try Launch(
            program: "python3",
            arguments: [Project.secondOpinion, night.dumps, "--truth", night.dumps + "/truth.csv"]
        ).run()
        #expect(ending.code == 0, "\(ending.output)\(ending.errors)")
        #expect(!ending.output.contains("DIFFERENT"))
    }

    /// The sample dumps, held against the same.
    @Test(.enabled(if: isInstalled("python3", "--version"), "the second opinion needs python3"))
    func aSecondOpinionOnTheSamplesFindsTheSame() throws {
        let ending = try Launch(
            program: "python3",
            arguments: [Project.secondOpinion, Project.samples, "--user", "ama@example.com"]
        ).run()
        try #require(ending.code == 0, "\(ending.errors)")
        let value = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
        let found = try #require(value as? [String: Any])
        let run = try Night.tours().publish()
        let breaks = try run.table("breaks.csv")
        for (code, key) in Self.breaks {
            let ids = breaks.rows(where: "code", is: code).map { breaks.value($0, key) }
            expectSame(Set(found[code] as? [String] ?? []), Set(ids), code)
        }
        let made = [("new_booking", "new_bookings.csv"), ("new_ticket", "new_tickets.csv")]
        for (category, file) in made {
            let ids = try run.table(file)["payment_id"]
            expectSame(Set(found[category] as? [String] ?? []), Set(ids), file)
        }
        let users = try #require(found["users"] as? [String: [String: [Int]]])
        #expect(
            users["ama@example.com"] == ["before": [11, 1_092_000], "after": [20, 1_462_000]])
    }
}
