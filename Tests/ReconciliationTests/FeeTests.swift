import Money
import Reconciliation
import Records
import Rules
import TestKit
import Testing

/// Fees against what was agreed with the gateways.
@Suite struct FeeTests {
    /// Terms in words: `2.9% 30 min:10 max:500 tax:18`, amounts in minor units.
    static func terms(_ text: String) -> FeeTerms {
        var terms = FeeTerms()
        for word in text.split(separator: " ") {
            if word.hasSuffix("%") {
                terms.percent = Rate(percent: word.dropLast())
            } else if word.hasPrefix("min:") {
                terms.minimum = Int64(word.dropFirst(4))
            } else if word.hasPrefix("max:") {
                terms.maximum = Int64(word.dropFirst(4))
            } else if word.hasPrefix("tax:") {
                terms.tax = Rate(percent: word.dropFirst(4))
            } else {
                terms.fixed = Int64(word)
            }
        }
        return terms
    }

    static func rate(
        _ terms: String, gateway: String? = nil, method: String? = nil, currency: String? = nil,
        tolerance: Int64? = nil
    ) -> FeeRate {
        var rate = FeeRate()
        rate.terms = FeeTests.terms(terms)
        rate.gateway = gateway
        rate.method = method
        rate.currency = currency.flatMap { Currency($0) }
        rate.tolerance = tolerance
        return rate
    }

    static func world(
        _ terms: String, tolerance: Int64 = 0, rates: [FeeRate] = []
    ) -> World {
        var world = World()
        var rules = FeeRules()
        rules.terms = FeeTests.terms(terms)
        rules.tolerance = tolerance
        rules.rates = rates
        world.rules.fees = rules
        return world
    }

    /// What was agreed, gross, fee and tax; then the code and the money at risk, or nothing.
    static let charges: [(String, Int64, Int64, Int64, String)] = [
        // Ties go to the even minor unit: 2.5 is 2, 3.5 is 4, and 2.5 and a fixed part stay so.
        ("2.5%", 100, 2, 0, ""), ("2.5%", 140, 4, 0, ""), ("2.5%", 100, 3, 0, "over 1"),
        ("2.5%", 140, 3, 0, "under 1"), ("2.5% 1", 100, 3, 0, ""),
        ("0.000001%", 50_000_000, 0, 0, ""),
        ("0.000001%", 150_000_000, 2, 0, ""),
        // The bounds are the fee itself where it would lie beyond.
        ("1% min:50", 5_000, 50, 0, ""), ("1% min:50", 4_999, 50, 0, ""),
        ("1% min:50", 4_900, 49, 0, "under 1"), ("1% min:50", 5_100, 51, 0, ""),
        ("1% max:50", 5_000, 50, 0, ""), ("1% max:50", 5_100, 50, 0, ""),
        ("1% max:50", 5_100, 51, 0, "over 1"), ("1% 30 min:10 max:40", 10_000, 40, 0, ""),
        ("min:7", 10_000, 7, 0, ""), ("1% min:0", 0, 0, 0, ""), ("min:5 max:5", 9_999, 5, 0, ""),
        // The tax is on the fee as agreed, rounded likewise: 18 % of 25 is 4.5, so 4.
        ("25 tax:18", 1_000, 25, 4, ""), ("25 tax:18", 1_000, 25, 5, "over 1"),
        ("35 tax:10", 1_000, 35, 4, ""), ("35 tax:10", 1_000, 35, 3, "under 1"),
        ("1% min:50 tax:20", 100, 50, 10, ""),
        // A line without tax has it in its fee.
        ("100 tax:18", 1_000, 118, 0, ""), ("100 tax:18", 1_000, 100, 0, "under 18"),
        ("100 tax:18", 1_000, 119, 0, "over 1"),
        // A fee that is too high is not made good by a tax that is too low.
        ("100 tax:18", 1_000, 105, 13, "over 10"), ("100 tax:18", 1_000, 95, 23, "under 10"),
        ("100 tax:18", 1_000, 105, 10, "under 13"), ("100 tax:18", 1_000, 105, 20, "over 7"),
        // Without a fee it is missing, whatever its tax; without tax nothing is said of it.
        ("100 tax:18", 1_000, 0, 0, "missing 118"), ("100 tax:18", 1_000, 0, 18, "missing 100"),
        ("100 tax:18", 1_000, 0, 3, "missing 115"), ("100", 1_000, 0, 0, "missing 100"),
        ("100", 1_000, 100, 18, ""), ("0", 1_000, 0, 7, ""), ("0 tax:18", 1_000, 0, 7, "over 7"),
        ("0 tax:0", 1_000, 0, 0, ""), ("", 1_000, 0, 0, ""), ("", 1_000, 3, 0, "over 3"),
    ]

    @Test(arguments: FeeTests.charges.indices)
    func aFeeIsWhatWasAgreed(index: Int) {
        let (terms, gross, fee, tax, expected) = FeeTests.charges[index]
        var world = FeeTests.world(terms)
        world.payment("P", gross)
        world.line("S", of: "P", gross, fee: fee, tax: tax)
        let words = expected.split(separator: " ").map(String.init)
        let wanted = words.isEmpty ? [] : ["fee_\(words[0]) P S - \(words[1])"]
        #expect(world.reconciled().breaks == wanted, "\(terms) on \(gross)")
    }

