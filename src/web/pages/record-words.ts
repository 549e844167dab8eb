import { text, textIn } from '../../core/audit/details.ts';
import type { AuditRecord, RecordKind } from '../../core/model/record.ts';
import { conclusionBadge, type Tone } from '../layout/badge.ts';
import { html, type Content } from '../layout/html.ts';
import { day, moment } from '../layout/instant.ts';
import { code, foreign, prose } from '../layout/words.ts';
import { GATE_SAYS } from './records-gate-words.ts';
import { KIND_WORDS } from './records-kinds.ts';

/** A record was written by whatever version was running then: a kind that is not known here is called what it is. */
export const wordsOf = (kind: string): readonly [Tone, string] =>
  Object.hasOwn(KIND_WORDS, kind) ? KIND_WORDS[kind as RecordKind] : ['notice', kind.slice(0, 60)];

/** What it says, in a line or two; undefined where the kind says it all. */
export function saysOf(record: AuditRecord): Content {
  return SAYS[record.kind]?.(record) ?? GATE_SAYS[record.kind]?.(record) ?? reasonOf(record);
}

type Says = (record: AuditRecord) => Content;

const field = ({ details }: AuditRecord, key: string): string | undefined => text(details[key]);

/** What whoever did it wrote, or why it is so. */
function reasonOf(record: AuditRecord): Content {
  const said = ['statement', 'reason', 'text', 'title'].flatMap((key) => field(record, key) ?? []);
  return said.length === 0 ? undefined : foreign(said.join(' '));
}

const SAYS: Readonly<Partial<Record<RecordKind, Says>>> = {
  evaluated: judged,
  merged: (record) =>
    html`Into ${named(record, 'baseRef')}. The check said ${named(record, 'check')}. ${judged(record)}`,
  'merge-group-evaluated': (record) =>
    html`${record.details['passes'] === true ? 'The group is proven' : 'The group is not proven'}${ended(field(record, 'reason'))}`,
  'questions-asked': ({ details }) => {
    const asked = details['questions'];
    return Array.isArray(asked)
      ? html`${joinedCodes(asked.filter((q) => typeof q === 'string'))}`
      : undefined;
  },
  answered,
  waived: (record) => html`${reasonOf(record)}${until(record)}`,
  emergency: (record) =>
    html`${field(record, 'incident') === undefined ? undefined : html`Incident ${named(record, 'incident')}: `}${reasonOf(record)}
    ${due(record, 'reviewDue')}`,
  'review-done': (record) => html`${reasonOf(record)} ${due(record, 'due')}`,
  'decision-refused': (record) =>
    html`Tried to ${foreign(field(record, 'decision') ?? 'decide', 60)}: ${reasonOf(record)}
    ${field(record, 'remedy') === undefined ? undefined : prose(field(record, 'remedy') ?? '')}`,
  'approval-ended': (record) => {
    const target = textIn(record.details['target'], 'login');
    return html`${target === undefined ? undefined : html`Decision of @${foreign(target, 100)}. `}${reasonOf(record)}`;
  },
  'direct-push': (record) =>
    html`To
    ${named(record, 'branch')}${record.details['forced'] === true ? ', with another history' : ''}${record.details['complete'] === false ? ', of which not every commit can be accounted for' : ''}.`,
  'gate-outage': (record) => html`From ${instant(record, 'from')} until ${instant(record, 'until')}.`,
  'policy-changed': (record) =>
    html`Rules
    ${named(record, 'after')}${field(record, 'before') === undefined ? ', the first on record' : html`, before ${named(record, 'before')}`}.`,
  'model-recorded': (record) => html`On ${named(record, 'branch')}.`,
  installed: (record) => html`GitHub said ${named(record, 'action')}.`,
  uninstalled: (record) => html`GitHub said ${named(record, 'action')}.`,
  'exception-explained': (record) =>
    html`${['cause', 'impact', 'response'].map((key) => {
      const said = field(record, key);
      return said === undefined
        ? undefined
        : html`${key.slice(0, 1).toUpperCase()}${key.slice(1)}: ${foreign(said)} `;
    })}`,
};

const named = (record: AuditRecord, key: string): Content => code(field(record, key) ?? 'not on record', 200);

const instant = (record: AuditRecord, key: string): Content => moment(field(record, key) ?? 'not on record');

const joinedCodes = (ids: readonly string[]): Content =>
  ids.slice(0, 60).map((id, i) => html`${i === 0 ? '' : ', '}${code(id, 60)}`);

const ended = (reason: string | undefined): Content =>
  reason === undefined ? '.' : html`: ${prose(reason)}`;

function judged(record: AuditRecord): Content {
  const conclusion = field(record, 'conclusion');
  const title = field(record, 'title');
  return html`${conclusion === undefined ? undefined : conclusionBadge(conclusion)}
  ${title === undefined ? undefined : prose(title)}`;
}

function until(record: AuditRecord): Content {
  const expires = field(record, 'expires');
  return expires === undefined ? undefined : html` Until ${day(expires)}.`;
}

function due(record: AuditRecord, key: string): Content {
  const at = field(record, key);
  return at === undefined ? undefined : html`Review due ${day(at)}.`;
}

const ANSWERS: Readonly<Record<string, string>> = {
  considered: 'thought through',
  open: 'open again',
  control: 'control',
  ticket: 'ticket',
  'not-applicable': 'does not apply',
  accept: 'risk accepted',
};

/** How an answer is called. */
export const answerWords = (answer: string | undefined): string =>
  answer !== undefined && Object.hasOwn(ANSWERS, answer)
    ? (ANSWERS[answer] ?? answer)
    : (answer ?? 'not on record');

function answered(record: AuditRecord): Content {
  const said = field(record, 'text');
  const owner = field(record, 'owner');
  return html`${named(record, 'question')} about ${named(record, 'address')}:
  ${foreign(answerWords(field(record, 'answer')), 60)}${said === undefined ? undefined : html`, ${foreign(said)}`}${owner === undefined ? undefined : html` Owner ${foreign(owner, 100)}.`}${until(record)}`;
}
