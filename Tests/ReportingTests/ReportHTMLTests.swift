import Foundation
import Money
import Reconciliation
import Reporting
import Testing
import Time

@Suite struct ReportHTMLTests {
    private func page(_ report: RunReport, _ items: OpenItems? = nil) throws -> PageReader {
        try PageReader.read(ReportHTML(report, openItems: items).bytes)
    }

    static let headings = [
        "Is it safe to close the night?", "How much money", "What changed since the last run",
        "Breaks by code and age", "Largest breaks",
        "Gateway payouts", "What was emitted", "What was read", "Rejected rows",
        "What the ledger holds",
    ]

    @Test func sectionsStandInTheOrderInWhichTheyAreNeeded() throws {
        for report in [try TestReports.empty(), try TestReports.clean(), try TestReports.busy()] {
            #expect(try page(report).headings == ReportHTMLTests.headings)
        }
    }

    @Test func ofThousandsOfPayoutsThoseWithTheLargestResidualAreShown() throws {
        var report = try TestReports.clean()
        report.payouts = (0..<3_000).map { number in
            TestReports.payout(
                "po_\(10_000 + number)", report.currency, gross: Int64(5_000 + number),
                deposited: number.isMultiple(of: 30) ? Int64(number) : Int64(5_000 + number),
                status: number.isMultiple(of: 30) ? .short : .tiedOut)
        }
        let text = try page(report).text
        let shown = report.payouts.filter { text.contains($0.tieOut.payout) }
        #expect(shown.count == RunReport.largestBreaks)
        #expect(shown.count { $0.tieOut.status == .short } == 100)
        // The rest are the largest of those without a residual.
        #expect(shown.filter { $0.tieOut.status == .tiedOut }.allSatisfy { $0.tieOut.net > 7_890 })
        #expect(text.contains("3,000 payouts: 2,900 tied out, 100 short."))
        #expect(text.contains("report.json has all of them"))
    }

    @Test func aPayoutOfNothingAndOneOfANegativeSumAreShownAsTheyAre() throws {
        var report = try TestReports.clean()
        let cedi = report.currency
        report.payouts = [
            TestReports.payout("po_1", cedi, gross: 0, deposited: nil, status: .tiedOut),
            TestReports.payout("po_2", cedi, gross: 0, fee: 150, deposited: nil, status: .missing),
        ]
        report.payouts[1].bankIDs = ["<b>", "\u{202E}x", "c", "d", "e"]
        report.payouts[1].bankDate = CivilDate(days: 20_001)
        let text = try page(report).text.replacing("\u{A0}", with: " ")
        #expect(text.contains("nothing to pay out"))
        #expect(text.contains("− 1.50 fees = −1.50"))
        #expect(text.contains("at the bank 2024-10-05 as <b>, U+202Ex, c and 2 more"))
    }

    @Test func nothingIsLoadedAndNothingRuns() throws {
        let page = try page(try TestReports.busy())
        let names = Set(page.elements.map(\.name))
        #expect(names.isDisjoint(with: ["script", "link", "img", "iframe", "object"]))
        let attributes = Set(page.elements.flatMap(\.attributes.keys))
        #expect(attributes.isDisjoint(with: ["src", "style", "onclick", "onload"]))
        let bytes = String(decoding: ReportHTML(try TestReports.busy()).bytes, as: UTF8.self)
        #expect(!bytes.contains("url(") && !bytes.contains("@import"))
    }

    @Test func everySectionCanBeGoneToAndNothingElse() throws {
        for report in [try TestReports.busy(), try TestReports.carried()] {
            let page = try page(report)
            let targets = page.all("a").compactMap { $0.attributes["href"] }
            #expect(targets.count >= 9 && targets.allSatisfy { $0.hasPrefix("#") })
            let headings = page.all("h2").compactMap { $0.attributes["id"] }
            #expect(["verdict"] + targets.map { String($0.dropFirst()) } == headings)
        }
    }

