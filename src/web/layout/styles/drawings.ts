/** Charts, the timeline of a pull request, its verdict and its diagram. */
export const DRAWINGS = `
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); gap: 1rem; margin-bottom: 1rem; }
.chart { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: 0.75rem 1rem; margin: 0; min-width: 0; }
.chart figcaption { font-weight: 650; margin-bottom: 0.25rem; }
.chart > svg { display: block; width: 100%; max-width: 30rem; height: auto; }
.chart .hint { margin: 0.25rem 0; }
.scale line { stroke: var(--line); stroke-width: 1; }
.scale text, .axis text { fill: var(--muted); font: 10.5px var(--sans); }
.line path { fill: none; stroke-width: 2; }
.line.good path { stroke: var(--bar-plain); } .line.good circle { fill: var(--bar-plain); }
.line.bad path { stroke: var(--bar-crossed); } .line.bad circle { fill: var(--bar-crossed); }
.fill-plain rect { fill: var(--bar-plain); } .fill-pale rect { fill: var(--bar-pale); }
.fill-striped rect:not(.pattern) { fill: var(--bar-striped); } .fill-crossed rect:not(.pattern) { fill: var(--bar-crossed); } .fill-dotted rect:not(.pattern) { fill: var(--bar-dotted); }
pattern .ink { stroke: var(--pattern); stroke-width: 1; fill: none; } pattern .dot { fill: var(--pattern); }
.legend { display: flex; flex-wrap: wrap; gap: 0.125rem 1rem; list-style: none; padding: 0; margin: 0.25rem 0; font-size: 0.8125rem; }
.legend svg { vertical-align: -2px; }

.timeline { list-style: none; padding: 0; margin: 0; }
.timeline > li { position: relative; padding: 0 0 1rem 1.75rem; border-left: 2px solid var(--line); margin-left: 0.4375rem; }
.timeline > li:last-child { border-left-color: transparent; padding-bottom: 0; }
.timeline .mark { position: absolute; left: -0.8125rem; top: 0; width: 1.5rem; height: 1.5rem; border-radius: 50%; border: 2px solid var(--calm-line); background: var(--surface); color: var(--calm); text-align: center; font-size: 0.75rem; line-height: 1.25rem; font-weight: 700; }
.timeline .mark.good { border-color: var(--good-line); color: var(--good); background: var(--good-bg); }
.timeline .mark.notice { border-color: var(--notice-line); color: var(--notice); background: var(--notice-bg); }
.timeline .mark.warning { border-color: var(--warning-line); color: var(--warning); background: var(--warning-bg); }
.timeline .mark.bad { border-color: var(--bad-line); color: var(--bad); background: var(--bad-bg); }
.event-head { display: flex; flex-wrap: wrap; gap: 0 0.75rem; align-items: baseline; }
.event-head h3 { margin: 0; font-size: 0.9375rem; }
.event-what { margin: 0.125rem 0; }
.event-what:empty { display: none; }
.event-foot { display: flex; flex-wrap: wrap; gap: 0 1rem; font-size: 0.8125rem; color: var(--muted); margin: 0.125rem 0 0; }
.timeline > li:target { background: var(--notice-bg); }
blockquote { margin: 0.25rem 0; padding: 0.125rem 0 0.125rem 0.75rem; border-left: 3px solid var(--line); }

.judgements, .judgements ul { list-style: none; padding: 0; margin: 0; }
.judgements ul { padding-left: 1rem; margin-left: 0.5rem; border-left: 1px solid var(--line); }
.judgements li { padding: 0.25rem 0; }
.judgements .title { font-weight: 600; }
.judgements p { margin: 0.0625rem 0; font-size: 0.875rem; }
.facts { list-style: none; padding: 0; margin: 0 0 0.75rem; }
.facts > li { padding: 0.375rem 0; border-bottom: 1px solid var(--line); }
.facts > li:last-child { border-bottom: 0; }
.facts p { margin: 0.125rem 0; font-size: 0.875rem; }
h3 .role { font-weight: 400; }
.facts .place { font-size: 0.8125rem; color: var(--muted); }

.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1rem; }
.diagram { margin: 0; min-width: 0; }
.diagram figcaption { font-weight: 650; font-size: 0.875rem; margin-bottom: 0.375rem; }
.diagram .scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); padding: 0.5rem; }
.diagram svg { display: block; height: auto; max-width: 100%; }
.diagram text { fill: var(--ink); font: 12px var(--sans); }
.diagram .small { fill: var(--muted); font-size: 10px; }
.diagram .box { fill: none; stroke: var(--edge); stroke-dasharray: 6 4; }
.diagram .shape { fill: var(--sunken); stroke: var(--edge); stroke-width: 1.25; }
.diagram .context .shape { stroke-dasharray: 2 3; fill: var(--surface); }
.diagram .new .shape { stroke: var(--good); stroke-width: 2.5; fill: var(--good-bg); }
.diagram .changed .shape { stroke: var(--warning); stroke-width: 2.5; fill: var(--warning-bg); }
.diagram .removed .shape { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 7 4; fill: var(--bad-bg); }
.diagram .new .word { fill: var(--good); } .diagram .changed .word { fill: var(--warning); } .diagram .removed .word { fill: var(--bad); }
.diagram .word { font-size: 10px; font-weight: 700; }
.diagram .flow { fill: none; stroke: var(--edge); stroke-width: 1.5; }
.diagram .flow.new { stroke: var(--good); stroke-width: 2.5; } .diagram .flow.removed { stroke: var(--bad); stroke-dasharray: 7 4; }
.diagram .tip { fill: var(--edge); } .diagram .tip.new { fill: var(--good); } .diagram .tip.removed { fill: var(--bad); }
`;
