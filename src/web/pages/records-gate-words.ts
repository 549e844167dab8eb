import { text, texts } from '../../core/audit/details.ts';
import type { AuditRecord, RecordKind } from '../../core/model/record.ts';
import { html, joined, type Content } from '../layout/html.ts';
import { day, moment } from '../layout/instant.ts';
import { code, foreign, grouped } from '../layout/words.ts';

type Says = (record: AuditRecord) => Content;

const MOST_SENTENCES = 6;

/** What records about the gate itself say, and those about what follows from exceptions. */
export const GATE_SAYS: Readonly<Partial<Record<RecordKind, Says>>> = {
  'rules-changed': ({ details }) =>
    html`${sentences('Begins', texts(details['begins']))} ${sentences('Ends', texts(details['ends']))}`,
  reconciled: ({ details }) => {
    const leftovers = details['leftovers'];
    const counted =
      typeof leftovers === 'number'
        ? `${grouped(leftovers)} left over`
        : 'How much is left over is not on record';
    const whole = details['complete'] === false ? ', and not everything could be reached' : '';
    return html`${branchOf(details)}from ${shown(details['from'])} to ${shown(details['to'])}:
    ${counted}${whole}.`;
  },
  'head-published': ({ details }) => {
    const { sequence } = details;
    const where = text(details['where']);
    return html`${typeof sequence === 'number' ? `Record ${grouped(sequence)}` : 'The end of the chain'}${where === undefined ? undefined : html`, shown in ${code(where, 100)}`}.`;
  },
  'hold-placed': holdOf,
  'hold-released': holdOf,
  rebuilt: ({ details }) =>
    html`What happened from ${shown(details['from'])} until ${shown(details['until'])}, as far as GitHub
    remembers.${missing(texts(details['missing']))}`,
  'review-opened': ({ details }) => {
    const [subject, due, owner] = ['subject', 'due', 'owner'].map((key) => text(details[key]));
    return html`${subject === undefined ? undefined : foreign(subject, 300)}${due === undefined ? undefined : html` Due ${day(due)}.`}${owner === undefined ? undefined : html` Owner ${foreign(owner, 100)}.`}`;
  },
  ticket: ({ details }) => {
    const [ticket, state, closed] = ['ticket', 'state', 'closedAt'].map((key) => text(details[key]));
    return html`${foreign(ticket ?? 'A ticket', 200)}:
    ${foreign(state ?? 'state not on record', 40)}${closed === undefined ? undefined : html`, closed ${day(closed)}`}.`;
  },
};

const shown = (value: AuditRecord['details'][string]): Content => {
  const at = text(value);
  return at === undefined ? 'not on record' : moment(at);
};

function branchOf(details: AuditRecord['details']): Content {
  const branch = text(details['branch']);
  return branch === undefined ? undefined : html`${code(branch, 100)} `;
}

function holdOf({ details }: AuditRecord): Content {
  const [hold, reason] = ['hold', 'reason'].map((key) => text(details[key]));
  return html`${hold === undefined ? undefined : html`${foreign(hold, 100)}: `}${reason === undefined ? undefined : foreign(reason, 400)}`;
}

function sentences(word: string, all: readonly string[]): Content {
  if (all.length === 0) return undefined;
  const left = all.length - MOST_SENTENCES;
  return html`<div>
    <span class="muted">${word}:</span> ${joined(
      all.slice(0, MOST_SENTENCES).map((each) => foreign(each, 300)),
      ' ',
    )}${left > 0 ? html` <span class="muted">and ${grouped(left)} more</span>` : undefined}
  </div>`;
}

const missing = (what: readonly string[]): Content =>
  what.length === 0
    ? undefined
    : html` Not seen:
      ${joined(
        what.slice(0, 5).map((each) => foreign(each, 200)),
        ' ',
      )}`;
