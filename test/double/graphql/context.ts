import type { Budget } from '../http/budget.ts';
import { holds } from '../http/authentication.ts';
import type { Caller } from '../http/call.ts';
import type { Repository } from '../state/nouns.ts';
import type { World } from '../state/world.ts';

/** What every resolver of one request knows. */
export interface Context {
  readonly world: World;
  readonly caller: Caller;
  readonly at: number;
  readonly budget: Budget;
  readonly cost: number;
}

export type FaultType =
  'NOT_FOUND' | 'FORBIDDEN' | 'RATE_LIMITED' | 'EXCESSIVE_PAGINATION' | 'MISSING_PAGINATION_BOUNDARIES';

/** An error at one place of the answer; the rest of it still comes. */
export class GraphqlFault extends Error {
  override readonly name = 'GraphqlFault';
  readonly type: FaultType;

  constructor(type: FaultType, message: string) {
    super(message);
    this.type = type;
  }
}

export function requirePermission(context: Context, permission: string, repository?: Repository): void {
  if (!holds(context.caller, permission, 'read', repository))
    throw new GraphqlFault('FORBIDDEN', 'Resource not accessible by integration');
}

export interface Paging {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

export interface Connection<T> {
  readonly totalCount: number;
  readonly nodes: readonly T[];
  readonly pageInfo: {
    readonly startCursor: string | null;
    readonly endCursor: string | null;
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
  };
}

const cursorOf = (index: number) => Buffer.from(`cursor:v2:${index}`).toString('base64');
const indexOf = (cursor: string) =>
  Number(Buffer.from(cursor, 'base64').toString('latin1').split(':').at(-1));

/** A part of a list, as GitHub cuts it: one of `first` and `last` is needed, and at most 100. */
export function connection<T, N>(
  items: readonly T[],
  paging: Paging,
  name: string,
  node: (item: T, index: number) => N,
): Connection<N> {
  const { first, last } = paging;
  if (typeof first !== 'number' && typeof last !== 'number')
    throw new GraphqlFault(
      'MISSING_PAGINATION_BOUNDARIES',
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  for (const [which, count] of [
    ['first', first],
    ['last', last],
  ] as const)
    if (typeof count === 'number' && (count > 100 || count < 0))
      throw new GraphqlFault(
        'EXCESSIVE_PAGINATION',
        `Requesting ${count} records on the \`${name}\` connection exceeds the \`${which}\` limit of 100 records.`,
      );
  let from = typeof paging.after === 'string' ? indexOf(paging.after) : 0;
  let to = typeof paging.before === 'string' ? indexOf(paging.before) - 1 : items.length;
  if (typeof first === 'number') to = Math.min(to, from + first);
  if (typeof last === 'number') from = Math.max(from, to - last);
  const shown = items.slice(from, to);
  return {
    totalCount: items.length,
    nodes: shown.map((item, index) => node(item, from + index)),
    pageInfo: {
      startCursor: shown.length > 0 ? cursorOf(from + 1) : null,
      endCursor: shown.length > 0 ? cursorOf(from + shown.length) : null,
      hasNextPage: from + shown.length < items.length,
      hasPreviousPage: from > 0,
    },
  };
}
