import { text, textIn } from '../../core/audit/details.ts';
import type { PageContext } from '../context.ts';
import { conclusionBadge, wayBadge } from '../layout/badge.ts';
import { digest } from '../layout/digest.ts';
import { section } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { exactly } from '../layout/instant.ts';
import { githubFrom } from '../layout/link.ts';
import { definitions } from '../layout/list.ts';
import { person, personInRole } from '../layout/person.ts';
import { code, foreign, prose } from '../layout/words.ts';
import type { PullRequest } from './pull-request.ts';

/** How it came in and why, before anything else. */
export function summarySection(context: PageContext, pull: PullRequest): SafeHtml {
  const { change } = pull;
  if (change === undefined) return section('summary', 'What it is', openSummary(context, pull));
  const { githubUrl } = context;
  const { verdict, repository } = change;
  const merged = pull.trail.find((r) => r.kind === 'merged');
  const mergeCommit = text(merged?.details['mergeCommit']);
  const [head, rules] = [change.commit, verdict?.rules];
  return section(
    'summary',
    'How it came in',
    definitions([
      ['Way', html`${wayBadge(change.way)} ${prose(change.why)}`],
      ['Author', person(change.author)],
      ['Merged by', personInRole(change.by)],
      ['Merged', html`${exactly(change.at)} into ${code(change.branch, 200)}`],
      ['Head commit', head === undefined ? undefined : githubFrom(githubUrl).commit(repository.name, head)],
      [
        'Merge commit',
        mergeCommit === undefined ? undefined : githubFrom(githubUrl).commit(repository.name, mergeCommit),
      ],
      [
        'Verdict at the merge',
        verdict &&
          html`${conclusionBadge(verdict.conclusion)} ${prose(verdict.title)}
            <a href="?record=${verdict.record}#verdict">Record ${verdict.record}</a>`,
      ],
      ['Without exceptions', withoutExceptions(merged?.details['withoutExceptions'])],
      [
        'Touches',
        verdict && verdict.categories.length > 0 ? foreign(verdict.categories.join(', '), 400) : undefined,
      ],
      [
        'Rules',
        rules === undefined
          ? undefined
          : html`${foreign(verdict?.mode ?? '', 40)}, version ${code(rules, 80)}${policyOf(verdict?.policy)}`,
      ],
      ['Content', verdict?.digest === undefined ? undefined : digest(verdict.digest)],
    ]),
  );
}

const withoutExceptions = (value: unknown): Content =>
  typeof value === 'string'
    ? html`It would have come to ${conclusionBadge(value)} without emergencies and waivers.`
    : undefined;

const policyOf = (policy: string | undefined): Content =>
  policy === undefined ? undefined : html`, policy ${digest(policy)}`;

/** Of what is not merged: who opened it, and what the last verdict says. */
function openSummary({ githubUrl }: PageContext, { trail, repository }: PullRequest): SafeHtml {
  const last = trail.findLast((r) => r.kind === 'evaluated');
  const login = textIn(last?.details['author'], 'login');
  const conclusion = text(last?.details['conclusion']);
  return definitions([
    [
      'State',
      trail.at(-1)?.kind === 'closed' ? 'Closed without a merge' : 'Not merged, as far as it is on record',
    ],
    ['Author', login === undefined ? undefined : html`@${foreign(login, 100)}`],
    ['Goes to', last && code(text(last.details['baseRef']) ?? 'not on record', 200)],
    [
      'Head commit',
      last?.commit === undefined ? undefined : githubFrom(githubUrl).commit(repository.name, last.commit),
    ],
    [
      'Last verdict',
      conclusion === undefined
        ? undefined
        : html`${conclusionBadge(conclusion)} ${prose(text(last?.details['title']) ?? '')}`,
    ],
  ]);
}
