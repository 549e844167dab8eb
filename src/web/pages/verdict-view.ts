import type { Judgement, Verdict } from '../../core/model/verdict.ts';
import { examinedLine, outlineOf } from '../../core/report/outline.ts';
import { badge, conclusionBadge, stateBadge } from '../layout/badge.ts';
import { digest, wholeDigest } from '../layout/digest.ts';
import { section } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import type { GithubLinks } from '../layout/link.ts';
import { definitions } from '../layout/list.ts';
import { dataTable } from '../layout/table.ts';
import { code, foreign, prose } from '../layout/words.ts';
import { factsOf } from './verdict-facts.ts';
import { modelChanges } from './verdict-model.ts';

/** Where the files of a verdict are looked at. */
export interface Place {
  readonly repository: string;
  readonly github: GithubLinks;
}

/** What was judged, by what. */
export function verdictSummary(verdict: Verdict): SafeHtml {
  const { conclusion, title, mode, tool, policy, base, head, examined } = verdict;
  return definitions([
    ['Conclusion', html`${conclusionBadge(conclusion)} ${prose(title)}`],
    ['Mode', mode === 'enforce' ? 'enforced' : 'only observed'],
    ['Content', html`${wholeDigest(verdict.digest)} <span class="muted">what approvals are bound to</span>`],
    ['Policy', html`${code(policy.origin, 200)} ${digest(policy.digest)}`],
    [
      'Judged by',
      html`${tool.name} ${foreign(tool.version, 40)}, rules ${code(tool.rules, 80)}, catalogue
      ${code(tool.catalogue, 80)}`,
    ],
    ['Compared', html`${digest(base)} with ${digest(head)}`],
    ['Looked at', examinedLine(examined)],
  ]);
}

/** The tree of judgements as it was made: nothing is judged anew. */
export const judgementTree = (judgement: Judgement): SafeHtml =>
  html`<ul class="judgements">
    ${judgementItem(judgement, 0)}
  </ul>`;

/** Deeper than any tree of ours; what comes from a database may be anything. */
const MOST_DEPTH = 12;

function judgementItem(judgement: Judgement, depth: number): SafeHtml {
  const { id, title, state, reason, remedy, at, children } = judgement;
  const below = depth < MOST_DEPTH ? children.slice(0, 200) : [];
  const left = children.length - below.length;
  return html`<li>
    ${stateBadge(state)} <span class="title">${prose(title, 300)}</span>
    <span class="role">${foreign(id, 80)}</span>
    <p>
      ${prose(reason, 1_000)}${at === undefined ? undefined : html` <span class="muted">${code(`${at.file}:${at.line}`, 300)}</span>`}
    </p>
    ${remedy === undefined ? undefined : html`<p class="muted">What to do: ${prose(remedy, 1_000)}</p>`}${
      below.length > 0
        ? html`<ul>
            ${below.map((child) => judgementItem(child, depth + 1))}
          </ul>`
        : undefined
    }${left > 0 ? html`<p class="muted">${left} more in the document.</p>` : undefined}
  </li> `;
}

/** Everything that a verdict holds besides its tree and its diagram. */
export function verdictSections(verdict: Verdict, place: Place): readonly Content[] {
  const outline = outlineOf(verdict);
  return [
    section('facts', 'What changed, and what covers it', factsOf(verdict, outline, place)),
    outline.doubts.length + outline.notes.length === 0
      ? undefined
      : section('doubts', 'What could not be judged', doubtsOf(verdict)),
    section('model', 'What the threat model says otherwise', modelChanges(verdict, place)),
  ];
}

function doubtsOf({ doubts }: Verdict): SafeHtml {
  return dataTable({
    caption: 'A doubt never passes; a note is only shown',
    rows: doubts.slice(0, 200),
    columns: [
      { title: 'Code', kind: 'row', cell: (d) => code(d.code) },
      {
        title: 'Weight',
        cell: (d) => (d.weight === 'doubt' ? badge('bad', 'Doubt') : badge('notice', 'Note')),
      },
      {
        title: 'What',
        kind: 'wide',
        cell: (d) => html`${prose(d.message, 600)} <span class="muted">${prose(d.remedy, 600)}</span>`,
      },
      {
        title: 'Where',
        cell: (d) =>
          d.file === undefined
            ? undefined
            : code(`${d.file}${d.line === undefined ? '' : `:${d.line}`}`, 300),
      },
    ],
  });
}
