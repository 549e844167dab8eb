import { controlOf } from '../core/audit/evidence-kinds.ts';
import { MOST_SEED } from '../core/audit/sample.ts';
import { WAYS } from '../core/model/audit.ts';
import { CATEGORIES } from '../core/model/fact.ts';
import { RECORD_KINDS } from '../core/model/record.ts';
import type { ExceptionRow, RegisterRow } from '../core/model/view.ts';
import { bad, good, quoted, single, type Field, type Read } from './query.ts';

/** Of verdicts. */
export const CONCLUSIONS = ['success', 'action_required', 'failure'] as const;
export const EXCEPTION_KINDS = [
  'emergency',
  'waiver',
  'bypass',
  'direct-push',
  'outage',
  'unexplained',
] as const satisfies readonly ExceptionRow['kind'][];
export const REGISTER_KINDS = [
  'accept',
  'ticket',
  'control',
] as const satisfies readonly RegisterRow['kind'][];

/** The most that is drawn on a page; a package draws as many as somebody likes. */
export const MOST_SAMPLE = 500;

export const REPOSITORY = optional('repository', (text) =>
  text.length <= 140 && /^[\w.-]+\/[\w.-]+$/.test(text)
    ? good(text)
    : bad(
        'repository',
        `${quoted(text)} is not the name of a repository. Write owner and name with a slash between them, like acme/shop.`,
      ),
);

/** A login, with the at sign or without, or the number of an account, which never changes. */
export const PERSON = optional('person', (text) => {
  const login = text.replace(/^@/, '');
  return /^[A-Za-z0-9][\w-]{0,98}(?:\[bot\])?$/.test(login)
    ? good(login)
    : bad('person', `${quoted(text)} is not a login. Write it like ada, or the number of the account.`);
});

export const OWNER = optional('owner', (text) =>
  text.length <= 200
    ? good(text)
    : bad('owner', 'The owner has more than 200 characters. Write the beginning.'),
);

export const SEARCH = optional('search', (text) =>
  text.length <= 140
    ? good(text)
    : bad('search', 'The search has more than 140 characters. Write a part of the name.'),
);

export const WAY = several('way', 'way in which a change came in', WAYS);
export const KIND = several('kind', 'kind of record', RECORD_KINDS);
export const EXCEPTION_KIND = several('kind', 'kind of exception', EXCEPTION_KINDS);
export const REGISTER_KIND = several('kind', 'kind of answer', REGISTER_KINDS);
export const CATEGORY = choice('category', 'category', CATEGORIES);
export const CONCLUSION = choice('conclusion', 'conclusion', CONCLUSIONS);
export const OVERDUE = flag('overdue');

/** Id of a control of the framework map, as the map writes it. */
export const CRITERION = optional('criterion', (text) => {
  const control = controlOf(text);
  return control === undefined
    ? bad(
        'criterion',
        `${quoted(text)} is no control of the framework map. Write its id as the page of controls has it, like CC8.1.`,
      )
    : good(control.control);
});

export const PULL_REQUEST: Field<number | undefined> = numbered('pull', 'pull request', 2 ** 31 - 1);

export const AFTER = optional('after', (text) =>
  text.length <= 500 && /^[\w.~+/=:@,-]+$/.test(text)
    ? good(text)
    : bad('after', 'This is no place in a list that a page of ours gave. Begin at the first page.'),
);

const SIZE = numbered('size', 'number of changes to draw', MOST_SAMPLE);
const SEED = optional('seed', (text) =>
  // It has to look the same here, in a package and on paper.
  text.length <= MOST_SEED && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text)
    ? good(text)
    : bad('seed', `The seed has to be one line of text with at most ${MOST_SEED} characters.`),
);

/** Both or none of them: a size without a seed would let us choose. */
export const SAMPLE: Field<{ readonly size: number; readonly seed: string } | undefined> = {
  names: ['size', 'seed'],
  read: (given) => {
    const [size, seed] = [SIZE.read(given), SEED.read(given)];
    if (!size.ok || !seed.ok)
      return { ok: false, problems: [size, seed].flatMap((read) => (read.ok ? [] : read.problems)) };
    if (size.value === undefined)
      return seed.value === undefined
        ? good(undefined)
        : bad('size', 'A seed draws nothing by itself. Write how many changes to draw, like 25.');
    return seed.value === undefined
      ? bad(
          'seed',
          'A sample needs a seed: with a text that whoever tests has chosen, anybody can draw again and see that nobody else picked the changes. Write any line of text.',
        )
      : good({ size: size.value, seed: seed.value });
  },
  write: (sample) =>
    sample === undefined
      ? []
      : [
          ['size', String(sample.size)],
          ['seed', sample.seed],
        ],
};

/** A text that may be absent. */
export function optional<T>(name: string, parse: (text: string) => Read<T>): Field<T | undefined> {
  return {
    names: [name],
    read: (given) => {
      const text = single(name, given);
      return text.ok && text.value !== undefined ? parse(text.value) : (text as Read<undefined>);
    },
    write: (value) => (value === undefined ? [] : [[name, String(value)]]),
  };
}

/** One of a list, or none. */
export function choice<T extends string>(
  name: string,
  what: string,
  allowed: readonly T[],
): Field<T | undefined> {
  return optional(name, (text) => oneOf(name, what, allowed, text));
}

/** Some of a list; none of them stands for all. In the order of the list. */
export function several<T extends string>(
  name: string,
  what: string,
  allowed: readonly T[],
): Field<readonly T[]> {
  return {
    names: [name],
    read: (given) => {
      const read = given(name).map((text) => oneOf(name, what, allowed, text));
      const problems = read.flatMap((each) => (each.ok ? [] : each.problems));
      const chosen = new Set(read.flatMap((each) => (each.ok ? [each.value] : [])));
      return problems.length > 0
        ? { ok: false, problems: problems.slice(0, 5) }
        : good(allowed.filter((each) => chosen.has(each)));
    },
    write: (values) => values.map((value) => [name, value]),
  };
}

/** There, or not: what a box in a form sends. */
export function flag(name: string): Field<boolean> {
  return {
    names: [name],
    read: (given) => {
      const text = single(name, given);
      if (!text.ok) return text;
      return text.value === undefined || text.value === 'yes'
        ? good(text.value === 'yes')
        : bad(name, `"${name}" is ${quoted(text.value)}. Write ${name}=yes, or leave it out.`);
    },
    write: (value) => (value ? [[name, 'yes']] : []),
  };
}

function numbered(name: string, what: string, most: number): Field<number | undefined> {
  return optional(name, (text) => {
    const value = Number(text.replace(/^#/, ''));
    return /^#?[1-9]\d{0,14}$/.test(text) && value <= most
      ? good(value)
      : bad(name, `${quoted(text)} is not a ${what}. Write a whole number from 1 to ${most}.`);
  });
}

function oneOf<T extends string>(name: string, what: string, allowed: readonly T[], text: string): Read<T> {
  const found = allowed.find((each) => each === text);
  return found === undefined
    ? bad(name, `${quoted(text)} is no ${what}. Write one of: ${allowed.join(', ')}.`)
    : good(found);
}
