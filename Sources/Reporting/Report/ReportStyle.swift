/// How `report.html` looks: on a screen by day and by night, on a phone, and on paper.
enum ReportStyle {
    /// A page's content security policy: nothing is loaded, and no script runs, whatever it holds.
    static let policy = "default-src 'none'; style-src 'unsafe-inline'"

    /// The style sheet; it has no character that XML would take for markup.
    static let sheet = """
        :root {
          color-scheme: light dark;
          --paper: #fdfdfb; --ink: #1c1f23; --soft: #585f68; --line: #dcdcd6; --band: #f4f4ef;
          --good: #1a6b3c; --good-band: #e8f3ec; --warn: #7d5200; --warn-band: #fbf1dc;
          --bad: #a3201d; --bad-band: #fbeae8;
          --mark: #8b939c; --good-mark: #3f7f9c; --bad-mark: #b4471f;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #16181b; --ink: #e7e7e3; --soft: #a4abb3; --line: #34383d; --band: #1e2125;
            --good: #7fd0a0; --good-band: #17291f; --warn: #e7bd6a; --warn-band: #2d2515;
            --bad: #f59a92; --bad-band: #331c1b;
            --mark: #767e87; --good-mark: #5ba3c2; --bad-mark: #e0784a;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        body {
          margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 62rem;
          background: var(--paper); color: var(--ink);
          font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", "Noto Sans", sans-serif;
        }
        h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; letter-spacing: -0.015em; }
        h2 { margin: 3rem 0 0.75rem; font-size: 1.2rem; line-height: 1.3; }
        p { margin: 0.5rem 0; max-width: 42rem; }
        code, .mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
        code, .mono { font-size: 0.875em; }
        .soft { color: var(--soft); }
        .small { font-size: 0.875rem; }
        .dry {
          margin: 0 0 1.5rem; padding: 0.6rem 1rem; max-width: none;
          border: 2px dashed var(--warn); color: var(--warn);
        }
        .verdict { margin-top: 1.75rem; padding: 1.25rem 1.5rem; border-left: 0.4rem solid; }
        .verdict h2 { margin: 0; font-size: 1rem; font-weight: 400; color: var(--soft); }
        .verdict .answer { margin: 0.1rem 0 0.5rem; font-size: 1.5rem; line-height: 1.25; }
        .verdict p { color: var(--ink); }
        .verdict .answer { font-weight: 650; color: inherit; }
        .clean { color: var(--good); background: var(--good-band); }
        .review { color: var(--warn); background: var(--warn-band); }
        .critical { color: var(--bad); background: var(--bad-band); }
        .info { color: var(--soft); background: var(--band); }
        .badge { padding: 0.1rem 0.5rem; border-radius: 1rem; font-size: 0.8125rem; }
        .badge { font-weight: 600; white-space: nowrap; }
        .figures {
          display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr));
          gap: 1rem 2rem; margin: 1rem 0 1.5rem;
        }
        .figures dt { font-size: 0.875rem; color: var(--soft); }
        .figures dd { margin: 0; font-size: 1.25rem; font-weight: 600; line-height: 1.3; }
        .figures dd { font-variant-numeric: tabular-nums; }
        .figures dd small { display: block; font-size: 0.875rem; font-weight: 400; }
        .figures dd { overflow-wrap: anywhere; }
        .figures dd div + div { font-size: 1rem; }
        nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 1.25rem 0 0; }
        nav ul { padding: 0; list-style: none; font-size: 0.9375rem; }
        a { color: inherit; text-decoration-color: var(--soft); text-underline-offset: 0.2em; }
        a:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
        .chart { margin: 1.25rem 0 1.5rem; max-width: 42rem; font-size: 0.9375rem; }
        .chart figcaption { padding: 0 0 0.35rem; color: var(--soft); font-size: 0.875rem; }
        .chart svg { display: block; overflow: visible; }
        .chart text { fill: var(--ink); }
        .chart .figure { font-variant-numeric: tabular-nums; }
        .chart line { stroke: var(--ink); }
        .settled { fill: var(--good-mark); }
        .awaited { fill: none; stroke: var(--mark); stroke-width: 1.5px; }
        .doubtful { fill: var(--bad-mark); }
        .plain { fill: var(--mark); }
        .scroll { overflow-x: auto; margin: 1rem 0 1.5rem; }
        .scroll:focus-visible { outline: 2px solid var(--soft); outline-offset: 2px; }
        table { width: 100%; border-collapse: collapse; font-size: 0.9375rem; }
        caption { padding: 0 0 0.5rem; text-align: left; color: var(--soft); font-size: 0.875rem; }
        th, td { padding: 0.5rem 0.75rem; text-align: left; vertical-align: top; }
        th:first-child, td:first-child { padding-left: 0; }
        th:last-child, td:last-child { padding-right: 0; }
        tbody tr, tfoot tr { border-top: 1px solid var(--line); }
        thead th { font-size: 0.8125rem; font-weight: 600; color: var(--soft); }
        thead th { vertical-align: bottom; }
        tbody th { font-weight: 500; }
        tfoot th, tfoot td { font-weight: 650; }
        tfoot tr:first-child { border-top: 2px solid var(--ink); }
        .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
        .number div + div { margin-top: 0.15rem; }
        .negative { color: var(--bad); }
        .about { margin: 0.15rem 0 0; font-weight: 400; font-size: 0.875rem; }
        .about { color: var(--soft); min-width: 14rem; max-width: 34rem; }
        .id { overflow-wrap: anywhere; }
        .record { min-width: 13rem; }
        .record .soft { display: inline-block; min-width: 4.75rem; }
        thead .number { white-space: normal; }
        .unseen { padding: 0 0.2em; border: 1px solid var(--bad); color: var(--bad); }
        .unseen { font-size: 0.85em; }
        footer { margin-top: 3.5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
        footer dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1.25rem; }
        footer dl { margin: 0; font-size: 0.875rem; color: var(--soft); }
        footer dd { margin: 0; overflow-wrap: anywhere; }
        @media screen and (max-width: 40rem) {
          body { padding: 1.25rem 1rem 3rem; }
          h1 { font-size: 1.4rem; }
          h2 { margin-top: 2.25rem; }
          .verdict { margin-left: -1rem; margin-right: -1rem; padding: 1rem 1rem 1rem 0.75rem; }
          .verdict .answer { font-size: 1.3rem; }
          th, td { padding: 0.45rem 0.5rem; }
          table { font-size: 0.875rem; }
          .about, .record { min-width: 0; }
          .figures { grid-template-columns: 1fr 1fr; gap: 1rem; }
          .figures dd { font-size: 1.2rem; }
          .broad, .broad tbody, .broad tr, .broad th, .broad td, .broad caption {
            display: block; width: auto;
          }
          .broad thead { position: absolute; width: 1px; height: 1px; overflow: hidden; }
          .broad thead { clip-path: inset(50%); }
          .broad tr { padding: 0.6rem 0; }
          .broad th, .broad td { padding: 0.1rem 0; }
          .broad td { display: grid; grid-template-columns: 6.5rem 1fr; gap: 0 0.75rem; }
          .broad td::before { content: attr(data-label); color: var(--soft); grid-row: 1 / 9; }
          .broad td > * { grid-column: 2; justify-self: start; }
          .broad .number { text-align: right; white-space: normal; }
          .broad .number::before { text-align: left; }
          .broad .number > * { justify-self: end; }
          .broad td:empty { display: none; }
        }
        @media print {
          :root {
            color-scheme: light;
            --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --band: #fff;
            --good: #14532d; --good-band: #fff; --warn: #6b4600; --warn-band: #fff;
            --bad: #8f1613; --bad-band: #fff;
            --mark: #888; --good-mark: #3f7f9c; --bad-mark: #b4471f;
          }
          @page { margin: 16mm 14mm; }
          html { font-size: 9.5pt; }
          body { max-width: none; padding: 0; line-height: 1.4; }
          h2 { margin-top: 1.75rem; break-after: avoid; }
          th, td { padding: 0.3rem 0.5rem; }
          .scroll { overflow: visible; }
          caption { break-after: avoid; }
          tr, .verdict, .figures { break-inside: avoid; }
          thead { display: table-header-group; }
          tfoot { display: table-row-group; break-before: avoid; }
          .badge { padding: 0; }
          .about, .record { min-width: 0; }
          nav { display: none; }
          .chart { break-inside: avoid; }
        }
        """
}
