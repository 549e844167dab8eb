import type { RepositorySummary } from '../../core/model/view.ts';
import type { HtmlPage, PageContext } from '../context.ts';
import { badRequest } from '../layout/failure.ts';
import { readQuery } from '../query.ts';

/** The repository of an address. One that is out of scope does not exist. */
export async function repositoryIn({
  view,
  viewer,
  params,
}: PageContext): Promise<RepositorySummary | undefined> {
  const { owner = '', name = '' } = params;
  return view.repository(viewer.scope, `${owner}/${name}`);
}

/** A whole number of an address; undefined for everything else. */
export function numberIn({ params }: PageContext, name: string): number | undefined {
  const text = params[name] ?? '';
  const value = Number(text);
  return /^[1-9]\d{0,14}$/.test(text) && Number.isSafeInteger(value) ? value : undefined;
}

/** Of a page that nothing is asked of but its address. */
export function unasked({ url }: PageContext): HtmlPage | undefined {
  const read = readQuery(url.searchParams, {});
  return read.ok ? undefined : badRequest(read.problems, url.pathname);
}
