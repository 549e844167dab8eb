import type { Policy } from '../../core/model/policy.ts';
import type { AcceptedRisk } from '../../core/audit/register.ts';
import type { InventoryLine, ThreatLine } from '../../core/audit/model-register.ts';
import { digestOf } from '../../core/digest.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import { code, markdown } from '../../core/report/escape.ts';
import { count } from '../../core/report/outline.ts';
import type { IssueDraft } from '../hosting.ts';
import { text } from '../pull-request/said.ts';
import type { RepositoryRef } from '../work.ts';

/** What a reviewer is to look at, as it is on record when the issue is written. */
export interface Context {
  readonly policy: Policy;
  readonly components: readonly Pick<InventoryLine, 'name' | 'type'>[];
  /** Not mitigated, accepted or done away with. */
  readonly openThreats: readonly Pick<ThreatLine, 'threat' | 'severity' | 'about'>[];
  /** Those that run out before the next review is due, or have run out. */
  readonly expiring: readonly Pick<AcceptedRisk, 'address' | 'question' | 'owner' | 'expires'>[];
  /** What did not go the ordinary way since the last review. */
  readonly exceptions: readonly Pick<AuditRecord, 'kind' | 'pullRequest' | 'commit' | 'details' | 'at'>[];
}

/** By this an issue is found again; whoever takes it away risks a second one. */
export const REVIEW_LABEL = 'threatgate:review';

/** Lines of each list. */
const MOST = 30;
const LONGEST_TITLE = 200;
const MOST_ASSIGNEES = 10;

/** Hidden in the text: names the review, and no other repository’s. */
export const markerOf = ({ id }: RepositoryRef, source: string): string =>
  `<!-- threatgate:review ${digestOf(`${id} ${source}`)} -->`;

export function reviewIssue(repository: RepositoryRef, opened: AuditRecord, context: Context): IssueDraft {
  const { details } = opened;
  const said = (key: string): string => text(details[key]) ?? '';
  const owners = said('owner')
    .split(', ')
    .filter((owner) => owner !== '');
  const due = said('due').slice(0, 10);
  const named = owners.map((owner) => mention(owner, context.policy));
  const body = [
    `This review is due by **${due}**${named.length > 0 ? `, and ${named.join(', ')} ${named.length === 1 ? 'sees' : 'see'} to it` : ''}.`,
    `${cause(details)}: ${markdown(said('subject'))}.`,
    ...about(details),
    ...scopeOf(details, context),
    '',
    '**When it is held**, somebody who may approve comments what came of it, and who took part:',
    '',
    '```text',
    '/threatgate reviewed What was looked at, and what came of it; with @login',
    '```',
    '',
    'Closing this issue as completed says the same with fewer words. Whoever had a part in what is reviewed cannot do either.',
    '',
    markerOf(repository, opened.source),
  ];
  return {
    title: `Threat model review due ${due}: ${plainTitle(said('subject'))}`
      .slice(0, LONGEST_TITLE)
      .toWellFormed(),
    body: body.join('\n'),
    labels: [REVIEW_LABEL],
    assignees: owners.filter((owner) => LOGIN.test(owner)).slice(0, MOST_ASSIGNEES),
  };
}

const LOGIN = /^[a-z\d](?:[a-z\d_-]{0,38})$/i;
const NAME = /^[\w-]{1,100}(?:\/[\w.-]{1,100})?$/;

/** Whom the policy names may be told of it. Any other name is a text that somebody wrote. */
function mention(owner: string, { review }: Policy): string {
  return review.owners.includes(owner) && NAME.test(owner) ? `@${owner}` : markdown(owner);
}

/** A title is no Markdown, but GitHub links mentions in it. */
const plainTitle = (subject: string): string => subject.replace(/[\p{C}\s]+/gu, ' ').replaceAll('@', '');

const CAUSES: Readonly<Record<string, string>> = {
  schedule: 'By schedule',
  incident: 'After an incident',
  finding: 'For a finding',
  bypass: 'Past the gate',
};

const cause = ({ cause }: AuditRecord['details']): string => CAUSES[text(cause) ?? ''] ?? 'To be reviewed';

function about({ incident, rules, location }: AuditRecord['details']): readonly string[] {
  return [
    ...(text(incident) === undefined ? [] : [`Incident: ${code(text(incident) ?? '')}`]),
    ...(Array.isArray(rules) && rules.length > 0
      ? [
          `Rules: ${rules
            .slice(0, MOST)
            .map((rule) => code(String(rule)))
            .join(', ')}`,
        ]
      : []),
    ...(text(location) === undefined ? [] : [`Found at: ${code(text(location) ?? '')}`]),
  ];
}

function scopeOf(details: AuditRecord['details'], context: Context): readonly string[] {
  const only = Array.isArray(details['components']) ? details['components'].map(String) : undefined;
  const components = only?.map((name) => ({ name, type: undefined })) ?? context.components;
  return [
    ...list(
      'Components',
      components,
      (c) => `${markdown(c.name)}${c.type === undefined ? '' : ` (${markdown(c.type)})`}`,
    ),
    ...list(
      'Open threats',
      context.openThreats.filter((t) => only === undefined || t.about.some((name) => only.includes(name))),
      (t) => `${markdown(t.threat)} (${markdown(t.severity)})`,
    ),
    ...list(
      'Accepted risks that run out',
      context.expiring,
      (r) =>
        `${code(r.question)} ${code(r.address)}, ${markdown(r.owner)}, ${(r.expires ?? 'without end').slice(0, 10)}`,
    ),
    ...list('Exceptions since the last review', context.exceptions, exception),
  ];
}

function exception({ kind, pullRequest, commit, details, at }: Context['exceptions'][number]): string {
  const what = pullRequest === undefined ? code((commit ?? '').slice(0, 12)) : `#${pullRequest}`;
  const why = text(details['reason']);
  return `${at.slice(0, 10)} ${kind} ${what}${why === undefined ? '' : `: ${markdown(why.slice(0, 300))}`}`;
}

function list<T>(title: string, items: readonly T[], line: (item: T) => string): readonly string[] {
  if (items.length === 0) return [];
  const more = items.length - MOST;
  return [
    '',
    `**${title}**`,
    '',
    ...items.slice(0, MOST).map((item) => `- [ ] ${line(item)}`),
    ...(more > 0 ? [`- and ${count(more, 'more', 'more')}`] : []),
  ];
}
