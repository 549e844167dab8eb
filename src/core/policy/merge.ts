import type { SourceFile } from '../model/change.ts';
import { nearest } from '../values/nearest.ts';
import { crossCheck } from './cross-check.ts';
import { BUILT_IN_POLICY } from './defaults.generated.ts';
import { normalise } from './normalise.ts';
import { parsePolicy, parseStrictly, placeAll, type PolicyReading, type WrittenFile } from './parse.ts';
import type { PlacedProblem, PolicyProblem } from './problem.ts';
import { policySchema, type CompletePolicy, type WrittenPolicy } from './schema.ts';
import { isWeaker, lockedKeys, STRENGTHS } from './strength.ts';

const LOCKABLE: readonly string[] = [
  ...new Set(Object.keys(STRENGTHS).flatMap((key) => [key.split('.')[0] ?? key, key])),
];

/** Where a policy may come from; each on the default branch of its repository. */
export interface PolicySources {
  readonly organisation?: SourceFile;
  readonly repository?: SourceFile;
}

/**
 * The policy in force: the built-in one, changed by the organisation's, changed by the repository's. A key that the
 * organisation locks may become stricter but not weaker: that is a problem in the repository's file, never silently
 * corrected. Never throws.
 */
export function parsePolicies({ organisation, repository }: PolicySources): PolicyReading {
  if (!organisation)
    return repository ? parsePolicy(repository.text, repository.path) : { policy: BUILT_IN_POLICY };
  const above = parseStrictly(organisation.text, organisation.path, 'organisation');
  if (above.problems) return { problems: above.problems };
  const faults = organisationProblems(above.file);
  if (faults.length > 0) return { problems: faults };
  if (!repository) return { policy: normalise(policySchema.parse(above.file.written), organisation.path) };
  const own = parseStrictly(repository.text, repository.path, 'repository');
  if (own.problems) return { problems: own.problems };
  return mergePolicies(above.file, own.file);
}

function organisationProblems(file: WrittenFile): readonly PolicyProblem[] {
  const unknown = file.locked.flatMap((word, i): PlacedProblem[] => {
    if (lockedKeys(word).length > 0) return [];
    const meant = nearest(word, LOCKABLE);
    return [
      {
        path: ['locked', i],
        on: 'value',
        message: `\`${word.slice(0, 60)}\` cannot be locked: there is no such key.`,
        remedy: `${meant ? `Did you mean \`${meant}\`? ` : ''}Lockable: ${LOCKABLE.join(', ')}.`,
      },
    ];
  });
  return placeAll([...unknown, ...crossCheck(policySchema.parse(file.written))], file);
}

function mergePolicies(organisation: WrittenFile, repository: WrittenFile): PolicyReading {
  const theirs = policySchema.parse(organisation.written);
  const merged = policySchema.parse(overlay(organisation.written, repository.written));
  const locked = [...new Set(organisation.locked.flatMap(lockedKeys))].sort();
  const problems = [
    ...locked
      .filter((key) => isWeaker(key, merged, theirs))
      .map((key) => weakened(key, theirs, organisation.path)),
    ...crossCheck(merged),
  ];
  if (problems.length > 0) return { problems: placeAll(problems, repository) };
  return { policy: normalise(merged, `${repository.path} over ${organisation.path}`) };
}

/** What the repository writes wins key by key; lists replace lists. */
function overlay(under: WrittenPolicy, over: WrittenPolicy): WrittenPolicy {
  const merged: Record<string, unknown> = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isMap(below) && isMap(value) ? { ...below, ...value } : value;
  }
  return merged;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function weakened(key: string, theirs: CompletePolicy, path: string): PlacedProblem {
  const value = key.split('.').reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], theirs);
  return {
    path: key.split('.'),
    on: 'key',
    message: `\`${key}\` is weaker than the organisation allows: ${path} locks it.`,
    remedy: `Take it out, or make it at least as strict as ${JSON.stringify(value).slice(0, 120)}.`,
  };
}
