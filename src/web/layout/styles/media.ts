/** Narrow screens, paper, and readers who do not want things to move. */
export const MEDIA = `
@media screen and (max-width: 46rem) {
  header.top .bar, main, footer, .banners { padding-left: 0.875rem; padding-right: 0.875rem; }
  main > section, main > .panel { padding: 0.875rem; }
  nav.main ul { flex-wrap: nowrap; overflow-x: auto; padding: 0 0.375rem; scrollbar-width: thin; }
  nav.main a { white-space: nowrap; }
  .filter { padding: 0.75rem 0.875rem; }
  .field { flex: 1 1 8.5rem; }
  .filter .buttons { flex: 1 1 100%; padding-top: 0; }
  .field input, .field select { width: 100%; }
  .definitions > div { grid-template-columns: minmax(0, 1fr); }
  table.data thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table.data, table.data caption, table.data tbody, table.data tr { display: block; }
  table.data tbody tr { border-bottom: 1px solid var(--line); padding: 0.5rem 0; }
  table.data tbody tr:last-child { border-bottom: 0; }
  table.data tbody > tr > * { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: 0 0.75rem; border: 0; padding: 0.125rem 0; text-align: left; width: auto; }
  table.data tbody > tr > .wide { width: auto; }
  table.data tbody > tr > .number { text-align: left; }
  table.data tbody > tr > * > .cell { min-width: 0; }
  table.data tbody > tr > *:has(> .cell:empty) { display: none; }
  .digest { white-space: normal; }
  .diagram svg { max-width: none; }
  table.data tbody > tr > *::before { content: attr(data-title) / ""; color: var(--muted); font-size: 0.8125rem; font-weight: 400; }
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
}
@media screen and (min-width: 46.0625rem) {
  table.data tbody th > .cell { min-width: 8.75rem; }
}
@media (prefers-reduced-motion: reduce) {
  *, *::before, *::after { animation: none !important; transition: none !important; scroll-behavior: auto !important; }
}
@media (forced-colors: active) {
  .badge, .banner, .timeline .mark { border: 1px solid; }
}
@page { margin: 16mm 14mm; }
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --surface: #ffffff; --sunken: #ffffff; --ink: #000000; --muted: #3c3c3c; --line: #bbbbbb; --edge: #666666; --accent: #000000;
    --good: #17602e; --good-bg: #ffffff; --good-line: #17602e; --calm: #333333; --calm-bg: #ffffff; --calm-line: #777777;
    --notice: #0a4a85; --notice-bg: #ffffff; --notice-line: #0a4a85; --warning: #744600; --warning-bg: #ffffff; --warning-line: #744600;
    --bad: #9c1420; --bad-bg: #ffffff; --bad-line: #9c1420;
    --bar-plain: #0b5394; --bar-pale: #9db4cb; --bar-striped: #b06f00; --bar-crossed: #b3202e; --bar-dotted: #5b6673; --pattern: #ffffff;
  }
  body { font-size: 9.5pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .skip, nav.main, .filter, .pager, .viewer form, .copy, .actions, .banner.notice { display: none !important; }
  header.top .bar, main, footer, .banners { padding-left: 0; padding-right: 0; max-width: none; }
  main > section, main > .panel { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 0.5rem 0; margin: 0; }
  section > h2, h3, figcaption, summary, thead { break-after: avoid; }
  tr, .timeline > li, .chart, .diagram, .figures li, .facts > li { break-inside: avoid; }
  thead { display: table-header-group; }
  a { text-decoration: none; }
  .outside::after { content: " (" attr(href) ")"; }
  .document { max-height: none; overflow: visible; }
  .badge, .role, .hint { font-size: 8pt; }
  .timeline > li { margin-left: 0.875rem; }
  table.data { font-size: 8.5pt; }
  table.data .cell, table.data .wide .cell { min-width: 4.5rem; }
  .definitions > div { grid-template-columns: 9rem minmax(0, 1fr); padding: 0.125rem 0; font-size: 9pt; }
  .facts p, .judgements p { font-size: 9pt; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .digest { white-space: normal; }
  .digest:not(.whole, table *) { font-size: 0; } .digest:not(.whole, table *)::after { content: attr(data-copy); font-size: 7.5pt; word-break: break-all; }
  .diagram .scroll { overflow: visible; border: 0; padding: 0; }
}
`;
