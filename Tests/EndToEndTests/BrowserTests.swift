import Foundation
import Testing

/// The report and the dashboards as a browser shows them.
@Suite(
    .enabled(
        if: isInstalled("chromium", "--version") && isInstalled("python3", "--version"),
        "NOT TESTED: Debian's packages chromium and python3 are not installed"))
struct BrowserTests {
    @Test func theReportsOfTheSamplesReadWell() throws {
        let tours = try Night.tours()
        for day in ["2025-08-29", "2025-08-30"] { try tours.publish(asOf: day + "T02:00:00Z") }
        let runs = try [
            tours.publish(asOf: "2025-09-02T02:00:00Z"),
            Night.sample("auctions").publish(
                ["--fail-on", "never"], asOf: AuctionsFiguresTests.asOf),
            Night.sample("charging").publish(
                ["--fail-on", "never"], asOf: "2025-11-12T21:30:00Z"),
            WorkbookTests.monthEnd(),
        ]
        try Browser.expectGood(runs.map { $0.folder + "/report.html" }, in: tours.workspace)
    }

    /// Names as long as they come, from right to left, and of signs that no keyboard has; amounts as
    /// large as they come, in currencies with and without decimals.
    static func awkwardNight() throws -> Night {
        let night = try Night.tours()
        let long = String(repeating: "very-long-name-", count: 12) + "@example.com"
        let rows = [
            ("PAY-" + String(repeating: "0123456789", count: 9), long, "9999999999999.99", "GHS"),
            ("PAY-\u{1F600}\u{1F1EC}\u{1F1ED}", "\u{1F600}@example.com", "123456789012", "JPY"),
            (
                "PAY-\u{645}\u{631}\u{64A}\u{645}", "\u{645}\u{631}\u{64A}\u{645}@example.com",
                "88888888.888", "KWD"
            ),
            ("PAY-<b>&\"", "\u{202E}moc.elpmaxe@x", "1.00", "GHS"),
        ]
        try night.append(
            rows.map { id, user, amount, currency in
                "\"\(id.replacing("\"", with: "\"\""))\",R-\(amount),\(user),\(amount),\(currency),"
                    + "successful,2025-08-01T10:00:00Z,2025-08-01T10:00:00Z,\u{5D0}\u{5D1}\u{5D2},,"
            }, to: "payments.csv")
        try night.append(
            [
                "U-901,\(long),\(String(repeating: "Wolfeschlegelsteinhausen", count: 8))",
                "U-902,\u{645}\u{631}\u{64A}\u{645}@example.com,"
                    + String(repeating: "\u{645}\u{631}\u{64A}\u{645} ", count: 30),
                "U-903,\u{1F600}@example.com,\(String(repeating: "\u{1F600}", count: 80))",
            ], to: "users.csv")
        return night
    }

    @Test func longNamesAndLargeAmountsStayInTheirPlaces() throws {
        let night = try Self.awkwardNight()
        let run = try night.publish()
        var pages = [run.folder + "/report.html"]
        for user in try run.dashboards().keys.filter({ !$0.hasPrefix("\u{202E}") }).sorted()
        where !user.allSatisfy(\.isASCII) || user.count > 100 || user.hasPrefix("ama@") {
            let page = night.workspace.at("\(pages.count).html")
            let ending = try Launch(
                program: Project.trueup, arguments: ["dashboard", night.out, user, "--html", page]
            ).run()
            try #require(ending.code == 0, "\(ending.errors)")
            pages.append(page)
        }
        #expect(pages.count == 5)
        try Browser.expectGood(pages, in: night.workspace)
    }

    @Test func usersAreSearchedAndSorted() throws {
        let night = try Self.awkwardNight()
        try night.redefine("  recent: 10", "  recent: 10\n  pages: all")
        let page = try night.publish(["--fail-on", "never"]).folder + "/dashboards/index.html"
        try Browser.expectGood([page], in: night.workspace)

        func search(_ text: String) -> String {
            """
            (() => {
              const field = document.getElementById("search");
              field.value = "\(text)";
              field.dispatchEvent(new Event("input"));
              const shown = [...document.querySelectorAll("tbody tr")].filter(
                (row) => row.getBoundingClientRect().height > 0);
              return shown.map((row) => row.cells[0].textContent).join("|") + " / "
                + document.getElementById("found").value;
            })()
            """
        }
        func sort(_ column: Int) -> String {
            """
            (() => {
              document.querySelectorAll("thead button")[\(column)].click();
              const rows = [...document.querySelectorAll("tbody tr")];
              return rows.slice(0, 3).map((row) => row.cells[\(column)].textContent).join("|")
                + " / " + document.querySelectorAll("th")[\(column)].getAttribute("aria-sort");
            })()
            """
        }
        let count = "String(document.querySelectorAll('tbody tr').length)"
        let steps = [
            search("  KOFI@"), search("antwi"), search("\u{645}\u{631}"), search("nobody@"),
            search("<b>"), search(""), sort(2), sort(2), sort(0),
            """
            (() => {
              const names = [...document.querySelectorAll("tbody tr")].map(
                (row) => row.cells[0].textContent);
              const place = (name) => names.findIndex((each) => each.startsWith(name));
              return ["Abena", "Kofi", "Zainab"].map(place).join(" ");
            })()
            """,
        ]
        var views = [View(page: page, steps: steps + [count]), View(page: page, steps: [count])]
        views.append(View(page: page, width: 390, steps: Self.stepsOfAPhone))
        // Without scripts, what they would need is not there, and the table is.
        views[1].scripts = false
        views[1].steps = [
            count, "String(document.getElementById('tools').offsetHeight)",
            "String(document.querySelectorAll('button').length)",
        ]
        let sights = try Browser.look(views, in: night.workspace)
        #expect(sights.allSatisfy { $0.faults == [] })
        let found = sights[0].values.map { $0.replacing("\u{A0}", with: " ") }
        let users = found[10]
        #expect(found[0] == "Kofi Antwi-Darkwakofi@example.com / 1 of \(users)")
        #expect(found[1] == found[0])
        #expect(found[2].hasSuffix("/ 1 of \(users)") && found[2].hasPrefix("\u{645}\u{631}"))
        #expect(found[3] == " / Nobody of those listed here.")
        #expect(found[4] == " / Nobody of those listed here.")
        #expect(found[5].split(separator: "|").count == Int(users) && found[5].hasSuffix(" / "))
        #expect(found[6] == "14,620.00 GHS|10,850.00 GHS|10,430.00 GHS / descending")
        #expect(found[7].hasPrefix("0.00 GHS|") && found[7].hasSuffix("/ ascending"))
        #expect(found[8].hasSuffix("/ ascending"))
        let places = found[9].split(separator: " ").compactMap { Int($0) }
        #expect(places.count == 3 && places == places.sorted() && places[0] >= 0, "\(places)")
        #expect(sights[1].values == [users, "0", "0"])
        let phone = sights[2].values.map { $0.replacing("\u{A0}", with: " ") }
        #expect(phone[0] == "0 | open breaks first" && phone[5] == phone[1])
        #expect(
            phone[2] == "14,620.00 GHS|10,850.00 GHS|10,430.00 GHS / descending / "
                + "Sorted by: Spent, most first")
        #expect(phone[3].hasPrefix("0.00 GHS|") && phone[3].hasSuffix("Spent, least first"))
        #expect(phone[5].hasSuffix(" / null / Those with open breaks first"))
        #expect(phone[4] == "User, A to Z; User, Z to A; Level, A to Z; Level, Z to A")
    }

    /// A phone shows no heads of columns: there the order is chosen from a list.
    private static let stepsOfAPhone: [String] = {
        func order(_ words: String) -> String {
            """
            (() => {
              const order = document.getElementById("order");
              order.value = [...order.options].find((each) => each.text === "\(words)").value;
              order.dispatchEvent(new Event("change"));
              const rows = [...document.querySelectorAll("tbody tr")];
              return rows.slice(0, 3).map((row) => row.cells[2].textContent).join("|")
                + " / " + document.querySelectorAll("th")[2].getAttribute("aria-sort")
                + " / " + document.querySelector("caption").textContent;
            })()
            """
        }
        return [
            """
            (() => {
              const order = document.getElementById("order");
              const box = order.getBoundingClientRect();
              const isReached = box.height > 20 ? document.elementFromPoint(
                box.left + 5, box.top + 5) === order : false;
              const heads = [...document.querySelectorAll("thead button")].filter(
                (button) => button.getBoundingClientRect().height > 0);
              return isReached ? `${heads.length} | ${order.selectedOptions[0].text}` : "hidden";
            })()
            """,
            order("open breaks first"), order("Spent, most first"), order("Spent, least first"),
            """
            [...document.getElementById("order").options].slice(1, 5).map(
              (each) => each.text).join("; ")
            """, order("open breaks first"),
        ]
    }()

    @Test func theKeyboardComesToEverySectionAndTable() throws {
        let night = try Night.tours()
        let page = try night.publish().folder + "/report.html"
        let tabs =
            try Files.text(page).matches(of: #/<a href|tabindex="0"/#).count
        #expect(tabs > 15)
        let sight = try #require(
            try Browser.look([View(page: page, tabs: tabs)], in: night.workspace).first)
        #expect(Set(sight.focus) == ["a outlined", "div outlined"])
    }

    /// What a page would look like without our care: each of these must be found.
    @Test func aPageWithAFaultIsNotGood() throws {
        let workspace = try Workspace()
        let night = "@media (prefers-color-scheme: dark) { :root { color-scheme: dark; }"
        let faults: [(fault: String, view: View, style: String, body: String)] = [
            ("contrast 2.", View(page: ""), "p { color: #aaa; background: #fff }", "<p>pale</p>"),
            (
                "contrast 1.", View(page: "", scheme: "dark"),
                night + " body { background: #111 } p { color: #222 } }", "<p>dark on dark</p>"
            ),
            (
                "text outside the page", View(page: "", width: 390), "",
                "<p style='white-space: nowrap'>\(String(repeating: "wide ", count: 40))</p>"
            ),
            (
                "px too wide", View(page: "", media: "print"),
                "@media print { "
                    + "table { width: 900px } }", "<table><tr><td>wide</td></tr></table>"
            ),
            (
                "text outside its <td>", View(page: ""),
                "table { table-layout: fixed; width: 9em }",
                "<table><tr><td>Wolfeschlegelsteinhausen</td><td>here</td></tr></table>"
            ),
            (
                "text cut off", View(page: ""), "p { width: 5em; overflow: hidden }",
                "<p>Wolfeschlegelsteinhausen</p>"
            ),
            ("exception", View(page: ""), "", "<p>x</p><script>nothing.here()</script>"),
            ("console: lost", View(page: ""), "", "<p>x</p><script>console.error('lost')</script>"),
            ("log: ", View(page: ""), "", "<p>x</p><img src='gone.png' alt=''>"),
            (
                "picture without words", View(page: ""), "",
                "<p>x</p><svg role='img'><rect width='9' height='9'/></svg>"
            ),
            (
                "faint mark", View(page: ""), "",
                "<p>x</p><svg><rect width='9' height='9' fill='#ddd'/></svg>"
            ),
            (
                "texts over each other", View(page: ""), "",
                "<svg><text y='20'>one</text><text y='22'>two</text></svg>"
            ),
            ("letters of 6 px", View(page: ""), "p { font-size: 6px }", "<p>small</p>"),
            ("the page is empty", View(page: ""), "", ""),
            (
                "sheets that are not A4", View(page: "", paper: workspace.at("large.pdf")),
                "@page { size: A3 }", "<p>large</p>"
            ),
        ]
        var views: [View] = []
        for (place, fault) in faults.enumerated() {
            var view = fault.view
            view.page = workspace.at("fault-\(place).html")
            try Files.write(
                "<!DOCTYPE html><title>x</title><style>\(fault.style)</style><body>\(fault.body)",
                to: view.page)
            views.append(view)
        }
        let unseen = workspace.at("focus.html")
        try Files.write("<style>a { outline: none }</style><a href='#x'>x</a>", to: unseen)
        #expect(
            try Browser.look([View(page: unseen, tabs: 1)], in: workspace).first?.focus
                == ["a unseen"])
        for (fault, sight) in zip(faults, try Browser.look(views, in: workspace)) {
            #expect(
                sight.faults.contains { $0.contains(fault.fault) },
                "\(fault.fault) is not among \(sight.faults)")
        }
    }
}
