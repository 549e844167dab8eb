import type { ZodType } from 'zod';
import type { Client, Parameters, Route } from './client.ts';

const PAGE = 100;

export interface Listed<T> {
  readonly items: readonly T[];
  /** False when there are more pages than may be read. */
  readonly complete: boolean;
}

/** All pages of a numbered list, as far as allowed: a page that is not full is the last. */
export async function allPages<A, T>(
  client: Client,
  shape: ZodType<A>,
  itemsOf: (answer: A) => readonly T[],
  ask: { readonly route: Route; readonly parameters?: Parameters; readonly most: number },
): Promise<Listed<T>> {
  const items: T[] = [];
  for (let page = 1; page <= ask.most; page++) {
    const parameters = { ...ask.parameters, per_page: PAGE, page };
    const found = itemsOf((await client.rest(shape, ask.route, parameters)).value);
    items.push(...found);
    if (found.length < PAGE) return { items, complete: true };
  }
  return { items, complete: false };
}
