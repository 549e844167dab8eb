/** Tables, forms, badges, lists: one block for each component. */
export const PARTS = `
table.data { width: 100%; border-collapse: collapse; font-size: 0.875rem; }
table.data caption { text-align: left; color: var(--muted); padding-bottom: 0.375rem; font-size: 0.8125rem; }
table.data th, table.data td { text-align: left; vertical-align: top; padding: 0.4375rem 0.75rem 0.4375rem 0; border-bottom: 1px solid var(--line); }
table.data thead th { font-size: 0.8125rem; font-weight: 600; color: var(--muted); border-bottom: 1px solid var(--edge); vertical-align: bottom; white-space: nowrap; }
table.data tbody th { font-weight: 500; }
table.data tbody tr:last-child > * { border-bottom: 0; }
table.data tbody tr:hover { background: var(--sunken); }
table.data tr:target { background: var(--notice-bg); }
table.data th, table.data td { min-width: 5.75rem; }
table.data .number { min-width: 0; }
table.data .cell > ul { margin: 0.25rem 0 0; padding-left: 1rem; }
table.data .number { text-align: right; font-variant-numeric: tabular-nums; }
table.data .wide { width: 50%; }
table.data .cell { display: block; min-width: 6.75rem; }
table.data .number .cell { min-width: 0; }
table.data .wide .cell { min-width: 13rem; }
table.data > * > tr > *:last-child { padding-right: 0; }

.badge { display: inline-block; padding: 0 0.5rem; border: 1px solid var(--calm-line); border-radius: 999px; background: var(--calm-bg); color: var(--calm); font-size: 0.8125rem; font-weight: 600; line-height: 1.5; white-space: nowrap; max-width: 100%; overflow: hidden; text-overflow: ellipsis; vertical-align: bottom; }
.badge.good { border-color: var(--good-line); background: var(--good-bg); color: var(--good); }
.badge.notice { border-color: var(--notice-line); background: var(--notice-bg); color: var(--notice); }
.badge.warning { border-color: var(--warning-line); background: var(--warning-bg); color: var(--warning); }
.badge.bad { border-color: var(--bad-line); background: var(--bad-bg); color: var(--bad); }

.definitions { margin: 0; }
.definitions > div { display: grid; grid-template-columns: 11rem minmax(0, 1fr); gap: 0 1rem; padding: 0.3125rem 0; border-bottom: 1px solid var(--line); font-size: 0.875rem; }
.definitions > div:last-child { border-bottom: 0; }
.definitions dt { color: var(--muted); }
.definitions dd { margin: 0; min-width: 0; }
.definitions.narrow { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 0.5rem 1.5rem; }
.definitions.narrow > div { display: block; border: 0; padding: 0; }
.definitions ul { margin: 0; padding-left: 1rem; }

.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: 0.75rem; list-style: none; padding: 0; margin: 0 0 1rem; }
.figures li { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: 0.625rem 0.875rem; display: flex; flex-direction: column; }
.figure-title { font-size: 0.8125rem; color: var(--muted); }
.figure-value { font-size: 1.5rem; font-weight: 650; line-height: 1.3; font-variant-numeric: tabular-nums; }
.figures .muted { font-size: 0.8125rem; }

.filter { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 0.625rem 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: 0.75rem 1.25rem; margin-bottom: 1rem; }
.field { display: flex; flex-direction: column; gap: 0.125rem; min-width: 0; }
.field label, .several legend { font-size: 0.8125rem; font-weight: 600; }
.several { border: 0; margin: 0; padding: 0; min-width: 0; width: 100%; }
.choice { display: inline-flex; align-items: center; gap: 0.375rem; margin: 0.125rem 1rem 0.125rem 0; min-height: 1.75rem; font-size: 0.875rem; }
input, select, textarea, button { font: inherit; color: inherit; max-width: 100%; }
input[type="date"], input[type="text"], input[type="search"], input[type="number"], select, textarea { background: var(--surface); border: 1px solid var(--edge); border-radius: var(--radius); padding: 0.25rem 0.5rem; min-height: 2.25rem; }
input[type="number"] { width: 7rem; }
input[type="checkbox"], input[type="radio"] { width: 1.0625rem; height: 1.0625rem; accent-color: var(--accent); margin: 0; }
button, .button { background: var(--accent); color: var(--accent-ink); border: 1px solid var(--accent); border-radius: var(--radius); padding: 0.3125rem 0.875rem; min-height: 2.125rem; font-weight: 600; cursor: pointer; text-decoration: none; display: inline-block; }
button:hover, .button:hover { filter: brightness(1.1); }
button.quiet { background: transparent; color: var(--accent); border-color: var(--edge); min-height: 1.75rem; padding: 0.125rem 0.625rem; font-weight: 500; }
.buttons { display: flex; align-items: center; gap: 1rem; font-size: 0.875rem; }
.filter .buttons { padding-top: 1.375rem; }

.pager { display: flex; gap: 1.25rem; padding-top: 0.75rem; font-size: 0.875rem; }
.empty, .failure { color: var(--muted); padding: 0.25rem 0; max-width: 48rem; }
.failure { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: 1rem 1.25rem; color: var(--ink); }
.failure > div { margin-bottom: 0.5rem; }
.empty p:last-child, .failure > div:last-child { margin-bottom: 0; }

details { margin: 0.375rem 0; }
summary { cursor: pointer; color: var(--accent); font-size: 0.875rem; padding: 0.125rem 0; }
details[open] > summary { margin-bottom: 0.375rem; }
.document { background: var(--sunken); border: 1px solid var(--line); border-radius: var(--radius); padding: 0.75rem; margin: 0; max-height: 32rem; overflow: auto; white-space: pre-wrap; font-size: 0.8125rem; line-height: 1.45; }
.digest { white-space: nowrap; }
.digest.whole { white-space: normal; word-break: break-all; }
.copy { margin-left: 0.5rem; font-family: var(--sans); font-size: 0.75rem; }
.person { font-weight: 600; }
.outside::after { content: " ↗" / ""; color: var(--muted); text-decoration: none; }
.document + p, table.data + p { margin-top: 0.75rem; }
.diff ins, .diff del { text-decoration: none; display: inline-block; min-width: 100%; }
.diff ins { background: var(--good-bg); color: var(--good); }
.diff del { background: var(--bad-bg); color: var(--bad); }
`;
