/**
 * A decimal literal as a number, or as its own text when a double cannot hold it: 12345678901234567890 and …891
 * are different values and must stay so.
 */
export function readNumber(literal: string): number | string {
  const value = Number(literal);
  if (!Number.isFinite(value)) return literal;
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) return literal;
  const digits = literal.replace(/^-?0*|[.]|[eE].*$/g, '');
  return digits.length > 17 ? literal : value;
}
