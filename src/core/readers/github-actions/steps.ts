import type { Entry, Value } from '../../model/value.ts';
import { LIMITS } from '../../limits.ts';
import type { LineIndex } from '../../syntax/lines.ts';
import { expressionsIn, secretsIn } from '../../syntax/workflow-expression.ts';
import { entries, entry, get, items, list, map, scalar, text } from '../../values/value.ts';

/** Copies the named keys that are there. */
export function keep(from: Value, keys: readonly string[]): Entry[] {
  return keys.flatMap((key) => {
    const value = get(from, key);
    return value ? [entry(key, value, value.line)] : [];
  });
}

/** An entry whose value is a list, left out when the list is empty. */
export function listEntry(key: string, values: readonly Value[]): Entry[] {
  const line = values[0]?.line;
  return line === undefined ? [] : [entry(key, list(values, line), line)];
}

/** `owner/repo/path@ref` → `{uses, ref}`; local paths and images have their version in `uses` or nowhere. */
export function usesEntries(reference: string, line: number): Entry[] {
  const at = reference.startsWith('docker://') ? -1 : reference.lastIndexOf('@');
  const uses = at < 0 ? reference : reference.slice(0, at);
  const ref = at < 0 ? [] : [entry('ref', scalar(reference.slice(at + 1), line), line)];
  return [entry('uses', scalar(uses, line), line), ...ref];
}

/** Steps of a job or composite action → entries `uses` (action steps) and `run` (script steps). */
export function stepEntries(steps: Value | undefined): Entry[] {
  const uses: Value[] = [];
  const run: Value[] = [];
  for (const step of items(steps)) {
    const action = get(step, 'uses');
    const script = get(step, 'run');
    const common = keep(step, ['name', 'if', 'env', 'continue-on-error']);
    if (action) {
      uses.push(
        map(
          [...usesEntries(text(action) ?? '', action.line), ...keep(step, ['with']), ...common],
          action.line,
        ),
      );
    } else if (script) {
      run.push(
        map(
          [entry('run', script, script.line), ...keep(step, ['shell', 'working-directory']), ...common],
          script.line,
        ),
      );
    }
  }
  return [...listEntry('uses', uses), ...listEntry('run', run)];
}

/** Names of the secrets that a tree of values reads, sorted, with the line of the first mention. GITHUB_TOKEN is no secret of the repository's. */
export function secretList(...roots: readonly (Value | undefined)[]): Value[] {
  const found = new Map<string, number>();
  const visit = (value: Value | undefined, depth: number, condition: boolean): void => {
    if (!value || depth > LIMITS.depth) return;
    if (value.kind === 'list') for (const item of value.items) visit(item, depth + 1, false);
    else if (value.kind === 'map') for (const e of value.entries) visit(e.value, depth + 1, e.key === 'if');
    else if (value.kind === 'scalar' && typeof value.value === 'string') {
      const expressions = value.value.includes('${{')
        ? expressionsIn(value.value)
        : condition
          ? [value.value]
          : [];
      for (const name of expressions.flatMap(secretsIn)) if (!found.has(name)) found.set(name, value.line);
    }
  };
  for (const root of roots) visit(root, 0, false);
  found.delete('GITHUB_TOKEN');
  return [...found].sort(([x], [y]) => (x < y ? -1 : 1)).map(([name, line]) => scalar(name, line));
}

/** Whether every secret of the caller is handed on: `secrets: inherit`. */
export const inheritsSecrets = (job: Value): Value | undefined => {
  const secrets = get(job, 'secrets');
  return text(secrets) === 'inherit' && secrets ? scalar('*', secrets.line) : undefined;
};

/** Keys of a map in their order, each once, last value wins; as YAML and JavaScript agree. */
export function keyed(value: Value | undefined): readonly Entry[] {
  const last = new Map<string, Entry>();
  for (const e of entries(value)) last.set(e.key, e);
  return [...last.values()];
}

/** The last line of a text that has something on it; a final line end begins no further line. */
export const lastLineOf = (index: LineIndex): number =>
  Math.max(1, index.text.endsWith('\n') ? index.starts.length - 1 : index.starts.length);
