import type { Period } from '../../core/model/audit.ts';
import type { PageContext } from '../context.ts';
import { shownDay } from '../query-time.ts';

/** For a POSIX shell: nothing in it is obeyed. */
const shellWord = (text: string): string =>
  /^[\w./:@,=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;

interface Package {
  readonly period: Period;
  readonly repositories: readonly string[];
  readonly sample: { readonly size: number; readonly seed: string } | undefined;
  readonly output: string;
}

/** Makes the package that has the same changes in it, on the machine where the database is. */
export function evidenceCommand({ period, repositories, sample, output }: Package): string {
  return [
    `threatgate evidence --from ${shownDay(period.from)} --to ${shownDay(period.to)} --output ${output}`,
    ...(repositories.length === 0 ? [] : [`--repos ${shellWord(repositories.join(','))}`]),
    ...(sample ? [`--sample ${sample.size} --seed ${shellWord(sample.seed)}`] : []),
    '--database "$DATABASE_URL"',
  ].join(' \\\n  ');
}

/** Draws the same changes from a table of the population, with nothing of ours. */
export function drawCommand({ size, seed }: NonNullable<Package['sample']>, file: string): string {
  return `SEED=${shellWord(seed)}
SIZE=${size}
cut -d '"' -f 2 ${shellWord(file)} | tail -n +2 |
while IFS= read -r id; do
  printf '%s  %s\\n' "$(printf '%s\\0%s' "$SEED" "$id" | sha256sum | cut -c 1-64)" "$id"
done | LC_ALL=C sort | head -n "$SIZE"`;
}

/** Names in one command: more than that nobody pastes. */
const MOST_NAMES = 200;

/**
 * How a command has to name all repositories that the viewer sees: not at all where these are all there are, else one by one.
 * Undefined where they are too many: a command that leaves some out, or takes more in, would make another package.
 */
export async function allInScope({ view, viewer }: PageContext): Promise<readonly string[] | undefined> {
  if (viewer.scope.kind === 'all') return [];
  const page = await view.repositories(viewer.scope, { after: undefined, most: MOST_NAMES });
  return page.next === undefined ? page.items.map(({ name }) => name) : undefined;
}
