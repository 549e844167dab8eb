import type { Scope, TrailView } from '../core/model/view.ts';
import type { Viewer } from './context.ts';
import type { ExportQuery } from './exports.ts';

export interface NamedRepository {
  readonly id: number;
  readonly name: string;
}

export type Chosen =
  | { readonly repositories: readonly NamedRepository[] }
  | { readonly problem: string; readonly remedy: string };

const PAGE = 100;
const MOST = 500;

/** What a package is to hold, by the names of today. One that the viewer may not see is not there. */
export async function repositoriesOf(
  { repositories: wanted }: ExportQuery,
  { scope }: Viewer,
  view: Pick<TrailView, 'repositories'>,
): Promise<Chosen> {
  const within: Scope = wanted.length === 0 ? scope : narrowed(scope, wanted);
  const found: NamedRepository[] = [];
  let after: string | undefined;
  do {
    const page = await view.repositories(within, { after, most: PAGE });
    found.push(...page.items.map(({ id, name }) => ({ id, name })));
    if (found.length > MOST)
      return {
        problem: `There are more than ${MOST} repositories.`,
        remedy: 'Choose some of them, or make the package with `threatgate evidence` on the command line.',
      };
    after = page.next;
  } while (after !== undefined);
  const missing = wanted.some((id) => !found.some((one) => one.id === id));
  if (missing || found.length === 0)
    return {
      problem: 'There is no record of such a repository here, or you may not see it.',
      remedy: 'Choose among the repositories that are shown to you.',
    };
  return { repositories: found };
}

const narrowed = (scope: Scope, wanted: readonly number[]): Scope => ({
  kind: 'some',
  repositories: new Set(wanted.filter((id) => scope.kind === 'all' || scope.repositories.has(id))),
});
