import { instantOf } from '../../core/audit/instants.ts';
import { happenedAt } from '../../core/audit/rebuilt.ts';
import { isChange } from '../../core/audit/change.ts';
import { NOT_ON_RECORD, text, texts } from '../../core/audit/details.ts';
import {
  exceptionRowsOf,
  peopleOfChange,
  placedChange,
  registerKey,
  waitOf,
  waitStep,
  type PlacedChange,
} from '../../core/audit/view-rows.ts';
import type { ChangeEntry } from '../../core/model/audit.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import { listKey, listKeys, variantKey } from './keys.ts';
import { LATEST } from './sql.ts';

/** That something stands in a list. */
export interface Entry {
  readonly list: string;
  readonly variant: string;
  readonly at: number;
  readonly repository: number;
  readonly record: number;
  readonly part: number;
}

export interface DerivedChange {
  readonly repository: number;
  readonly record: number;
  readonly pullRequest: number | undefined;
  readonly at: number;
  readonly entry: ChangeEntry;
  readonly entries: readonly Entry[];
  readonly emergencies: readonly DerivedEmergency[];
}

export interface DerivedEmergency {
  readonly part: number;
  readonly letThrough: boolean;
  /** Undefined where no date is on record: then it is never overdue. */
  readonly due: number | undefined;
  /** When the first review of it was known. */
  readonly done: number | undefined;
}

export interface DerivedAnswer {
  readonly repository: number;
  readonly record: number;
  readonly pullRequest: number | undefined;
  readonly kind: 'accept' | 'ticket' | 'control';
  /** In small letters; empty of everything but accepted risks. */
  readonly owner: string;
  readonly key: string;
  /** It stood from the first instant up to the second one. */
  readonly since: number;
  readonly until: number;
}

/** When a record is known: that is when it happened. */
export const knownAt = (record: AuditRecord): number => instantOf(happenedAt(record));

/** The lists in which a record stands by itself. */
export function entriesOfRecord(record: AuditRecord): readonly Entry[] {
  const { repository, sequence, kind, actor, details } = record;
  const variant = variantKey(kind, text(details['conclusion']) ?? '');
  const place = { at: knownAt(record), repository: repository.id, record: sequence, part: 0, variant };
  return listKeys('records', actor ? [actor] : [], texts(details['categories'])).map((list) => ({
    ...place,
    list,
  }));
}

/** The changes of a trail: of all records about one pull request, or of one push. */
export function changesIn(trail: readonly AuditRecord[]): readonly DerivedChange[] {
  return trail.filter((r) => r.kind === 'merged').map((r) => derivedChange(r, trail));
}

export const changeOfPush = (record: AuditRecord): DerivedChange => derivedChange(record, []);

/** A merge that names no pull request, and a push whatever it names: nothing else belongs to them. */
export const standsAlone = (record: AuditRecord): boolean =>
  isChange(record) && (record.kind === 'direct-push' || record.pullRequest === undefined);

function derivedChange(record: AuditRecord, trail: readonly AuditRecord[]): DerivedChange {
  const placed = placedChange(record, trail);
  const { change } = placed;
  const place = { at: instantOf(change.at), repository: record.repository.id, record: record.sequence };
  const exceptions = exceptionRowsOf(placed, trail, [], record.at);
  return {
    ...place,
    pullRequest: change.pullRequest,
    entry: change,
    entries: [...entriesOfChange(placed, trail, place), ...exceptionEntries(exceptions, place)],
    emergencies: exceptions.flatMap((row, part) =>
      row.kind === 'emergency'
        ? {
            part,
            letThrough: row.details['letThrough'] === true,
            due: row.due === undefined || Number.isNaN(instantOf(row.due)) ? undefined : instantOf(row.due),
            done: reviewedAt(trail, row.record),
          }
        : [],
    ),
  };
}

type Spot = Pick<Entry, 'at' | 'repository' | 'record'>;

function entriesOfChange(placed: PlacedChange, trail: readonly AuditRecord[], place: Spot): readonly Entry[] {
  const { change } = placed;
  const lists = listKeys('changes', peopleOfChange(change), change.verdict?.categories ?? []);
  const wait = waitOf(placed, trail);
  return [
    ...lists.map((list) => ({ ...place, part: 0, list, variant: variantKey(change.way) })),
    ...(wait === undefined
      ? []
      : [{ ...place, part: 0, list: listKey('waits'), variant: variantKey(String(waitStep(wait))) }]),
  ];
}

const exceptionEntries = (rows: ReturnType<typeof exceptionRowsOf>, place: Spot): readonly Entry[] =>
  rows.map((row, part) => ({
    ...place,
    part,
    list: listKey('exceptions'),
    variant: variantKey(row.kind),
  }));

function reviewedAt(trail: readonly AuditRecord[], emergency: number): number | undefined {
  const source = trail.find((r) => r.sequence === emergency)?.source;
  const times = trail.filter((r) => r.kind === 'review-done' && r.details['of'] === source).map(knownAt);
  return times.length === 0 ? undefined : Math.min(...times);
}

const ANSWERS: readonly unknown[] = ['accept', 'ticket', 'control'];

/**
 * When each answer of a trail stood: from when it is known until a later one to the same question is. One that was overtaken
 * before it was known never stood; another kind of answer ends what was there and is in no register.
 */
export function answersIn(trail: readonly AuditRecord[]): readonly DerivedAnswer[] {
  const ends = new Map<string, number>();
  const found: DerivedAnswer[] = [];
  for (const record of trail.toReversed()) {
    if (record.kind !== 'answered') continue;
    const place = questionOf(record);
    const since = knownAt(record);
    const until = ends.get(place) ?? LATEST;
    ends.set(place, Math.min(until, since));
    if (since < until && ANSWERS.includes(record.details['answer']))
      found.push({ ...answerOf(record), since, until });
  }
  return found;
}

const part = ({ details }: AuditRecord, key: string): string => text(details[key]) ?? '';

const questionOf = (record: AuditRecord): string =>
  JSON.stringify(['question', 'scope', 'address'].map((key) => part(record, key)));

function answerOf(record: AuditRecord): Omit<DerivedAnswer, 'since' | 'until'> {
  const { repository, sequence, pullRequest, details } = record;
  const kind = details['answer'] as DerivedAnswer['kind'];
  return {
    repository: repository.id,
    record: sequence,
    pullRequest,
    kind,
    owner: kind === 'accept' ? (text(details['owner']) ?? NOT_ON_RECORD).toLowerCase() : '',
    key: registerKey({
      scope: part(record, 'scope'),
      address: part(record, 'address'),
      question: text(details['question']) ?? NOT_ON_RECORD,
    }),
  };
}

/** Two lists, so that what stood at an instant is a difference of two counts: what had begun, and what had ended. */
export function entriesOfAnswer(answer: DerivedAnswer): readonly Entry[] {
  const { repository, record, kind, owner, since, until } = answer;
  const of = (subject: 'answers' | 'answers-ended', at: number): readonly Entry[] =>
    [listKey(subject), ...(owner === '' ? [] : [listKey(subject, { owner })])].map((list) => ({
      list,
      variant: variantKey(kind),
      at,
      repository,
      record,
      part: 0,
    }));
  return [...of('answers', since), ...(until < LATEST ? of('answers-ended', until) : [])];
}
