/** A number of days as policies write it: no other unit, because nobody reviews by the hour. */
export const DAYS = /^(?:[1-9]\d{0,2}|[12]\d{3}|3[0-5]\d{2}|36[0-4]\d|3650)d$/;
export const DAYS_OR_NEVER = new RegExp(`${DAYS.source}|^never$`);

/** Undefined for `never`. */
export function daysOf(span: string): number | undefined {
  return DAYS.test(span) ? Number(span.slice(0, -1)) : undefined;
}
