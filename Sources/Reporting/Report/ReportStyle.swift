/// How `report.html` looks beyond what every page has: the verdict, pictures, and lists of breaks.
enum ReportStyle {
    /// The style sheet, which follows the one of every page.
    static let sheet = """
        :root {
          --band: #f4f4ef; --good-band: #e8f3ec; --warn: #7d5200; --warn-band: #fbf1dc;
          --bad-band: #fbeae8; --mark: #8b939c; --good-mark: #3f7f9c; --bad-mark: #b4471f;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --band: #1e2125; --good-band: #17291f; --warn: #e7bd6a; --warn-band: #2d2515;
            --bad-band: #331c1b; --mark: #767e87; --good-mark: #5ba3c2; --bad-mark: #e0784a;
          }
        }
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
        .figures dd small { display: block; font-size: 0.875rem; font-weight: 400; }
        nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 1.25rem 0 0; }
        nav ul { padding: 0; list-style: none; font-size: 0.9375rem; }
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
        .record { min-width: 13rem; }
        .record .soft { display: inline-block; min-width: 4.75rem; }
        @media screen and (max-width: 40rem) {
          .verdict { margin-left: -1rem; margin-right: -1rem; padding: 1rem 1rem 1rem 0.75rem; }
          .verdict .answer { font-size: 1.3rem; }
          .record { min-width: 0; }
        }
        @media print {
          :root {
            --band: #fff; --good-band: #fff; --warn: #6b4600; --warn-band: #fff;
            --bad-band: #fff; --mark: #888; --good-mark: #3f7f9c; --bad-mark: #b4471f;
          }
          .verdict { break-inside: avoid; }
          .badge { padding: 0; }
          .record { min-width: 0; }
          nav { display: none; }
          .chart { break-inside: avoid; }
        }
        """
}
