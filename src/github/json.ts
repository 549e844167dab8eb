/** A number of so many digits may be one that JavaScript has to round. */
const LARGE_NUMBER = /:\s*-?\d{16}/;

/**
 * Body of an answer → its JSON, undefined when it is none. Octokit has its own parser, which keeps large numbers but takes
 * many times as long, while the listing of a large repository keeps everything else waiting.
 */
export function parsedJson(text: string): unknown {
  try {
    return LARGE_NUMBER.test(text) ? JSON.parse(text, exact) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Integers that would be rounded come as their digits. */
function exact(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const isRounded = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
  return isRounded ? context?.source : value;
}