    @Test func theCodesWithMostMoneyStandFirstAndThoseOfNoConcernLast() throws {
        let text = try page(try TestReports.busy()).text
        let section = try #require(text.range(of: "Breaks by code and age"))
        let codes = ["missing_settlement", "false_success", "stuck", "settled_short", "rounding"]
        let places = try codes.map {
            try #require(text[section.upperBound...].range(of: $0)).lowerBound
        }
        #expect(places == places.sorted())
    }

    @Test func breaksAreCountedByCodeAndAge() throws {
        let text = try page(try TestReports.carried()).text.replacing("\n", with: " ")
        #expect(text.contains("0\u{2013}1 days"))
        #expect(text.contains("stuckThe payment has been pending"), "\(text)")
        // 3 of them are young, 11 old.
        let row = try #require(text.firstMatch(of: #/then complete or cancel it\.(\d+)2,100\.00/#))
        #expect(row.1 == "31114")
    }

    @Test func aNightOfAHundredThousandBreaksIsNoLargePage() throws {
        var report = try TestReports.broken(.stuck, count: 100_000, atRisk: 500_000_000)
        report.openBreaks = 100_000
        var line = RunReport.BreakLine(id: "b-1", code: .stuck, currency: report.currency)
        line.detail = String(repeating: "long ", count: 40)
        report.largest = Array(repeating: line, count: RunReport.largestBreaks + 50)
        let bytes = ReportHTML(report).bytes
        #expect(bytes.count < 200_000)
        let text = try PageReader.read(bytes).text
        #expect(text.contains("200 of 100,000 open breaks."))
        #expect(text.contains("breaks.csv has all of them"))
    }

    @Test func thePageCanBeHeard() throws {
        let page = try page(try TestReports.busy())
        #expect(page.all("html").first?.attributes["lang"] == "en")
        #expect(page.all("main").count == 1 && page.all("header").count == 1)
        #expect(page.all("footer").count == 1 && page.all("h1").count == 1)
        #expect(page.all("table").count == page.all("caption").count)
        #expect(!page.all("th").isEmpty)
        #expect(page.all("th").allSatisfy { $0.attributes["scope"] != nil })
        let ids = page.elements.compactMap { $0.attributes["id"] }
        #expect(Set(ids).count == ids.count)
        let labels = page.elements.compactMap { $0.attributes["aria-labelledby"] }
        #expect(!labels.isEmpty && Set(labels).isSubset(of: Set(ids)))
    }

