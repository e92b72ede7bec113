import Emission
import Money
import Reconciliation
import Records
import Rules
import TestKit
import Testing
import Time

/// On which day a payout falls due, and who is paid at all.
@Suite struct PayoutScheduleTests {
    /// Completed, hold, payout days, and when the payout falls due; Monday the 9th is a holiday.
    static let samples: [(String, PayoutHold, PayoutDays, String)] = [
        // Friday plus three business days: Tuesday, Wednesday, Thursday.
        ("2026-03-06", .businessDays(3), .all, "2026-03-12"),
        ("2026-03-06", .businessDays(0), .all, "2026-03-06"),
        ("2026-03-07", .businessDays(0), .all, "2026-03-10"),
        // Fridays: the day itself, and the one after.
        ("2026-03-06", .days(0), .weekly([4]), "2026-03-06"),
        ("2026-03-06", .days(1), .weekly([4]), "2026-03-13"),
        ("2026-03-02", .days(0), .weekly([4]), "2026-03-06"),
        // Tuesdays and Thursdays, whichever comes first.
        ("2026-03-04", .days(0), .weekly([1, 3]), "2026-03-05"),
        ("2026-03-06", .days(0), .weekly([1, 3]), "2026-03-10"),
        // Mondays: the holiday gives way to Tuesday.
        ("2026-03-03", .days(0), .weekly([0]), "2026-03-10"),
        // Sundays are no business days at all.
        ("2026-03-03", .days(0), .weekly([6]), "2026-03-10"),
        ("2026-03-02", .days(7), .monthly([1, 15]), "2026-03-16"),
        ("2026-03-16", .days(0), .monthly([1, 15]), "2026-04-01"),
        ("2026-03-31", .days(0), .monthly([31]), "2026-03-31"),
        // A short month ends earlier; the 28th of February is a Saturday.
        ("2026-02-02", .days(0), .monthly([31]), "2026-03-02"),
        ("2026-04-02", .days(0), .monthly([31]), "2026-04-30"),
        ("2024-02-20", .days(0), .monthly([30]), "2024-02-29"),
        ("2026-12-20", .days(5), .monthly([5]), "2027-01-05"),
        ("2026-12-31", .businessDays(1), .monthly([15, 31]), "2027-01-15"),
    ]

    @Test(arguments: samples.indices)
    func aPayoutFallsDueOnAPayoutDay(index: Int) {
        let (completed, hold, days, due) = Self.samples[index]
        var world = World(settlements: false, holidays: [date("2026-03-09")])
        world.payment("P", completed: completed + "T10:00:00Z")
        var rules = SettleTests.rules()
        rules.hold = hold
        rules.payoutDays = days
        let made = world.reconciled().settled(rules, sellers: ["P": "s"])
        #expect(made.payouts.map(\.due) == [date(due)])
    }

    /// Every day of five years: the payout day is never before the date, is a business day, and no
    /// regular day between the two was passed over.
    @Test(arguments: [PayoutDays.weekly([0, 3]), .monthly([1, 15]), .monthly([29, 30, 31])])
    func noPayoutDayIsPassedOver(days: PayoutDays) {
        var rules = SettleTests.rules("0")
        rules.payoutDays = days
        var world = World(asOf: "2030-01-01T00:00:00Z", settlements: false)
        let first = date("2024-01-01")
        var sellers: [String: String] = [:]
        for day in 0..<1_827 {
            let text = TimeText.text(first.adding(days: day))
            world.payment(text, completed: text + "T12:00:00Z")
            sellers[text] = text
        }
        func isRegular(_ date: CivilDate) -> Bool {
            switch days {
            case .all: return true
            case .weekly(let weekdays): return weekdays.contains(date.weekday)
            case .monthly(let numbers):
                let (_, month, day) = date.parts
                let isLast = date.adding(days: 1).parts.month != month
                return numbers.contains(day) || (isLast && (numbers.max() ?? 0) > day)
            }
        }
        for payout in world.reconciled().settled(rules, sellers: sellers).payouts {
            let completed = date(payout.seller)
            var regular = completed
            while !isRegular(regular) { regular = regular.adding(days: 1) }
            #expect(payout.due == world.rules.calendar.nextBusinessDay(onOrAfter: regular))
        }
    }

    @Test func aHeldSellerWaitsAndIsPaidWhenReleased() throws {
        var rules = SettleTests.rules("0")
        rules.held = ["esi"]
        var world = World(settlements: false)
        world.payment("P1", 6_000, at: "2026-03-02T10:00:00Z")
        world.payment("P2", 4_000, at: "2026-03-03T10:00:00Z")
        world.payment("P3", 1_000, at: "2026-03-03T10:00:00Z")
        let held = world.reconciled().settled(
            rules, sellers: ["P1": "esi", "P2": "esi", "P3": "yaw"])
        func words(_ payouts: [Payout]) -> [String] {
            payouts.map { "\($0.seller) \($0.due.parts.day) \($0.amount) \($0.status.word)" }
        }
        #expect(
            words(held.payouts)
                == ["esi 2 6000 held", "esi 3 10000 held", "yaw 3 1000 scheduled"])
        #expect(held.balances.map(\.amount) == [10_000])

        // Another night: still held, then let go, with no sale of theirs.
        var later = World(asOf: "2026-03-07T20:00:00Z", settlements: false)
        later.payment("P9", status: .failed)
        let still = later.reconciled().settled(rules, sellers: [:], balances: held.balances)
        #expect(still.payouts.isEmpty)
        #expect(still.balances == held.balances)
        rules.held = []
        let released = later.reconciled().settled(rules, sellers: [:], balances: still.balances)
        // The 7th is a Saturday.
        #expect(words(released.payouts) == ["esi 9 10000 scheduled"])
        #expect(released.payouts.first?.broughtForward?.payoutID == held.balances.first?.payoutID)
        #expect(released.balances.isEmpty)
        let again = later.reconciled().settled(rules, sellers: [:], balances: released.balances)
        #expect(again.payouts.isEmpty)
    }

    @Test func whatASellerOwesIsNeverPaid() {
        let world = World(settlements: false)
        let balance = SellerBalance(
            seller: "esi", currency: world.rules.currency, amount: -500, payoutID: "PO-1")
        let made = world.reconciled().settled(
            SettleTests.rules("0"), sellers: [:], balances: [balance])
        #expect(made.payouts.isEmpty)
        #expect(made.balances == [balance])
    }
}
