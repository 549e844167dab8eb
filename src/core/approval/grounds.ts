import { canonicalJson, digestOf } from '../digest.ts';
import type { Fact } from '../model/fact.ts';
import type { ModelChange, ModelDelta } from '../model/model-delta.ts';

/** More than this is not kept with an approval: nobody would read the difference. */
const MOST = 500;
/** Characters of one label. */
const LONGEST = 160;

/**
 * What a decision is about, one entry per deciding fact and per change of the model, kept with the approval so that later
 * it can be said what ended it: a digest of the meaning, a space, and a label for people. Sorted. Empty when there is
 * nothing, or more than can be kept.
 */
export function groundsOf(facts: readonly Fact[], model: ModelDelta): readonly string[] {
  const deciding = facts.filter((f) => f.deciding);
  if (deciding.length + model.changes.length > MOST) return [];
  return [...new Set([...deciding.map(ofFact), ...model.changes.map(ofModel)])].sort();
}

function ofFact(f: Fact): string {
  const meaning = { id: f.id, statement: f.statement, before: f.before, after: f.after, reaches: f.reaches };
  return entry(meaning, f.statement);
}

function ofModel(c: ModelChange): string {
  return entry(
    { op: c.op, element: c.element, key: c.key, meaning: c.meaning },
    `${c.element} “${c.name}” ${c.op} in the model`,
  );
}

function entry(meaning: object, label: string): string {
  return `${digestOf(canonicalJson(meaning)).slice('sha256:'.length, 'sha256:'.length + 12)} ${shorten(label)}`;
}

function shorten(label: string): string {
  return label.length > LONGEST ? `${label.slice(0, LONGEST).replace(/[\uD800-\uDBFF]$/, '')}…` : label;
}

const labelOf = (ground: string): string => ground.slice(ground.indexOf(' ') + 1);

/** Differences named in one sentence. */
const NAMED = 3;

/** What came and what went since, as the end of a sentence; undefined when the grounds do not tell. */
export function differenceOf(
  given: readonly string[] | undefined,
  now: readonly string[],
): string | undefined {
  if (!given || given.length === 0 || now.length === 0) return undefined;
  const [before, after] = [new Set(given), new Set(now)];
  const differences = [
    ...now.filter((g) => !before.has(g)).map((g) => `new: ${labelOf(g)}`),
    ...given.filter((g) => !after.has(g)).map((g) => `gone: ${labelOf(g)}`),
  ];
  if (differences.length === 0) return 'something behind the same facts changed';
  const more = differences.length - NAMED;
  return `${differences.slice(0, NAMED).join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}
