import { SIGNALS } from '../model/fact.ts';
import type { Question, QuestionFamily } from '../model/question.ts';
import { REFERENCE_SYNTAX, type ReferenceList } from './references.ts';
import { suffers } from './stride.ts';

/** What the lint looks at. */
export interface Catalogue {
  readonly questions: readonly Question[];
  readonly families: readonly QuestionFamily[];
  readonly references: readonly ReferenceList[];
  readonly lock: readonly LockedId[];
}

/** A line of `ids.lock`: an id that was once given out. */
export interface LockedId {
  readonly id: string;
  /** Why it is no longer asked; such an id stays taken for ever. */
  readonly retired?: string;
}

export interface CatalogueProblem {
  /** Question, family or reference the problem is about. */
  readonly at: string;
  readonly rule: string;
  readonly message: string;
}

/** Shortest and longest text, in characters: long enough to say something, short enough for a review comment. */
const LENGTHS = { ask: [60, 340], why: [30, 200], evidence: [20, 160] } as const;

/** What is wrong with a catalogue beyond the shape of its files; empty when nothing is. Sorted by place and rule. */
export function lintCatalogue(catalogue: Catalogue): readonly CatalogueProblem[] {
  const problems = [
    ...lintFamilies(catalogue),
    ...lintLock(catalogue),
    ...lintLists(catalogue),
    ...repeated(catalogue.questions.map((q) => q.id)).map((id) =>
      problem(id, 'unique-id', 'Two questions have this id'),
    ),
    ...catalogue.questions.flatMap((q) => [
      ...lintIdentity(q, catalogue),
      ...lintWording(q),
      ...lintReferences(q, catalogue),
    ]),
  ];
  const key = (p: CatalogueProblem) => `${p.at}\n${p.rule}\n${p.message}`;
  return problems.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

function lintFamilies({ families, questions }: Catalogue): CatalogueProblem[] {
  return [
    ...repeated(families.map((f) => f.id)).map((id) =>
      problem(id, 'unique-family', 'Two families have this id'),
    ),
    ...repeated(families.map((f) => f.prefix)).map((p) =>
      problem(p, 'unique-prefix', 'Two families have this prefix'),
    ),
    ...families
      .filter((f) => !questions.some((q) => q.family === f.id))
      .map((f) => problem(f.id, 'empty-family', 'The family has no question')),
  ];
}

function lintIdentity(q: Question, { families }: Catalogue): CatalogueProblem[] {
  const found: CatalogueProblem[] = [];
  const family = families.find((f) => f.id === q.family);
  if (!family) found.push(problem(q.id, 'known-family', `There is no family ${q.family}`));
  const form = /^([A-Z]{3})-([STRIDE])[1-9]\d?$/.exec(q.id);
  if (!form)
    found.push(
      problem(q.id, 'id-form', 'An id is the family prefix, a dash, the STRIDE letter and a number'),
    );
  if (form && family && form[1] !== family.prefix)
    found.push(problem(q.id, 'id-prefix', `Ids of ${q.family} begin with ${family.prefix}`));
  if (form && form[2] !== q.stride)
    found.push(problem(q.id, 'id-letter', `The id says ${form[2]}, the question says ${q.stride}`));
  if (!suffers(q.element, q.stride))
    found.push(problem(q.id, 'stride-per-element', `${q.stride} is not asked of a ${q.element}`));
  if (q.when.length === 0) found.push(problem(q.id, 'when-empty', 'No signal ever fires it'));
  for (const word of q.when)
    if (!SIGNALS.includes(word)) found.push(problem(q.id, 'when-signal', `${word} is not a signal`));
  for (const word of repeated(q.when)) found.push(problem(q.id, 'when-repeated', `${word} stands twice`));
  return found;
}

function lintWording(q: Question): CatalogueProblem[] {
  const found: CatalogueProblem[] = [];
  if (!q.ask.endsWith('?'))
    found.push(problem(q.id, 'ask-form', 'What is asked must end with a question mark'));
  if (!q.why.endsWith('.'))
    found.push(problem(q.id, 'why-form', 'The reason must be a sentence with a full stop'));
  if (q.evidence.endsWith('.'))
    found.push(problem(q.id, 'evidence-form', 'Evidence is a list of things, not a sentence'));
  for (const part of ['ask', 'why', 'evidence'] as const) {
    const [least, most] = LENGTHS[part];
    const length = q[part].length;
    if (length < least || length > most)
      found.push(problem(q.id, 'length', `${part} has ${length} characters, not ${least} to ${most}`));
    if (/\s{2}|[\n\t]|^\s|\s$/.test(q[part]))
      found.push(problem(q.id, 'white-space', `${part} has stray white space`));
  }
  return found;
}

function lintReferences(q: Question, { references }: Catalogue): CatalogueProblem[] {
  const found: CatalogueProblem[] = [];
  for (const [list, ids] of Object.entries(q.references)) {
    const known = references.find((r) => r.id === list);
    const syntax = REFERENCE_SYNTAX[list];
    if (!known || !syntax) {
      found.push(problem(q.id, 'reference-list', `There is no reference list ${list}`));
      continue;
    }
    for (const id of ids) {
      if (!syntax.test(id))
        found.push(problem(q.id, 'reference-form', `${id} is not how ${known.title} writes ids`));
      else if (!Object.hasOwn(known.titles, id))
        found.push(problem(q.id, 'reference-known', `${id} has no title in references.yaml`));
    }
    for (const id of repeated(ids)) found.push(problem(q.id, 'reference-repeated', `${id} stands twice`));
  }
  if (!Object.values(q.references).some((ids) => ids.length > 0))
    found.push(problem(q.id, 'reference-none', 'The question cites nothing'));
  return found;
}

/** Ids are kept in audit records for years: none may vanish or come back as another question. */
function lintLock({ questions, lock }: Catalogue): CatalogueProblem[] {
  const asked = new Set(questions.map((q) => q.id));
  const locked = new Map(lock.map((l) => [l.id, l]));
  return [
    ...repeated(lock.map((l) => l.id)).map((id) =>
      problem(id, 'lock-repeated', 'The id stands twice in ids.lock'),
    ),
    ...lock
      .filter((l) => l.retired === undefined && !asked.has(l.id))
      .map((l) =>
        problem(l.id, 'lock-lost', 'The id disappeared: mark it `retired` in ids.lock and say why'),
      ),
    ...lock
      .filter((l) => l.retired !== undefined && asked.has(l.id))
      .map((l) => problem(l.id, 'lock-reused', 'The id is retired: give the question a new one')),
    ...questions
      .filter((q) => !locked.has(q.id))
      .map((q) => problem(q.id, 'lock-missing', 'The id is not in ids.lock: run `npm run generate`')),
  ];
}

function lintLists({ questions, references }: Catalogue): CatalogueProblem[] {
  return references.flatMap((list) => {
    const cited = new Set(questions.flatMap((q) => q.references[list.id] ?? []));
    return [
      ...Object.keys(list.titles)
        .filter((id) => !cited.has(id))
        .map((id) => problem(id, 'reference-unused', `No question cites it any more`)),
      ...Object.keys(list.aliases)
        .filter((id) => !Object.hasOwn(list.titles, id))
        .map((id) => problem(id, 'alias-unknown', `An alias for an id without a title`)),
    ];
  });
}

function repeated(words: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(words.filter((w) => seen.has(w) || !seen.add(w)))];
}

function problem(at: string, rule: string, message: string): CatalogueProblem {
  return { at, rule, message };
}
