import type { Content } from '../core/model/change.ts';

/**
 * Bytes of one file → what may be read of them. Every adapter uses this, so that a file is the same thing (and is
 * described in the same words) wherever it comes from. A byte order mark is no part of the text.
 */
export function contentOf(bytes: Uint8Array): Content {
  if (bytes.includes(0))
    return { kind: 'unreadable', reason: 'binary', detail: 'it holds NUL bytes, so it is not a text file' };
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { kind: 'unreadable', reason: 'not-utf8', detail: 'it is not valid UTF-8' };
  }
}

export function tooLarge(size: number, limitBytes: number): Content {
  const detail = `it has ${size} bytes, more than the ${limitBytes} that are read (limits.file_bytes in the policy)`;
  return { kind: 'unreadable', reason: 'too-large', detail };
}

/** The listing names the content, but it is not to be had: a shallow or partial clone, or a damaged one. */
export function missing(id: string): Content {
  return {
    kind: 'unreadable',
    reason: 'missing',
    detail: `its content (${id}) is not in the repository as fetched`,
  };
}