    @Test(
        arguments: [
            (nil, "Yes, the night can be closed."), (.rounding, "Yes, the night can be closed."),
            (.wrongUser, "Not yet, some items need a review."),
            (.chargeback, "No, do not close the night."),
        ] as [(BreakCode?, String)])
    func theVerdictIsSaidInWords(code: BreakCode?, answer: String) throws {
        let report = try code.map { try TestReports.broken($0) } ?? TestReports.clean()
        let text = try page(report).text
        #expect(text.contains(answer))
        if let code, code.severity > .info {
            #expect(text.contains(code.explanation.action))
            let severity = code.severity == .critical ? "critical" : "not critical"
            #expect(
                text.contains(
                    "1 break is open, with at most 50.00\u{A0}GHS at risk; it is \(severity)."))
        }
    }

    @Test func theNextStepIsTheCriticalCodeWithMostMoney() throws {
        let text = try page(try TestReports.busy()).text
        #expect(text.contains("Begin with \u{201C}missing settlement\u{201D}."))
        #expect(
            text.contains(
                "42 breaks are open, with at most 12,423.00\u{A0}GHS and 15,000\u{A0}JPY at risk; "
                    + "22 of them are critical."))
    }

    @Test func numbersAreGroupedAndNegativeOnesMarked() throws {
        let page = try page(try TestReports.busy())
        for text in [
            "14,620.00\u{A0}GHS", "7,714,203.90\u{A0}GHS", "4,651,200\u{A0}JPY",
            "1,234.567\u{A0}KWD", "\u{2212}9,000\u{A0}JPY", "18,533", "99.77\u{A0}%",
        ] {
            #expect(page.text.contains(text), "\(text) is missing")
        }
        let negative = page.elements.filter { $0.attributes["class"] == "negative" }
        #expect(negative.count == 2)
    }

    @Test func hostileTextsStayTexts() throws {
        var report = try TestReports.busy()
        report.pipeline = "<b>&amp;\"'</b>"
        report.run = "]]><!--"
        report.largest[0].user = "<script>alert(1)</script>"
        report.largest[0].detail = "safe\u{202E}fdp.exe\u{0}\u{7}\u{FFFE}"
        report.rejects[0].reason = "\u{200B}\u{E0041}\u{2028}"
        report.inputs[0].file = "\" onload=\"x"
        let page = try page(report)
        #expect(page.all("script").isEmpty && page.all("b").isEmpty)
        #expect(page.text.contains("<script>alert(1)</script>"))
        #expect(page.text.contains("<b>&amp;\"'</b>"))
        #expect(page.text.contains("safeU+202Efdp.exeU+0000U+0007U+FFFE"))
        #expect(page.text.contains("U+200BU+E0041U+2028"))
        #expect(page.elements.allSatisfy { $0.attributes["onload"] == nil })
        #expect(!page.text.unicodeScalars.contains("\u{202E}"))
    }

    @Test func namesFromRightToLeftStandApart() throws {
        var report = try TestReports.busy()
        report.largest[0].user = "\u{645}\u{631}\u{64A}\u{645}"
        let bytes = String(decoding: ReportHTML(report).bytes, as: UTF8.self)
        #expect(bytes.contains("<bdi>\u{645}\u{631}\u{64A}\u{645}</bdi>"))
    }

    @Test func aDryRunSaysSoFirst() throws {
        var report = try TestReports.clean()
        #expect(!(try page(report).text.contains("Dry run")))
        report.isDryRun = true
        let text = try page(report).text
        let notice = try #require(text.range(of: "Dry run."))
        let verdict = try #require(text.range(of: "Is it safe"))
        #expect(notice.lowerBound < verdict.lowerBound)
        #expect(text.contains("What would be emitted"))
    }

    @Test func rowsThatDoNotAddUpAreCalledOut() throws {
        var report = try TestReports.busy()
        #expect(!(try page(report).text.contains("do not add up")))
        report.inputs[0].records -= 1
        #expect(try page(report).text.contains("do not add up"))
    }

    @Test func openItemsLeadFromTheLastRunToThisOne() throws {
        let items = OpenItems(opening: 1200, new: 5, reopened: 1, cleared: 7)
        let text = try page(try TestReports.busy(), items).text
        #expect(text.contains("1,200 open before, 5 new, 1 reopened, 7 cleared: 1,199 open now."))
    }

    @Test func moneyAndAgesOfOpenItemsAreShown() throws {
        let page = try page(try TestReports.carried())
        for text in [
            "Open before", "13,000.00\u{A0}GHS", "\u{2212}97.00\u{A0}GHS", "= open now",
            "over 30", "43 business days", "4 of them new",
        ] {
            #expect(page.text.contains(text), "\(text) is missing")
        }
        #expect(
            page.all("strong").count > (try self.page(try TestReports.busy()).all("strong").count))
    }

    @Test func everyOverrideIsToldWithItsEffect() throws {
        let page = try page(try TestReports.carried())
        #expect(page.text.contains("2 of 12 overrides close breaks."))
        let places = try (100..<112).map {
            try #require(page.text.range(of: "BR-\($0)")).lowerBound
        }
        // Those that close a break stand last.
        #expect(try #require(places.dropFirst(2).max()) < places[0])
        #expect(places[0] < places[1])
        #expect(page.text.contains("<agreed>") && page.text.contains("rows concerned have changed"))
        #expect(!(try self.page(try TestReports.busy()).text.contains("Overrides")))
    }

    @Test func theSameRunGivesTheSamePage() throws {
        #expect(
            ReportHTML(try TestReports.busy()).bytes == ReportHTML(try TestReports.busy()).bytes)
    }

    @Test(arguments: BreakCode.allCases)
    func everyCodeIsExplained(code: BreakCode) throws {
        let explanation = code.explanation
        for sentence in [explanation.meaning, explanation.action] {
            #expect(sentence.count > 20 && sentence.hasSuffix("."))
        }
        #expect(try page(try TestReports.broken(code)).text.contains(explanation.meaning))
    }
}