    /// The tolerance, fee and tax, where 100 and 20 are agreed; then the codes.
    static let edges: [(Int64, Int64, Int64, [String])] = [
        (3, 103, 20, []), (3, 104, 20, ["fee_over"]), (3, 97, 20, []), (3, 96, 20, ["fee_under"]),
        (3, 100, 23, []), (3, 100, 24, ["fee_over"]), (3, 100, 17, []),
        // Each for itself: three too many of both are within.
        (3, 103, 23, []), (3, 123, 0, []), (3, 124, 0, ["fee_over"]),
        (120, 0, 0, []), (119, 0, 0, ["fee_under"]), (99, 0, 20, ["fee_missing"]),
    ]

    @Test(arguments: FeeTests.edges.indices)
    func aDifferenceOfTheToleranceIsNone(index: Int) {
        let (tolerance, fee, tax, codes) = FeeTests.edges[index]
        var world = FeeTests.world("100 tax:20", tolerance: tolerance)
        world.payment("P")
        world.line("S", of: "P", fee: fee, tax: tax)
        #expect(world.reconciled().codes("P") == codes)
    }

    /// Currency, gross and fee of a charge that agrees, by rates in currencies of 0, 2 and 3 digits.
    @Test(arguments: [("JPY", Int64(1_050), Int64(37)), ("KWD", 10_500, 383), ("EUR", 1_050, 41)])
    func ratesAreOfTheirCurrency(currency: String, gross: Int64, fee: Int64) {
        for (found, codes) in [(fee, []), (fee + 1, ["fee_over"]), (fee - 1, ["fee_under"])] {
            var world = FeeTests.world(
                "50%",
                rates: [
                    FeeTests.rate("3.5%", currency: "JPY"),
                    FeeTests.rate("3.5% 15", currency: "KWD"),
                    FeeTests.rate("1.5% 25", currency: "EUR"),
                ])
            world.payment("P", gross, currency: currency)
            world.line("S", of: "P", gross, currency: currency, fee: found)
            #expect(world.reconciled().codes("P") == codes, "\(currency) \(found)")
        }
    }

    @Test func theFirstRateThatFitsApplies() {
        var world = FeeTests.world(
            "10", tolerance: 1,
            rates: [
                FeeTests.rate("20", gateway: "Stripe", method: "card"),
                FeeTests.rate("30", gateway: "stripe"), FeeTests.rate("40", method: "card"),
                FeeTests.rate("50", gateway: "momo", tolerance: 5),
            ])
        let lines: [(String, String?, String?, Int64)] = [
            ("A", "stripe", "card", 20), ("B", "STRIPE", "wallet", 30), ("C", "stripe", nil, 30),
            ("D", "momo", "card", 40), ("E", "momo", nil, 50), ("F", "other", "card", 40),
            ("G", "other", "wallet", 10), ("H", nil, nil, 10), ("I", nil, "CARD", 40),
        ]
        for (id, gateway, method, fee) in lines {
            for (suffix, found) in [("", fee), ("+", fee + 1), ("-", fee - 6)] {
                world.payment(id + suffix)
                world.line(
                    "S" + id + suffix, of: id + suffix, fee: found, gateway: gateway, method: method
                )
            }
        }
        let found = world.reconciled().breaks
        #expect(found == lines.map { "fee_under \($0.0)- S\($0.0)- - 6" }.sorted())
    }

    @Test func aLineThatNamesNoGatewayIsOfItsPayments() {
        var world = FeeTests.world("", rates: [FeeTests.rate("20", gateway: "momo")])
        for (id, ofPayment, ofLine) in [
            ("A", "MoMo", nil), ("B", "stripe", "momo"), ("C", "momo", "stripe"), ("D", nil, nil),
        ] as [(String, String?, String?)] {
            world.payment(id, gateway: ofPayment)
            world.line("S" + id, of: id, fee: 7, gateway: ofLine)
        }
        // Rates alone say nothing of charges that none of them fits.
        #expect(world.reconciled().breaks == ["fee_under A SA - 13", "fee_under B SB - 13"])
    }

    @Test func aRateWithoutAmountsIsForEveryCurrency() {
        var world = FeeTests.world(
            "", tolerance: 2, rates: [FeeTests.rate("1%", method: "a"), FeeTests.rate("1% 5")])
        for (id, method, currency, fee) in [
            ("A", "a", "USD", 99), ("B", "a", "GHS", 99), ("C", "b", "USD", 1),
            ("D", "b", "GHS", 1),
        ] as [(String, String, String, Int64)] {
            world.payment(id, currency: currency)
            world.line("S" + id, of: id, currency: currency, fee: fee, method: method)
        }
        // The general tolerance is of the pipeline's currency; a rate with amounts is too.
        #expect(world.reconciled().breaks == ["fee_under A SA - 1", "fee_under D SD - 104"])
    }

    @Test func everyPartOfASplitCaptureHasItsOwnFee() {
        var world = FeeTests.world("1% 10")
        world.payment("P", 10_000)
        world.line("S1", of: "P", 6_000, fee: 70)
        world.line("S2", of: "P", 4_000, fee: 40)
        #expect(world.reconciled().breaks == ["fee_under P S2 - 10"])
    }

    @Test func onlyCompletedChargesOfPaymentsAreCompared() {
        var world = FeeTests.world("1% 10")
        world.payment("P")
        world.line("S", of: "P", fee: 110)
        world.line("F", of: "P", state: .failed, fee: 1)
        world.line("R", of: "P", 5_000, type: .refund, fee: 3)
        world.line("U", of: "nobody", fee: 3)
        #expect(world.reconciled().breaks == ["unknown_settlement - U - 10000"])
    }
}
