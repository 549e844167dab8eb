import { digestOf } from '../digest.ts';
import type { Judgement, Verdict } from '../model/verdict.ts';
import { byteLength } from './bytes.ts';
import { code, fence } from './escape.ts';
import { renderJson, toJson } from './json.ts';

/** Where in the audit trail it stands. */
export interface RecordReference {
  /** Number of the last record, and its hash: with it the chain up to here is pinned on GitHub. */
  readonly sequence: number;
  readonly hash: string;
  /** Delta digest that the record speaks of. */
  readonly digest?: string;
}

/** Beside the data: sentences, fence, what is left out. */
const FRAME = 3_000;

/**
 * Verdict and record as data, with the digest of the whole verdict document, in at most so many bytes. What does not fit is
 * left out from the end of this list, and said: facts, doubts, judgement, questions, coverage, model, resources, examined.
 */
export function renderText(verdict: Verdict, record: RecordReference | undefined, most: number): string {
  const document = renderJson(verdict);
  const about = [
    `Digest of the verdict as \`threatgate check --format json\` writes it: ${code(digestOf(document))}.`,
    ...(record ? [`Last record of this repository: ${record.sequence}, ${code(record.hash)}.`] : []),
  ];
  const whole = page(about, [], { record, verdict });
  if (byteLength(whole) <= most) return whole;
  const parts = new Parts(most - FRAME);
  const { facts, doubts, judgement, questions, coverage, model, resources, examined, ...head } = verdict;
  if (!parts.whole(head)) return `${about.join('\n')}\n\nThe verdict is too long to be shown here.\n`;
  const kept = {
    ...head,
    facts: parts.list('facts', facts),
    doubts: parts.list('doubts', doubts),
    judgement: parts.tree(judgement),
    questions: parts.list('questions', questions),
    coverage: parts.optional('coverage', coverage),
    model: parts.optional('model', model),
    resources: parts.list('resources', resources),
    examined: parts.optional('examined', examined),
  };
  return page(about, parts.left, { record, verdict: kept });
}

function page(about: readonly string[], left: readonly string[], data: object): string {
  return [
    ...about,
    ...(left.length > 0 ? ['', `Left out here, but not in that digest: ${left.join(', ')}.`] : []),
    '',
    '<details><summary>Verdict and record as data</summary>',
    '',
    fence(toJson(data).split('\n'), 'json'),
    '',
    '</details>',
    '',
  ].join('\n');
}

/** Takes parts as long as there is room, and remembers what it had to leave. */
class Parts {
  readonly left: string[] = [];
  #room: number;

  constructor(room: number) {
    this.#room = room;
  }

  whole(value: unknown): boolean {
    const size = sizeOf(value);
    if (size > this.#room) return false;
    this.#room -= size;
    return true;
  }

  optional<T>(name: string, value: T): T | undefined {
    if (this.whole(value)) return value;
    this.left.push(name);
    return undefined;
  }

  list<T>(name: string, items: readonly T[]): readonly T[] {
    const kept: T[] = [];
    for (const item of items) {
      if (!this.whole(item)) break;
      kept.push(item);
    }
    if (kept.length < items.length)
      this.left.push(`${items.length - kept.length} of ${items.length} ${name}`);
    return kept;
  }

  /** Fewer and fewer children of each judgement, until the tree fits. */
  tree(root: Judgement): Judgement | undefined {
    for (const most of [Infinity, 100, 20, 5, 1]) {
      const tree = most === Infinity ? root : { ...root, children: root.children.map((c) => prune(c, most)) };
      if (!this.whole(tree)) continue;
      if (most < Infinity) this.left.push(`judgements after the first ${most} of each kind`);
      return tree;
    }
    this.left.push('the judgement');
    return undefined;
  }
}

function prune(j: Judgement, most: number): Judgement {
  return {
    ...j,
    because: j.because.slice(0, most),
    children: j.children.slice(0, most).map((c) => prune(c, most)),
  };
}

/** Bytes inside the document, where every line stands deeper; never too few. */
function sizeOf(value: unknown): number {
  const json = toJson(value);
  const lines = json.split('\n').length;
  return byteLength(json) + 10 * lines + 20;
}
