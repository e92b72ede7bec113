import Reconciliation
import Records
import TestKit
import Testing
import Time

@Suite struct OverrideObjectionTests {
    private func decision(
        action: String = "accept", maker: String = "Ama", checker: String = "Kofi",
        expires: String = ""
    ) -> Override {
        Override(
            breakID: "BR-1", action: action, target: "", reason: "seen", maker: maker,
            checker: checker, expires: expires)
    }

    private static let today = date("2026-03-06")

    @Test(arguments: [
        ("ama@example.com", "ama@example.com"), ("Ama", "AMA"), (" ama", "ama "),
        ("ama\u{A0}", "\tAma"), ("Zo\u{EB}", "ZOE\u{308}"), ("  ", "\t"),
    ])
    func onePersonIsNotTwo(maker: String, checker: String) {
        let override = decision(maker: maker, checker: checker)
        #expect(override.objection(on: Self.today, zone: .utc) == .samePerson)
    }

    @Test(arguments: [("ama", "amah"), ("ama k", "ama  k"), ("ama", "kofi")])
    func twoPeopleMayDecide(maker: String, checker: String) {
        let override = decision(maker: maker, checker: checker)
        #expect(override.objection(on: Self.today, zone: .utc) == nil)
    }

    @Test(
        arguments: [
            ("2026-03-05", .expired), ("2026-03-06", nil), ("2026-03-07", nil), ("", nil),
            ("2026-03-05T23:59:59Z", .expired), ("2026-03-06T00:00:00Z", nil),
            ("2026-02-30", .unreadableExpiry), ("soon", .unreadableExpiry),
        ] as [(String, OverrideEffect?)])
    func aDecisionHoldsThroughItsLastDay(expires: String, objection: OverrideEffect?) {
        #expect(decision(expires: expires).objection(on: Self.today, zone: .utc) == objection)
    }

    @Test func aTimeMeansItsDayInTheZone() throws {
        let auckland = try #require(Zone.named("Pacific/Auckland"))
        // Already the morning of the sixth in Auckland.
        let override = decision(expires: "2026-03-05T20:00:00Z")
        #expect(override.objection(on: Self.today, zone: auckland) == nil)
        #expect(override.objection(on: Self.today, zone: .utc) == .expired)
    }

    @Test(arguments: [
        ("", OverrideAction.accept), ("Accept", .accept), ("write_off", .writeOff),
        ("MATCH", .match), ("ignore", .ignore),
    ])
    func actionsAreReadInAnyCase(word: String, action: OverrideAction) {
        #expect(decision(action: word).decision == action)
    }

    @Test func anUnknownActionIsNoDecision() {
        let override = decision(action: "delete")
        #expect(override.decision == nil)
        #expect(override.objection(on: Self.today, zone: .utc) == .unknownAction)
    }
}
