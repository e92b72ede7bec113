import Rules

/// `dashboards/index.html`: the users with a page, for who looks for one of them.
///
/// It is a table with a link to each page, those with open breaks first. A small script of its own adds a
/// field to search in and buttons to sort by, and on a phone, which shows no heads of columns, a choice of
/// orders; without it, the page is the table. Its content security
/// policy lets no other script run, whatever users are called.
struct DashboardIndex {
    /// How many users the page has at most: so many are found and sorted at once.
    static let mostUsers = 5_000

    private let pipeline: String
    private let asOf: String
    private let run: String
    private let rule: DashboardPageRule
    /// How many users have a page.
    private(set) var count = 0
    /// The first ones with open breaks, and the first ones without.
    private var broken: [UserDashboard] = []
    private var others: [UserDashboard] = []

    /// An index of nobody.
    init(pipeline: String, asOf: String, run: String, rule: DashboardPageRule) {
        self.pipeline = pipeline
        self.asOf = asOf
        self.run = run
        self.rule = rule
    }

    /// Adds a user who has a page.
    mutating func add(_ dashboard: UserDashboard) {
        count += 1
        // What a page shows beyond these figures need not be kept.
        var kept = dashboard
        kept.recent = []
        if dashboard.after.openBreaks > 0 {
            if broken.count < DashboardIndex.mostUsers { broken.append(kept) }
        } else if others.count < DashboardIndex.mostUsers {
            others.append(kept)
        }
    }

    /// The page, with a line feed at its end.
    var page: [UInt8] { Array(html.utf8) }

    private var html: String {
        HTMLPage.html(
            title: "Users, \(HTMLText.escaped(pipeline))", isPersonal: true,
            policy: "\(PageStyle.policy); script-src '\(DashboardIndex.scriptDigest)'",
            sheet: PageStyle.links + "\n" + DashboardIndex.sheet,
            body: """
                <header>
                <h1>Users of \(HTMLText.isolated(pipeline))</h1>
                <p class="soft">As of <time datetime="\(HTMLText.escaped(asOf))">\
                \(UserDashboard.moment(asOf))</time></p>
                </header>
                <main>
                \(sentences)<div id="tools" hidden="hidden">
                <label for="search">Find a user by name or address</label>
                <input id="search" type="search" autocomplete="off" spellcheck="false"/>
                <output id="found" for="search"></output>
                <div class="orders">
                <label for="order">Sort by</label>
                <select id="order">
                <option value="">open breaks first</option>
                </select>
                </div>
                </div>
                \(table)</main>
                <footer>
                <dl><dt>Run</dt><dd class="mono">\(HTMLText.isolated(run))</dd></dl>
                </footer>
                <script>\(DashboardIndex.script)</script>

                """)
    }

    private var sentences: String {
        let who =
            rule == .all
            ? "Every user has a page."
            : "Users whose figures this run changed have a page."
        var text =
            "<p>\(who) There \(count == 1 ? "is" : "are") \(DisplayText.count(count, "page"))"
        let shown = min(count, DashboardIndex.mostUsers)
        text +=
            shown == count
            ? ".</p>\n"
            : "; the first \(DisplayText.count(shown)) are listed here, those with open breaks "
                + "first.</p>\n<p>pages.csv beside this page lists all of them, and "
                + "<code>trueup dashboard OUT USER</code> finds each.</p>\n"
        return text
    }

    private var table: String {
        let users = (broken + others).prefix(DashboardIndex.mostUsers)
        guard !users.isEmpty else { return "" }
        let hasLevels = users.contains { !$0.levels.isEmpty }
        var table = HTMLTable(
            id: "users", caption: "Those with open breaks first",
            columns: [.text("User")] + (hasLevels ? [.text("Level")] : [])
                + [
                    .number("Spent"), .number("Bookings"), .number("Pending"),
                    .number("Open breaks"),
                ])
        for user in users {
            let figures = user.after
            let address =
                user.name == nil ? "" : "<p class=\"about id\">\(HTMLText.isolated(user.user))</p>"
            let own = figures.spent.first { $0.currency == user.currency }
            table.add(
                [
                    """
                    <a class="id" href="\(user.file)">\
                    \(HTMLText.isolated(user.name ?? user.user))</a>\(address)
                    """
                ] + (hasLevels ? [HTMLText.isolated(figures.level ?? "")] : [])
                    + [
                        own.map { HTMLText.escaped($0.text(minus: .typographic)) } ?? "",
                        DisplayText.count(Int(figures.bookings + figures.tickets)),
                        DisplayText.count(Int(figures.pendingPayments)),
                        DisplayText.count(Int(figures.openBreaks)),
                    ])
        }
        return table.html
    }

