import type { Policy } from '../model/policy.ts';
import { parseYaml } from '../syntax/yaml.ts';
import { crossCheck } from './cross-check.ts';
import { explainIssue } from './issues.ts';
import { locate, makeLocator, type Locator } from './locate.ts';
import { normalise } from './normalise.ts';
import { toPlain } from './plain.ts';
import type { PlacedProblem, PolicyProblem } from './problem.ts';
import { organisationSchema, policySchema, type WrittenPolicy } from './schema.ts';

export type PolicyReading =
  | { readonly policy: Policy; readonly problems?: never }
  | { readonly policy?: never; readonly problems: readonly PolicyProblem[] };

/** A file that has the right shape: what it says, and where. */
export interface WrittenFile {
  readonly path: string;
  readonly written: WrittenPolicy;
  /** Of an organisation's file only. */
  readonly locked: readonly string[];
  readonly locator: Locator;
}

export type FileReading =
  | { readonly file: WrittenFile; readonly problems?: never }
  | { readonly file?: never; readonly problems: readonly PolicyProblem[] };

/** Most problems that are told at once. */
const MOST_PROBLEMS = 50;
/** Most that are looked up in the text before the first ones are chosen. */
const MOST_PLACED = 500;

/**
 * A policy file → the policy, or everything that is wrong with it. `path` is where it was found and becomes the
 * policy's origin. Never throws.
 */
export function parsePolicy(text: string, path: string): PolicyReading {
  const read = parseStrictly(text, path, 'repository');
  if (read.problems) return { problems: read.problems };
  const complete = policySchema.parse(read.file.written);
  const wrong = crossCheck(complete);
  if (wrong.length > 0) return { problems: placeAll(wrong, read.file) };
  return { policy: normalise(complete, path) };
}

/** The first step alone: text → what is written, with unknown keys, repeated keys and wrong values refused. */
export function parseStrictly(text: string, path: string, level: 'repository' | 'organisation'): FileReading {
  const { documents, errors } = parseYaml(text);
  const root = documents[0]?.value;
  const locator = makeLocator(root, text);
  const file = { path, locator };
  if (errors.length > 0) return { problems: errors.map((e) => syntaxProblem(e, file)) };
  if (documents.length > 1)
    return {
      problems: [
        at(
          file,
          documents[1]?.startLine ?? 1,
          'The file holds more than one document.',
          'Keep one: take out the line `---`.',
        ),
      ],
    };
  if (!root || (root.kind === 'scalar' && root.value === null))
    return { file: { path, written: {}, locked: [], locator } };
  if (root.kind !== 'map')
    return {
      problems: [
        at(file, root.line, 'The policy is not a map of keys.', 'Write keys such as `mode: observe`.'),
      ],
    };
  const plain = toPlain(root);
  if (plain.problems.length > 0) return { problems: placeAll(plain.problems, file) };
  const schema = level === 'repository' ? policySchema : organisationSchema;
  const result = schema.safeParse(plain.data);
  if (!result.success)
    return {
      problems: placeAll(
        result.error.issues.slice(0, MOST_PLACED).flatMap((i) => explainIssue(i, schema, plain.data)),
        file,
      ),
    };
  const { locked = [], ...written } = plain.data as WrittenPolicy & { locked?: readonly string[] };
  return { file: { path, written, locked, locator } };
}

/** Problems with their places, in the order of the file. */
export function placeAll(
  problems: readonly PlacedProblem[],
  file: { readonly path: string; readonly locator: Locator },
): readonly PolicyProblem[] {
  return problems
    .slice(0, MOST_PLACED)
    .map((p) => ({
      file: file.path,
      ...locate(file.locator, p.path, p.on),
      message: p.message,
      remedy: p.remedy,
    }))
    .sort((a, b) => a.line - b.line || a.column - b.column || (a.message < b.message ? -1 : 1))
    .slice(0, MOST_PROBLEMS);
}

function syntaxProblem(
  error: { readonly line: number; readonly column: number; readonly message: string },
  file: { readonly path: string; readonly locator: Locator },
): PolicyProblem {
  const { lines } = file.locator;
  const line = Math.min(Math.max(error.line, 1), lines.length);
  const width = (lines[line - 1] ?? '').length;
  return {
    file: file.path,
    line,
    column: Math.min(Math.max(error.column, 1), width + 1),
    message: `The file is not valid YAML: ${error.message.split('\n')[0] ?? ''}.`,
    remedy: 'Correct the YAML at this place.',
  };
}

function at(
  file: { readonly path: string; readonly locator: Locator },
  line: number,
  message: string,
  remedy: string,
): PolicyProblem {
  return {
    file: file.path,
    line: Math.min(Math.max(line, 1), file.locator.lines.length),
    column: 1,
    message,
    remedy,
  };
}
