/** The texts between `${{` and `}}`, in order. An opening without an end runs to the end of the text, as the runner reads it. */
export function expressionsIn(text: string): string[] {
  const out: string[] = [];
  for (let at = text.indexOf('${{'); at >= 0;) {
    const end = text.indexOf('}}', at + 3);
    out.push(text.slice(at + 3, end < 0 ? text.length : end).trim());
    if (end < 0) break;
    at = text.indexOf('${{', end + 2);
  }
  return out;
}

const CONTEXT = /[A-Za-z_][\w-]*(?:\.(?:[\w-]+|\*)|\[\s?(?:'[^'\n]{0,200}'|\d{1,9})\s?\])*/g;

/**
 * Context names an expression mentions, in dotted lower-case form: `github.event['comment'].body` → `github.event.comment.body`,
 * list positions become `*`. String literals are not contexts.
 */
export function contextsIn(expression: string): string[] {
  const out: string[] = [];
  for (const [piece, literal] of pieces(expression)) {
    if (literal) continue;
    for (const found of piece.matchAll(CONTEXT)) out.push(dotted(found[0]));
  }
  return out;
}

/** Splits at string literals that stand alone; those in brackets are part of a context. */
function* pieces(expression: string): Generator<[string, boolean]> {
  let from = 0;
  for (let at = 0; at < expression.length; at++) {
    if (expression[at] !== "'") continue;
    const end = expression.indexOf("'", at + 1);
    if (end < 0) break;
    if (
      expression
        .slice(Math.max(0, at - 2), at)
        .trimEnd()
        .endsWith('[')
    ) {
      at = end;
      continue;
    }
    yield [expression.slice(from, at), false];
    yield [expression.slice(at, end + 1), true];
    at = end;
    from = end + 1;
  }
  yield [expression.slice(from), false];
}

const dotted = (context: string): string =>
  context
    .replace(/\[\s?'([^']*)'\s?\]/g, '.$1')
    .replace(/\[\s?\d+\s?\]/g, '.*')
    .toLowerCase();

/** Secret names an expression reads, as written; `*` when it takes the whole `secrets` context or computes the name. */
export function secretsIn(expression: string): string[] {
  if (!/secrets/i.test(expression)) return [];
  const out: string[] = [];
  const literal = [...pieces(expression)].filter(([, isLiteral]) => !isLiteral).map(([piece]) => piece);
  for (const found of literal
    .join(' ')
    .matchAll(/(?<![\w.-])secrets\b(?:\s?\.\s?([A-Za-z_]\w*)|\s?\[\s?'([^'\n]{1,200})'\s?\])?/gi)) {
    out.push((found[1] ?? found[2])?.toUpperCase() ?? '*');
  }
  return out;
}
