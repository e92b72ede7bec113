import Reconciliation
import Records
import Rules
import TestKit
import Testing
import Time

/// The contract's table of statuses, cell by cell.
@Suite struct StatusTests {
    /// The lines that a payment has, by the table's columns and their mixtures.
    enum Evidence: String, CaseIterable {
        case completed, failed, pending, nothing
        case completedThenFailed, failedThenCompleted, failedAndPending, completedAndPending
        case foreignOnly, foreignAndFailed, foreignAndCompleted, refundOnly
    }

    static func world(_ status: PaymentStatus, _ evidence: Evidence, age: String) -> World {
        var world = World(asOf: age)
        world.payment("P", status: status)
        let early = "2026-03-02T10:01:00Z"
        let late = "2026-03-02T10:09:00Z"
        switch evidence {
        case .completed: world.line("S", of: "P")
        case .failed: world.line("S", of: "P", state: .failed)
        case .pending: world.line("S", of: "P", state: .pending)
        case .nothing: break
        case .completedThenFailed:
            world.line("S1", of: "P", at: early)
            world.line("S2", of: "P", state: .failed, at: late)
        case .failedThenCompleted:
            world.line("S1", of: "P", state: .failed, at: early)
            world.line("S2", of: "P", at: late)
        case .failedAndPending:
            world.line("S1", of: "P", state: .failed, at: early)
            world.line("S2", of: "P", state: .pending, at: late)
        case .completedAndPending:
            world.line("S1", of: "P", state: .pending, at: early)
            world.line("S2", of: "P", at: late)
        case .foreignOnly: world.line("S", of: "P", currency: "USD")
        case .foreignAndFailed:
            world.line("S1", of: "P", currency: "USD")
            world.line("S2", of: "P", state: .failed)
        case .foreignAndCompleted:
            world.line("S1", of: "P", currency: "USD")
            world.line("S2", of: "P")
        case .refundOnly: world.line("S", of: "P", type: .refund, state: .failed)
        }
        return world
    }

    /// For each column: what a pending, a succeeded and a failed payment become, with their breaks,
    /// long after everything was due.
    static let longAfter: [(Evidence, String, String, String)] = [
        (.completed, "succeeded", "succeeded", "failed false_failure"),
        (.failed, "failed", "succeeded false_success", "failed"),
        (.pending, "pending stuck", "succeeded", "failed"),
        (.nothing, "pending stuck", "succeeded missing_settlement", "failed"),
        (.completedThenFailed, "succeeded", "succeeded", "failed false_failure"),
        (.failedThenCompleted, "succeeded", "succeeded", "failed false_failure"),
        (.failedAndPending, "pending stuck", "succeeded", "failed"),
        (.completedAndPending, "succeeded", "succeeded", "failed false_failure"),
        (
            .foreignOnly, "pending currency_mismatch", "succeeded currency_mismatch",
            "failed false_failure"
        ),
        (
            .foreignAndFailed, "pending currency_mismatch", "succeeded currency_mismatch",
            "failed false_failure"
        ),
        (.foreignAndCompleted, "succeeded", "succeeded", "failed false_failure"),
        (.refundOnly, "pending stuck", "succeeded missing_settlement", "failed"),
    ]

