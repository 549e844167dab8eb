import type { Value } from '../../model/value.ts';
import { expression, scalar } from '../../values/value.ts';

/** `$$`, `$NAME`, `${NAME}` and `${NAME:-default}`; defaults may hold no braces. */
const VARIABLE = /\$(?:(\$)|([A-Za-z_]\w{0,255})|\{([A-Za-z_]\w{0,255})(?:(:?[-?+])([^{}]{0,4000}))?\})/g;

/** What the `.env` file beside the Compose file sets. */
export type Environment = ReadonlyMap<string, string>;

export const NO_ENVIRONMENT: Environment = new Map();

/**
 * Turns texts with variables into expressions, throughout a tree. They resolve when every variable is set beside the
 * file or has a default, which is what is in force where nobody sets it otherwise.
 */
export function interpolate(value: Value, environment: Environment = NO_ENVIRONMENT): Value {
  switch (value.kind) {
    case 'scalar':
      return typeof value.value === 'string' && value.value.includes('$')
        ? interpolateText(value.value, value.line, environment)
        : value;
    case 'expression':
      return value;
    case 'list':
      return { ...value, items: value.items.map((item) => interpolate(item, environment)) };
    case 'map':
      return {
        ...value,
        entries: value.entries.map((e) => ({ ...e, value: interpolate(e.value, environment) })),
      };
  }
}

export function interpolateText(
  text: string,
  line: number,
  environment: Environment = NO_ENVIRONMENT,
): Value {
  const { filled, names, unknown } = fill(text, environment);
  if (names.length === 0) return scalar(filled, line);
  return expression(text, names, line, unknown ? undefined : scalar(filled, line));
}

function fill(
  text: string,
  environment: Environment,
): { readonly filled: string; readonly names: readonly string[]; readonly unknown: boolean } {
  const names = new Set<string>();
  let unknown = false;
  const filled = text.replace(
    VARIABLE,
    (_, dollar?: string, bare?: string, braced?: string, written?: string, rest?: string) => {
      const operator = written ?? '';
      if (dollar) return '$';
      const name = bare ?? braced ?? '';
      names.add(name);
      const set = environment.get(name);
      const isSet = set !== undefined && !(operator.startsWith(':') && set === '');
      if (operator.endsWith('+')) {
        unknown ||= set === undefined;
        return isSet ? (rest ?? '') : '';
      }
      if (isSet) return set;
      if (operator.endsWith('-')) return rest ?? '';
      unknown = true;
      return '';
    },
  );
  return { filled, names: [...names], unknown };
}

const ASSIGNMENT = /^\s{0,50}(?:export\s{1,9})?([A-Za-z_]\w{0,255})\s{0,9}=\s{0,50}(.{0,4000})$/;

/** Variables that one file can set at most. */
const MOST = 5_000;

/** The assignments of an `.env` file, each seeing those above it. What is set to something unknown is left out. */
export function readEnvironment(text: string): Environment {
  const found = new Map<string, string>();
  for (const row of text.split(/\r?\n/)) {
    if (found.size >= MOST) break;
    const [, name, written = ''] = ASSIGNMENT.exec(row) ?? [];
    if (name === undefined) continue;
    const quoted = /^'([^']*)'|^"([^"]*)"/.exec(written);
    if (quoted?.[1] !== undefined) found.set(name, quoted[1]);
    else {
      const plain = quoted?.[2] ?? written.replace(/(?:^|\s)#.*$/, '').trimEnd();
      const { filled, unknown } = fill(plain, found);
      if (unknown) found.delete(name);
      else found.set(name, filled.slice(0, 4_000));
    }
  }
  return found;
}
