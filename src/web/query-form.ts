import type { RepositorySummary } from '../core/model/view.ts';
import type { HtmlPage, PageAnswer, PageContext, PageRoute } from './context.ts';
import { badRequest } from './layout/failure.ts';
import type { Field as FormField } from './layout/form.ts';
import { notice, pageHeading } from './layout/heading.ts';
import { html, joined, type Content, type SafeHtml } from './layout/html.ts';
import { link } from './layout/link.ts';
import { bullets } from './layout/list.ts';
import { foreign } from './layout/words.ts';
import { typed, writeQuery, type Fields, type Pairs, type Problem } from './query.ts';
import { usualPeriods } from './query-time.ts';
import type { Period } from '../core/model/audit.ts';

/** What stands in the fields of a form: what was typed, else what is meant where nothing was. */
export type Shown = (name: string) => string;

export const shownIn =
  (query: URLSearchParams, meant: Pairs = []): Shown =>
  (name) =>
    query.has(name) ? typed(query, name) : (meant.find(([each]) => each === name)?.[1] ?? '');

/** A field that knows days only would lose an instant that somebody asks for. */
const dayOrText = (value: string): 'date' | 'text' =>
  /^(?:\d{4}-\d\d-\d\d)?$/.test(value) ? 'date' : 'text';

export function periodFields(shown: Shown): readonly FormField[] {
  return [
    { name: 'from', label: 'From', kind: dayOrText(shown('from')), value: shown('from') },
    { name: 'to', label: 'Up to, not including', kind: dayOrText(shown('to')), value: shown('to') },
  ];
}

export const dayField = (name: string, label: string, shown: Shown): FormField => ({
  name,
  label,
  kind: dayOrText(shown(name)),
  value: shown(name),
});

/** `list`: what is offered while somebody types. */
export const textField = (
  name: string,
  label: string,
  shown: Shown,
  list?: readonly string[],
): FormField => ({
  name,
  label,
  kind: 'text',
  value: shown(name),
  ...(list ? { list } : {}),
});

/** One of a list, or any. */
export function chosenField(
  name: string,
  label: string,
  shown: Shown,
  options: readonly (readonly [value: string, text: string])[],
): FormField {
  return { name, label, kind: 'select', value: shown(name), options: [['', 'any'], ...options] };
}

/** So many names are offered while somebody types. */
const MOST_NAMES = 100;

export async function repositoryField({ view, viewer }: PageContext, shown: Shown): Promise<FormField> {
  const { items } = await view.repositories(viewer.scope, { after: undefined, most: MOST_NAMES });
  return textField(
    'repository',
    'Repository',
    shown,
    items.map(({ name }) => name),
  );
}

/** The repository that is asked for; undefined for all of them. One that is out of scope does not exist. */
export async function chosenRepository(
  { view, viewer }: PageContext,
  name: string | undefined,
): Promise<RepositorySummary | 'unknown' | undefined> {
  if (name === undefined) return undefined;
  return (await view.repository(viewer.scope, name)) ?? 'unknown';
}

/** An address of ours with these values. */
export function addressOf<T extends object>(
  { base }: Pick<PageContext, 'base'>,
  path: string,
  fields: Fields<T>,
  values: Partial<T>,
): string {
  const query = writeQuery(fields, values);
  return `${base}${path}${query === '' ? '' : `?${query}`}`;
}

/** The periods that are asked for most, with everything else as it is. */
export function usualLinks(now: string, hrefOf: (period: Period) => string): SafeHtml {
  const links = usualPeriods(now).map(({ name, period }) => link(hrefOf(period), name));
  return html`<p class="muted">Whole periods: ${joined(links, ' · ')}</p> `;
}

/** What cannot be read, above the form as it was filled in. */
export function askAgain(options: {
  readonly title: string;
  readonly section: string;
  readonly problems: readonly Problem[];
  readonly form: Content;
}): HtmlPage {
  const { title, section, problems, form } = options;
  const what = problems.length === 1 ? 'This cannot be read:' : 'These cannot be read:';
  return {
    kind: 'page',
    status: 400,
    title,
    section,
    content: html`${pageHeading({ title })}
    ${notice(
      'bad',
      html`<p>${what}</p>
        ${bullets(problems.map(({ message }) => foreign(message, 1_000)))}`,
    )}
    ${form}`,
  };
}

/** A list refuses a place that no page of it gave, which an address can hold nevertheless. */
export function listPage(path: string, page: PageRoute['page']): PageRoute {
  return {
    path,
    page: async (context): Promise<PageAnswer> => {
      try {
        return await page(context);
      } catch (error) {
        if (!(error instanceof RangeError) || !context.url.searchParams.has('after')) throw error;
        const message = 'This is no place in this list. Begin at the first page.';
        return badRequest([{ name: 'after', message }], `${context.base}${path}`);
      }
    },
  };
}