    @Test(arguments: StatusTests.longAfter)
    func everyCellLongAfter(
        evidence: Evidence, pending: String, succeeded: String, failed: String
    ) {
        let expected: [PaymentStatus: String] = [
            .pending: pending, .succeeded: succeeded, .failed: failed,
            .cancelled: failed.replacing("failed", with: "cancelled", maxReplacements: 1),
        ]
        for status in PaymentStatus.allCases {
            let found = StatusTests.world(status, evidence, age: "2026-06-01T00:00:00Z")
                .reconciled()
            let words = [found.verdict("P").resolved.word] + found.codes("P")
            #expect(words.joined(separator: " ") == expected[status], "\(status) \(evidence)")
            #expect(
                !found.verdict("P").isExpected || evidence == .pending
                    || evidence == .failedAndPending)
        }
    }

    @Test(arguments: Evidence.allCases)
    func nothingIsLateSoonAfter(evidence: Evidence) {
        let late = ["stuck", "missing_settlement"]
        for status in PaymentStatus.allCases {
            let found = StatusTests.world(status, evidence, age: "2026-03-02T10:20:00Z")
                .reconciled()
            #expect(found.codes("P").allSatisfy { !late.contains($0) }, "\(status) \(evidence)")
        }
    }

    @Test(arguments: [
        ("2026-03-02T10:30:00Z", true), ("2026-03-02T10:29:59Z", true),
        ("2026-03-02T10:30:00.000001Z", false), ("2026-03-02T10:31:00Z", false),
    ])
    func aPaymentIsStuckOnlyPastTheBound(asOf: String, isExpected: Bool) {
        for evidence in [Evidence.nothing, .pending, .failedAndPending] {
            let found = StatusTests.world(.pending, evidence, age: asOf).reconciled()
            #expect(found.verdict("P").isExpected == isExpected)
            #expect(found.codes("P") == (isExpected ? [] : ["stuck"]))
        }
    }

    /// When a settlement is missing: created, completed, holidays, days, as-of, expected.
    static let bounds: [(String, String?, [String], Int, String, Bool)] = [
        // Monday and two business days: Wednesday's last moment still counts.
        ("2026-03-02T10:00:00Z", nil, [], 2, "2026-03-04T23:59:59Z", true),
        ("2026-03-02T10:00:00Z", nil, [], 2, "2026-03-05T00:00:00Z", false),
        // Friday and two business days: Tuesday.
        ("2026-03-06T23:59:59Z", nil, [], 2, "2026-03-10T23:59:59Z", true),
        ("2026-03-06T23:59:59Z", nil, [], 2, "2026-03-11T00:00:00Z", false),
        // Saturday counts from Monday on.
        ("2026-03-07T12:00:00Z", nil, [], 1, "2026-03-09T23:59:59Z", true),
        ("2026-03-07T12:00:00Z", nil, [], 1, "2026-03-10T00:00:00Z", false),
        // A holiday on the Monday moves the bound by a day.
        ("2026-03-06T12:00:00Z", nil, ["2026-03-09"], 1, "2026-03-10T23:59:59Z", true),
        ("2026-03-06T12:00:00Z", nil, ["2026-03-09"], 1, "2026-03-11T00:00:00Z", false),
        // A holiday on a Saturday changes nothing.
        ("2026-03-06T12:00:00Z", nil, ["2026-03-07"], 1, "2026-03-10T00:00:00Z", false),
        // Completion counts, not creation.
        ("2026-03-02T10:00:00Z", "2026-03-04T10:00:00Z", [], 1, "2026-03-05T23:00:00Z", true),
        ("2026-03-02T10:00:00Z", "2026-03-04T10:00:00Z", [], 1, "2026-03-06T00:00:00Z", false),
        // No days at all: the same day only.
        ("2026-03-02T10:00:00Z", nil, [], 0, "2026-03-02T23:59:59Z", true),
        ("2026-03-02T10:00:00Z", nil, [], 0, "2026-03-03T00:00:00Z", false),
    ]

    @Test(arguments: StatusTests.bounds.indices)
    func aSettlementIsMissingOnlyAfterItsBusinessDays(index: Int) {
        let (created, completed, holidays, days, asOf, isExpected) = StatusTests.bounds[index]
        var world = World(asOf: asOf, holidays: Set(holidays.map(date)))
        world.rules.resolve.settlementDays = days
        world.payment("P", at: created, completed: completed)
        let found = world.reconciled()
        #expect(found.verdict("P").isExpected == isExpected)
        #expect(found.verdict("P").isEvidenced == isExpected)
        #expect(found.codes("P") == (isExpected ? [] : ["missing_settlement"]))
    }

    @Test func theBoundIsADateOfThePipelinesZone() throws {
        var world = World(asOf: "2026-03-05T05:30:00Z")
        world.payment("P")
        #expect(world.reconciled().codes("P") == ["missing_settlement"])
        // At the same moment it is still Wednesday in New York.
        world.rules.zone = try #require(Zone.named("America/New_York"))
        world.rules.asOf = moment("2026-03-05T04:30:00Z")
        #expect(world.reconciled().codes("P").isEmpty)
        world.rules.asOf = moment("2026-03-05T05:30:00Z")
        #expect(world.reconciled().codes("P") == ["missing_settlement"])
    }

    @Test func withoutSettlementsPaymentsStandAsTheyAre() {
        var world = World(asOf: "2026-06-01T00:00:00Z", settlements: false)
        for status in PaymentStatus.allCases {
            world.payment(status.word, status: status, user: "\(status.word)@example.com")
        }
        let found = world.reconciled()
        for status in PaymentStatus.allCases {
            #expect(found.verdict(status.word).resolved == status)
            #expect(found.verdict(status.word).isEvidenced)
        }
        #expect(found.breaks == ["stuck pending - - 10000"])
    }

    @Test func theEarliestCompletedChargeIsTheEvidenceElseTheLatestFailedOne() {
        var world = World()
        world.payment("P", status: .pending)
        world.payment("Q", status: .pending, user: "kofi@example.com")
        world.line("S1", of: "P", state: .failed, at: "2026-03-02T10:00:01Z")
        world.line("S3", of: "P", at: "2026-03-02T10:00:04Z")
        world.line("S2", of: "P", at: "2026-03-02T10:00:04Z")
        world.line("F2", of: "Q", state: .failed, at: "2026-03-02T10:00:03Z")
        world.line("F1", of: "Q", state: .failed, at: "2026-03-02T10:00:02Z")
        let found = world.reconciled()
        #expect(world.tables.settlements.id(Int(found.verdict("P").evidence)) == "S2")
        #expect(world.tables.settlements.id(Int(found.verdict("Q").evidence)) == "F2")
    }

    @Test func moneyInDoubtIsNoEvidence() {
        var world = World()
        world.payment("conflict", conflicting: true)
        world.payment("line", user: "kofi@example.com")
        world.line("S1", of: "conflict")
        world.line("S2", of: "line", conflicting: true)
        let found = world.reconciled()
        for payment in ["conflict", "line"] {
            #expect(!found.verdict(payment).isEvidenced)
            #expect(found.codes(payment) == ["conflicting_evidence"])
        }
    }

    @Test func aConflictingLineOfNoPaymentIsABreakOfItsOwn() {
        var world = World()
        world.line("S", of: "nobody", type: .fee, conflicting: true)
        #expect(world.reconciled().breaks == ["conflicting_evidence - S - 10000"])
    }

    @Test(arguments: [
        ("2026-03-04", []), ("2026-03-05", ["late_settlement"]),
    ])
    func aSettlementBookedAfterItsDaysIsLate(settledOn: String, codes: [String]) {
        var world = World()
        world.payment("P")
        world.line("S", of: "P", settledOn: settledOn)
        #expect(world.reconciled().codes("P") == codes)
    }
}
