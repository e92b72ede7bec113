import Reconciliation
import Records
import TestKit
import Testing

/// Payments made twice.
@Suite struct DuplicatePaymentTests {
    @Test func paymentsMadeTwiceWithinTenMinutesAreFound() {
        func world(
            _ second: String, user: String = "ama@example.com", subject: UInt64 = 7,
            reference: String = "Q", status: PaymentStatus = .succeeded
        ) -> [String] {
            var world = World()
            world.payment("P", reference: "P", subject: 7)
            world.payment(
                "Q", status: status, at: second, reference: reference, user: user,
                subject: subject)
            world.line("S1", of: "P", at: "2026-03-02T10:00:00Z")
            if reference != "P" {
                world.line(
                    "S2", of: reference,
                    state:
                        status == .failed ? .failed : .completed)
            }
            return world.reconciled().breaks.filter { $0.hasPrefix("duplicate_payment") }
        }
        #expect(world("2026-03-02T10:10:00Z") == ["duplicate_payment Q - - 10000"])
        #expect(world("2026-03-02T09:50:00Z") == ["duplicate_payment P - - 10000"])
        #expect(world("2026-03-02T10:10:00.000001Z").isEmpty)
        #expect(world("2026-03-02T10:01:00Z", user: "kofi@example.com").isEmpty)
        #expect(world("2026-03-02T10:01:00Z", subject: 8).isEmpty)
        #expect(world("2026-03-02T10:01:00Z", reference: "P").isEmpty)
        #expect(world("2026-03-02T10:01:00Z", status: .failed).isEmpty)
        #expect(world("2026-03-02T10:01:00Z", status: .pending).count == 1)
    }

    /// Two payments a minute apart: their items, descriptions and orders, and whether the second is
    /// a duplicate.
    static let subjects: [(String?, UInt64, String?, String?, UInt64, String?, Bool)] = [
        ("castle", 1, nil, "castle", 2, nil, true),
        ("castle", 1, nil, "garden", 1, nil, false),
        ("castle", 1, nil, nil, 1, nil, true),
        (nil, 1, nil, "castle", 1, nil, true),
        (nil, 1, nil, nil, 2, nil, false),
        (nil, 1, nil, nil, 1, nil, true),
        (nil, 0, nil, nil, 0, nil, false),
        (nil, 0, "O", nil, 0, "O", true),
        (nil, 0, "O", nil, 0, "Q", false),
        ("castle", 0, nil, "castle", 0, nil, true),
        ("castle", 1, nil, nil, 0, nil, false),
    ]

    @Test(arguments: DuplicatePaymentTests.subjects.indices)
    func theItemDecidesAndElseTheDescription(index: Int) {
        let (item, text, order, otherItem, otherText, otherOrder, isDuplicate) =
            DuplicatePaymentTests.subjects[index]
        var world = World(settlements: false)
        world.payment("P", order: order, subject: text)
        world.payment("Q", at: "2026-03-02T10:01:00Z", order: otherOrder, subject: otherText)
        world.itemOfPayment["P"] = item
        world.itemOfPayment["Q"] = otherItem
        #expect(
            world.reconciled().breaks == (isDuplicate ? ["duplicate_payment Q - - 10000"] : []))
    }

    @Test func othersInBetweenDoNotHideADuplicate() {
        var world = World(settlements: false)
        let items = ["castle", "garden", "castle", "garden", "park"]
        for (number, item) in items.enumerated() {
            world.payment("P\(number)", at: "2026-03-02T10:0\(number):00Z")
            world.itemOfPayment["P\(number)"] = item
        }
        let found = world.reconciled()
        #expect(
            found.breaks == ["duplicate_payment P2 - - 10000", "duplicate_payment P3 - - 10000"])
        let duplicates = found.classification.breaks
        #expect(duplicates.map(\.expected) == [0, 1])
        #expect(duplicates.map(\.found) == [120_000_000, 120_000_000])
    }

    @Test func anotherAttemptOfTheSameReferenceInBetweenDoesNotHideADuplicate() {
        var world = World(settlements: false)
        world.payment("P0", at: "2026-03-02T10:00:00Z", reference: "R", subject: 1)
        world.payment("P1", at: "2026-03-02T10:01:00Z", reference: "Q", subject: 1)
        world.payment("P2", at: "2026-03-02T10:02:00Z", reference: "Q", subject: 1)
        let duplicates = world.reconciled().breaks.filter { $0.hasPrefix("duplicate") }
        #expect(duplicates == ["duplicate_payment P1 - - 10000", "duplicate_payment P2 - - 10000"])
    }

    @Test(arguments: ["P", "Q"])
    func aDuplicateThatWasGivenBackIsInDoubtNoMore(refunded: String) {
        var world = World()
        world.payment("P", subject: 1)
        world.payment("Q", at: "2026-03-02T10:01:00Z", subject: 1)
        world.line("S1", of: "P")
        world.line("S2", of: "Q")
        world.line("R", of: refunded, type: .refund)
        #expect(world.reconciled().breaks == ["duplicate_payment Q - - 0"])
    }

    /// Compared with looking at every earlier payment.
    @Test(arguments: 0..<300)
    func itAgreesWithLookingAtEveryPair(seed: Int) {
        var generator = SeededGenerator(UInt64(seed))
        func pick<Element>(_ elements: [Element]) -> Element {
            elements[Int.random(in: 0..<elements.count, using: &generator)]
        }
        var world = World(settlements: false)
        var told: [(minute: Int, reference: String, item: String?, subject: UInt64)] = []
        var minute = 0
        for number in 0..<Int.random(in: 2...12, using: &generator) {
            minute += pick([0, 1, 3, 9, 11])
            told.append(
                (minute, pick(["A", "B", "C", "D"]), pick([nil, "x", "y"]), pick([0, 1, 2])))
            let time =
                "2026-03-02T\(10 + minute / 60):\(minute % 60 < 10 ? "0" : "")\(minute % 60):00Z"
            let id = "P\(number < 10 ? "0" : "")\(number)"
            world.payment(
                id, at: time, reference: told[number].reference, subject: told[number].subject)
            world.itemOfPayment[id] = told[number].item
        }
        var expected: [String] = []
        for later in told.indices {
            let isTwice = told.indices[..<later].contains { earlier in
                let (first, second) = (told[earlier], told[later])
                guard second.minute - first.minute <= 10, first.reference != second.reference
                else { return false }
                if let item = first.item, let other = second.item { return item == other }
                return first.subject != 0 && first.subject == second.subject
            }
            if isTwice {
                expected.append("duplicate_payment P\(later < 10 ? "0" : "")\(later) - - 10000")
            }
        }
        let found = world.shuffled(by: &generator).reconciled().breaks
        #expect(found.filter { $0.hasPrefix("duplicate_payment") } == expected, "seed \(seed)")
    }
}
