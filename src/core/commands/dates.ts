/** The last instant of a calendar day in UTC, as ISO 8601; undefined for what is no day. `day`: `2027-03-01`. */
export function endOfDay(day: string): string | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return undefined;
  const end = new Date(`${day}T23:59:59.999Z`);
  // The 30th of February would be read as a day in March.
  return !Number.isNaN(end.getTime()) && end.toISOString().startsWith(day) ? end.toISOString() : undefined;
}

/** A text that may end in `until 2027-03-01`. `faulty`: the date as written, when it ends in one that cannot be read. */
export interface Bounded {
  readonly text: string;
  readonly expires?: string;
  readonly faulty?: string;
}

/**
 * A date in another spelling is a fault and not part of the text: what somebody meant to end must not last for ever.
 */
export function splitUntil(text: string): Bounded {
  const found = /(?:^|[\s,;(])until[\s:]+(\d{1,4}([-./])\d{1,2}\2\d{1,4})\)?[.!]?\s*$/i.exec(text);
  const day = found?.[1];
  if (!found || day === undefined) return { text };
  const before = text.slice(0, found.index).trim().replace(/[,;]$/, '');
  const expires = endOfDay(day);
  return expires ? { text: before, expires } : { text: before, faulty: day };
}
