import type { Threat } from '../../model/threat-model.ts';
import type { Value } from '../../model/value.ts';
import { get, text } from '../../values/value.ts';
import { isSaid, readTickets } from '../conventions.ts';
import { stateOf } from '../reading/ratings.ts';
import { given, oneLine } from '../reading/text.ts';

/** How one risk (or all that fit a pattern with `*`) was dealt with. */
export interface Tracking {
  /** Category and what it hits, joined by `@`: the tool's own id of a risk. */
  readonly id: string;
  readonly value: Value;
  readonly file: string;
  readonly line: number;
}

/** Patterns tried for one risk. */
const MOST_PATTERNS = 500;

/** Finds the entry that answers a risk: its own, else the first pattern that fits. */
export function findTracking(tracking: readonly Tracking[]): (id: string) => Tracking | undefined {
  const byId = new Map(tracking.map((one) => [one.id, one]));
  const patterns = tracking.filter((one) => one.id.includes('*')).slice(0, MOST_PATTERNS);
  return (id) => byId.get(id) ?? patterns.find((one) => fits(one.id, id));
}

/** Whether an id fits a tracking id, whose parts between `@` may be `*`. */
function fits(pattern: string, id: string): boolean {
  const [wanted, found] = [pattern.split('@'), id.split('@')];
  return (
    wanted.length === found.length && wanted.every((part, index) => part === '*' || part === found[index])
  );
}

export function statusOf(track: Tracking | undefined): Threat['status'] {
  const raw = text(get(track?.value, 'status'));
  const justification = text(get(track?.value, 'justification'));
  const said = justification !== undefined && isSaid(justification);
  return {
    state: stateOf((raw ?? '').replace(/-/g, ' ')),
    ...given({ raw, justification: said ? oneLine(justification) : undefined }),
  };
}

export function ticketsOf(track: Tracking | undefined): readonly string[] {
  return readTickets(text(get(track?.value, 'ticket')) ?? '');
}
