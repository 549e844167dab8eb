/** Elements as they are, and the frame of every page. */
export const BASE_STYLES = `
*, *::before, *::after { box-sizing: border-box; }
html { font-size: 100%; -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--page); color: var(--ink); font: 0.9375rem/1.5 var(--sans); overflow-wrap: anywhere; }
h1, h2, h3, h4 { line-height: 1.25; margin: 0; text-wrap: balance; }
h1 { font-size: 1.5rem; font-weight: 650; letter-spacing: -0.01em; }
h2 { font-size: 1.125rem; font-weight: 650; margin-bottom: 0.625rem; }
h3 { font-size: 1rem; font-weight: 650; margin: 1rem 0 0.375rem; }
p, ul, ol, dl { margin: 0 0 0.75rem; }
ul, ol { padding-left: 1.25rem; }
a { color: var(--accent); text-underline-offset: 0.15em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
main:focus { outline: none; }
code, pre { font-family: var(--mono); font-size: 0.875em; }
bdi { unicode-bidi: isolate; }
time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.muted, .role, .hint { color: var(--muted); }
.role, .hint { font-size: 0.8125rem; }
.visually-hidden { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 0.5rem; top: -4rem; z-index: 2; padding: 0.5rem 1rem; background: var(--surface); border: 1px solid var(--edge); border-radius: var(--radius); }
.skip:focus { top: 0.5rem; }

header.top { background: var(--surface); border-bottom: 1px solid var(--line); }
header.top .bar, header.top ul, main, footer, .banners { max-width: 78rem; margin: 0 auto; padding: 0 1.25rem; }
header.top .bar { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0.25rem 1.5rem; padding-top: 0.75rem; }
.product { font-weight: 700; font-size: 1.0625rem; color: var(--ink); text-decoration: none; }
.product span { font-weight: 400; color: var(--muted); }
.viewer { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.75rem; margin: 0; font-size: 0.875rem; }
.viewer p { margin: 0; }
nav.main ul { display: flex; flex-wrap: wrap; gap: 0 0.125rem; list-style: none; margin-top: 0.375rem; padding-left: 0.625rem; padding-right: 0.625rem; }
nav.main a { display: block; padding: 0.5rem 0.625rem 0.4375rem; color: var(--muted); text-decoration: none; border-bottom: 3px solid transparent; font-size: 0.875rem; }
nav.main a:hover { color: var(--ink); border-bottom-color: var(--line); }
nav.main a[aria-current] { color: var(--ink); font-weight: 650; border-bottom-color: var(--accent); }
main { padding-top: 1.25rem; padding-bottom: 2rem; min-height: 60vh; }
main > section, main > .panel { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: 1rem 1.25rem 1.125rem; margin-bottom: 1rem; }
footer { padding-top: 1rem; padding-bottom: 1.5rem; border-top: 1px solid var(--line); color: var(--muted); font-size: 0.8125rem; }
footer p { margin: 0 0 0.25rem; }

.banners { padding-top: 0.75rem; }
.banner { border: 1px solid var(--notice-line); border-left-width: 5px; background: var(--notice-bg); color: var(--notice); border-radius: var(--radius); padding: 0.5rem 0.875rem; margin-bottom: 0.5rem; }
.banner.warning { border-color: var(--warning-line); background: var(--warning-bg); color: var(--warning); }
.banner.bad { border-color: var(--bad-line); background: var(--bad-bg); color: var(--bad); }
.banner a { color: inherit; }
.banner p:last-child { margin: 0; }

.trail ol { display: flex; flex-wrap: wrap; list-style: none; padding: 0; margin: 0 0 0.25rem; font-size: 0.875rem; }
.trail li::after { content: "/"; padding: 0 0.5rem; color: var(--muted); }
.heading { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0.25rem 1.5rem; margin-bottom: 0.5rem; }
.heading h1 { min-width: 0; }
.actions { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; padding: 0; margin: 0; font-size: 0.875rem; }
.lead { color: var(--muted); max-width: 52rem; margin-bottom: 1rem; }
`;