    /// What the report's sheet does not have.
    private static let sheet = """
        [hidden] { display: none !important; }
        h1 { overflow-wrap: anywhere; }
        #tools { display: grid; gap: 0.35rem; max-width: 30rem; margin: 1.5rem 0; }
        #tools label { font-size: 0.875rem; color: var(--soft); }
        #tools input, #tools select {
          font: inherit; padding: 0.5rem 0.65rem; color: var(--ink); background: var(--paper);
          border: 1px solid var(--soft); border-radius: 0.25rem; width: 100%;
        }
        #tools output { font-size: 0.875rem; color: var(--soft); min-height: 1.4em; }
        .orders { display: none; }
        input:focus-visible, select:focus-visible, thead button:focus-visible {
          outline: 2px solid var(--ink); outline-offset: 2px;
        }
        thead button {
          font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer;
          text-align: inherit;
        }
        [aria-sort="ascending"] button::after { content: " \\2191"; }
        [aria-sort="descending"] button::after { content: " \\2193"; }
        @media screen and (max-width: 40rem) {
          thead button { display: none; }
          .orders { display: grid; gap: 0.35rem; }
        }
        @media print { #tools { display: none; } }
        """
}

extension DashboardIndex {
    /// The checksum of `script`, as a content security policy wants it; a test holds it.
    static let scriptDigest = "sha256-Y3vlWVJgVE6qv7k++1yeCcA4YMZBOXM/YfZyf8zixso="

    /// Searches and sorts the table that is there; without any character that XML takes for markup.
    static let script = """
        "use strict";
        (() => {
          const body = document.querySelector("tbody");
          if (body === null) return;
          const rows = Array.from(body.rows);
          const plain = (text) => text.normalize("NFKC").toLowerCase().trim();
          const words = rows.map((row) => plain(row.cells[0].textContent));
          const search = document.getElementById("search");
          const found = document.getElementById("found");
          const tell = () => {
            const wanted = plain(search.value);
            let count = 0;
            rows.forEach((row, place) => {
              const isShown = words[place].includes(wanted);
              row.hidden = !isShown;
              if (isShown) count += 1;
            });
            const none = count === 0 ? "Nobody of those listed here." : null;
            found.value = wanted === "" ? "" : none || `${count} of ${rows.length}`;
          };
          search.addEventListener("input", tell);
          document.getElementById("tools").hidden = false;

          const texts = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
          const heads = Array.from(document.querySelectorAll("thead th"));
          const orders = document.getElementById("order");
          const caption = document.getElementById("users");
          const unsorted = caption.textContent;
          const sort = (column, now, sorted) => {
            heads.forEach((each) => each.removeAttribute("aria-sort"));
            if (column !== null) heads[column].setAttribute("aria-sort", now);
            orders.value = column === null ? "" : `${column} ${now}`;
            const words = orders.selectedOptions[0].textContent;
            caption.textContent = column === null ? unsorted : `Sorted by: ${words}`;
            body.append(...sorted);
          };
          const chosen = new Map([["", () => sort(null, null, rows)]]);
          orders.addEventListener("change", () => chosen.get(orders.value)());
          heads.forEach((head, column) => {
            const isNumber = head.classList.contains("number");
            const value = (row) => {
              const text = row.cells[column].textContent;
              if (!isNumber) return text;
              const digits = BigInt(text.replace(/[^0-9]/g, "") || "0");
              return text.startsWith("\\u2212") ? -digits : digits;
            };
            const order = (one, other) => {
              if (!isNumber) return texts.compare(one, other);
              return one === other ? 0 : Number(one - other);
            };
            const button = document.createElement("button");
            button.type = "button";
            button.textContent = head.textContent;
            head.replaceChildren(button);
            const by = (now) => {
              const sign = now === "ascending" ? 1 : -1;
              const sorted = rows.map((row) => [value(row), row]);
              sorted.sort((one, other) => sign * order(one[0], other[0]));
              sort(column, now, sorted.map((pair) => pair[1]));
            };
            const ways = isNumber
              ? [["descending", "most first"], ["ascending", "least first"]]
              : [["ascending", "A to Z"], ["descending", "Z to A"]];
            for (const [now, words] of ways) {
              orders.add(new Option(`${head.textContent}, ${words}`, `${column} ${now}`));
              chosen.set(`${column} ${now}`, () => by(now));
            }
            button.addEventListener("click", () => {
              const isFirst = head.getAttribute("aria-sort") === ways[0][0];
              by(ways[isFirst ? 1 : 0][0]);
            });
          });
        })();
        """
}
