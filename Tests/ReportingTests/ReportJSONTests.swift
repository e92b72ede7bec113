import Emission
import Foundation
import Money
import Reconciliation
import Records
import Reporting
import Testing

@Suite struct ReportJSONTests {
    private func parsed(_ json: ReportJSON) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: Data(json.bytes))
        return try #require(object as? [String: Any])
    }

    private func part(_ object: [String: Any], _ path: String...) throws -> [String: Any] {
        try path.reduce(object) { try #require($0[$1] as? [String: Any]) }
    }

    @Test func everyKeyIsThereEvenForNothing() throws {
        let report = try parsed(ReportJSON(try TestReports.empty()))
        let keys: Set<String> = [
            "format", "pipeline", "run", "previous_run", "as_of", "currency", "dry_run", "verdict",
            "auto_match_rate", "totals", "breaks", "open_items", "payouts", "emissions", "inputs",
            "largest_breaks", "ledger", "not_yet_paid_out", "overrides", "payouts_due",
            "history", "waiting",
        ]
        #expect(Set(report.keys) == keys)
        #expect(report["format"] as? Int == 1)
        #expect(report["previous_run"] is NSNull)
        #expect(report["as_of"] as? String == "2026-11-20T02:00:00Z")
        #expect(report["verdict"] as? String == "clean")
        #expect(report["dry_run"] as? Bool == false)
        #expect((report["payouts"] as? [Any])?.isEmpty == true)
        let outcomes = try part(report, "totals", "payments", "by_outcome")
        #expect(Set(outcomes.keys) == Set(PaymentOutcome.words))
    }

    @Test func amountsAreStringsWithTheCurrencysDigits() throws {
        let report = try parsed(ReportJSON(try TestReports.busy()))
        let reconciled = try part(report, "totals", "payments", "by_outcome", "reconciled")
        #expect(reconciled["count"] as? Int == 18_533)
        #expect(
            reconciled["value"] as? [String: String] == [
                "GHS": "7714203.90", "JPY": "4651200", "KWD": "1234.567",
            ])
        let net = try part(report, "totals")["net"] as? [String: String]
        #expect(net == ["GHS": "7548354.59", "JPY": "-9000"])
        let emitted = try part(report, "emissions", "transactions")
        #expect(emitted["count"] as? Int == 74)
        #expect(emitted["value"] as? [String: String] == ["GHS": "-1200.00", "JPY": "3000"])
    }

    @Test func breaksStandByCodeWithTheirSeverity() throws {
        let report = try parsed(ReportJSON(try TestReports.busy()))
        #expect(report["verdict"] as? String == "critical")
        let missing = try part(report, "breaks", "missing_settlement")
        #expect(missing["count"] as? Int == 13)
        #expect(missing["severity"] as? String == "critical")
        #expect(missing["at_risk"] as? [String: String] == ["GHS": "6200.00", "JPY": "15000"])
        #expect(try part(report, "breaks").count == 5)
    }

    @Test func inputsCarryTheirControlTotals() throws {
        let report = try parsed(ReportJSON(try TestReports.busy()))
        let inputs = try #require(report["inputs"] as? [[String: Any]])
        #expect(inputs.map { $0["file"] as? String } == ["payments-2026-11-19.csv", "momo.csv"])
        let rows = ["rows", "records", "repeated", "rejected"].map { inputs[0][$0] as? Int }
        #expect(rows == [19_576, 19_573, 2, 1])
        // Sums of a large file may go beyond 64 bits of minor units.
        #expect(inputs[1]["sums"] as? [String: String] == ["GHS": "368934881474191032.28"])
    }

    @Test func theOwnCurrencyComesFirst() throws {
        let text = String(decoding: ReportJSON(try TestReports.busy()).bytes, as: UTF8.self)
        let sums = try #require(text.range(of: "\"sums\""))
        let codes = ["GHS", "JPY", "KWD"].map { text[sums.upperBound...].range(of: $0) }
        let places = codes.compactMap { $0?.lowerBound }
        #expect(places.count == 3 && places == places.sorted())
    }

    @Test func ratesAreOfTheCountAndOfEachCurrency() throws {
        let text = String(decoding: ReportJSON(try TestReports.busy()).bytes, as: UTF8.self)
        // 18687 of 18729 payments, 7,770,338.40 of 7,784,958.40 GHS, 46512 of 46662 hundred JPY.
        #expect(text.contains("\"count\": 0.9977,\n    \"value\": 0.9981"))
        #expect(text.contains("\"JPY\": 0.9967"))
        #expect(text.contains("\"KWD\": 1.0000"))
    }

    @Test func openItemsAreNewUnlessToldOtherwise() throws {
        let report = try TestReports.busy()
        let fresh = try part(try parsed(ReportJSON(report)), "open_items")
        #expect(
            fresh as? [String: Int] == [
                "opening": 0, "new": 42, "reopened": 0, "cleared": 0, "closing": 42,
            ])
        let items = OpenItems(opening: 10, new: 5, reopened: 1, cleared: 7)
        let carried = try part(try parsed(ReportJSON(report, openItems: items)), "open_items")
        #expect(carried["closing"] as? Int == 9)
    }

    @Test func openItemsHaveTheirMoneyAndAges() throws {
        let report = try parsed(ReportJSON(try TestReports.carried()))
        let items = try part(report, "open_items")
        #expect(items["closing"] as? Int == 42)
        let money = try part(report, "open_items", "at_risk")
        #expect(money["revalued"] as? [String: String] == ["GHS": "-97.00"])
        #expect(money["closing"] as? [String: String] == ["GHS": "12423.00"])
        let groups = try #require(items["by_age"] as? [[String: Any]])
        #expect(groups.map { $0["count"] as? Int } == [4, 38])
    }

    @Test func overridesAreListedWithTheirEffects() throws {
        let report = try parsed(ReportJSON(try TestReports.carried()))
        let overrides = try #require(report["overrides"] as? [[String: Any]])
        #expect(overrides.map { $0["effect"] as? String } == OverrideEffect.words)
        #expect(overrides.filter { $0["in_force"] as? Bool == true }.count == 2)
        #expect(overrides[0]["reason"] as? String == "<agreed>")
    }

    @Test func payoutsShowWhatIsMissingAtTheBank() throws {
        let cedi = try TestReports.currency("GHS")
        var report = try TestReports.clean()
        report.payouts = [
            TestReports.payout("po_1", cedi, gross: 10_000, deposited: 9950, status: .short),
            TestReports.payout("po_2", cedi, gross: 700, deposited: nil, status: .missing),
            TestReports.payout("po_3", cedi, gross: 5, deposited: nil, status: .notCompared),
        ]
        let read = try parsed(ReportJSON(report))
        let written = try #require(read["payouts"] as? [[String: Any]])
        #expect(written.map { $0["status"] as? String } == ["short", "missing", "not_compared"])
        #expect(written.map { $0["residual"] as? String } == ["0.50", "7.00", nil])
        #expect(written.map { $0["bank"] as? String } == ["99.50", nil, nil])
        #expect(written[1]["bank"] is NSNull)
        #expect(written[2]["residual"] is NSNull)
    }

    @Test(
        arguments: [
            (nil, "clean"), (.lateSettlement, "clean"), (.stuck, "review"),
            (.falseFailure, "critical"),
        ] as [(BreakCode?, String)])
    func theWorstSeverityDecidesTheVerdict(code: BreakCode?, verdict: String) throws {
        let report = try code.map { try TestReports.broken($0) } ?? TestReports.clean()
        #expect(try parsed(ReportJSON(report))["verdict"] as? String == verdict)
    }

    @Test func hostileNamesStayTexts() throws {
        var report = try TestReports.busy()
        report.pipeline = "a\"},\u{2028}</script>\\"
        report.inputs[0].file = "x\n\u{202E}.csv"
        let read = try parsed(ReportJSON(report))
        #expect(read["pipeline"] as? String == report.pipeline)
        let inputs = try #require(read["inputs"] as? [[String: Any]])
        #expect(inputs[0]["file"] as? String == "x\n\u{202E}.csv")
    }

    @Test func paymentsWithoutACurrencyAreWrittenAsSuch() throws {
        var report = try TestReports.clean()
        report.outcomes = [.init(outcome: .closed, currency: .none, count: 1, value: 100)]
        let payments = try part(try parsed(ReportJSON(report)), "totals", "payments")
        #expect(payments["value"] as? [String: String] == ["XXX": "1.00"])
    }
}
