import type { AuditRecord } from '../model/record.ts';
import { NOT_ON_RECORD, text, texts } from './details.ts';
import { compare } from './order.ts';

/** Where something began or ended. */
export interface Mark {
  readonly record: number;
  readonly at: string;
}

/** Something about the set-up of the gate that held from one record to another. */
export interface ConfigurationLine {
  readonly repository: AuditRecord['repository'];
  readonly subject: 'app' | 'policy' | 'branch-rules' | 'legal-hold';
  /** One sentence. */
  readonly what: string;
  readonly since: Mark;
  /** Undefined while it holds. */
  readonly until: Mark | undefined;
  /** Digest of the document that has it in full, where there is one. */
  readonly document: string | undefined;
}

/** What a record begins and ends of one subject; `ends: 'all'` where only one thing holds at a time. */
interface Turn {
  readonly subject: ConfigurationLine['subject'];
  readonly begins: readonly string[];
  readonly ends: readonly string[] | 'all';
}

/**
 * The set-up of the gate over time, in order of repository name and beginning. `records`: all there are of the repositories;
 * each statement holds from the record that began it to the one that ended it, so that any instant can be asked about.
 */
export function configurationOf(records: readonly AuditRecord[]): readonly ConfigurationLine[] {
  const byRepository = Map.groupBy(records, (record) => record.repository.id);
  return [...byRepository.values()]
    .flatMap((own) => linesOf([...own].sort((a, b) => a.sequence - b.sequence)))
    .sort(inConfigurationOrder);
}

export const inConfigurationOrder = (a: ConfigurationLine, b: ConfigurationLine): number =>
  compare(a.repository.name, b.repository.name) ||
  a.repository.id - b.repository.id ||
  a.since.record - b.since.record ||
  compare(a.what, b.what);

function linesOf(records: readonly AuditRecord[]): readonly ConfigurationLine[] {
  const standing = new Map<string, ConfigurationLine>();
  const ended: ConfigurationLine[] = [];
  for (const record of records) {
    const turn = turnOf(record);
    if (turn === undefined) continue;
    const mark = { record: record.sequence, at: record.at };
    const over = [...standing].filter(
      ([, line]) => line.subject === turn.subject && (turn.ends === 'all' || turn.ends.includes(line.what)),
    );
    for (const [key, line] of over) {
      standing.delete(key);
      ended.push({ ...line, until: mark });
    }
    for (const what of turn.begins)
      standing.set(`${turn.subject} ${what}`, {
        repository: record.repository,
        subject: turn.subject,
        what,
        since: standing.get(`${turn.subject} ${what}`)?.since ?? mark,
        until: undefined,
        document: text(record.details['document']),
      });
  }
  return [...ended, ...standing.values()];
}

function turnOf({ kind, details }: AuditRecord): Turn | undefined {
  switch (kind) {
    case 'installed':
      return { subject: 'app', begins: ['The App is installed on the repository.'], ends: 'all' };
    case 'uninstalled':
      return { subject: 'app', begins: [], ends: 'all' };
    case 'policy-changed':
      return {
        subject: 'policy',
        begins: [`The rules of the gate are ${text(details['after']) ?? NOT_ON_RECORD}.`],
        ends: 'all',
      };
    case 'rules-changed':
      return {
        subject: 'branch-rules',
        begins: texts(details['begins']),
        ends: texts(details['ends']),
      };
    case 'hold-placed':
      return { subject: 'legal-hold', begins: [holdOf(details)], ends: [] };
    case 'hold-released':
      return { subject: 'legal-hold', begins: [], ends: [holdOf(details)] };
    default:
      return undefined;
  }
}

const holdOf = (details: AuditRecord['details']): string =>
  `Nothing may be removed: legal hold ${JSON.stringify(text(details['hold']) ?? NOT_ON_RECORD)}.`;

/** Statements about the rules of branches that hold after these records. */
export function heldRules(records: readonly AuditRecord[]): readonly string[] {
  return configurationOf(records)
    .filter(({ subject, until }) => subject === 'branch-rules' && until === undefined)
    .map(({ what }) => what);
}
