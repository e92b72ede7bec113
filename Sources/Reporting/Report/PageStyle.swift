/// How every page that a run leaves looks: on a screen by day and by night, on a phone, and on paper.
///
/// It has what a user's page needs and no more, as there is one for each user.
enum PageStyle {
    /// A page's content security policy: nothing is loaded, and no script runs, whatever it holds.
    static let policy = "default-src 'none'; style-src 'unsafe-inline'"

    /// The style sheet; it has no character that XML would take for markup.
    static let sheet = """
        :root {
          color-scheme: light dark;
          --paper: #fdfdfb; --ink: #1c1f23; --soft: #585f68; --line: #dcdcd6;
          --good: #1a6b3c; --bad: #a3201d;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #16181b; --ink: #e7e7e3; --soft: #a4abb3; --line: #34383d;
            --good: #7fd0a0; --bad: #f59a92;
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
        .mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
        .mono { font-size: 0.875em; }
        .soft { color: var(--soft); }
        .figures {
          display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr));
          gap: 1rem 2rem; margin: 1rem 0 1.5rem;
        }
        .figures dt { font-size: 0.875rem; color: var(--soft); }
        .figures dd { margin: 0; font-size: 1.25rem; font-weight: 600; line-height: 1.3; }
        .figures dd { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        .figures dd div + div { font-size: 1rem; }
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
          th, td { padding: 0.45rem 0.5rem; }
          table { font-size: 0.875rem; }
          .about { min-width: 0; }
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
            --paper: #fff; --ink: #000; --soft: #444; --line: #bbb;
            --good: #14532d; --bad: #8f1613;
          }
          @page { margin: 16mm 14mm; }
          html { font-size: 9.5pt; }
          body { max-width: none; padding: 0; line-height: 1.4; }
          h2 { margin-top: 1.75rem; break-after: avoid; }
          th, td { padding: 0.3rem 0.5rem; }
          .scroll { overflow: visible; }
          caption { break-after: avoid; }
          tr, .figures { break-inside: avoid; }
          thead { display: table-header-group; }
          tfoot { display: table-row-group; break-before: avoid; }
          .about { min-width: 0; }
        }
        """

    /// What pages with links have besides.
    static let links = """
        a { color: inherit; text-decoration-color: var(--soft); text-underline-offset: 0.2em; }
        a:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
        code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
        code { font-size: 0.875em; }
        """
}
