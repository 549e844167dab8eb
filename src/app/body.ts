import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** GitHub sends no payload above 25 MB. */
export const BODY_LIMIT = 25_000_000;

/** Bodies of all requests together may not need more memory than this. */
export interface Room {
  readonly limit: number;
  taken: number;
}

export type Body =
  | { readonly kind: 'complete'; readonly bytes: readonly Buffer[]; readonly digest: Buffer }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'no-room' }
  | { readonly kind: 'broken' };

/**
 * Reads a body and computes its HMAC on the way. Bytes are counted as they come, whatever was declared. The room it takes
 * is given back by `done`, after the caller has let go of the bytes.
 */
export async function readBody(
  request: IncomingMessage,
  secret: string,
  room: Room,
): Promise<Body & { readonly done: () => void }> {
  let size = 0;
  const done = (): void => {
    room.taken -= size;
    size = 0;
  };
  const hmac = createHmac('sha256', secret);
  const bytes: Buffer[] = [];
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      size += chunk.length;
      room.taken += chunk.length;
      if (size > BODY_LIMIT) return { kind: 'too-large', done };
      if (room.taken > room.limit) return { kind: 'no-room', done };
      hmac.update(chunk);
      bytes.push(chunk);
    }
  } catch {
    return { kind: 'broken', done };
  }
  return { kind: 'complete', bytes, digest: hmac.digest(), done };
}

/** `sha256=` and 64 hexadecimal digits: compared in a time that does not tell how much of it was right. */
export function isSigned(header: string, digest: Buffer): boolean {
  const given = /^sha256=([0-9a-f]{64})$/i.exec(header)?.[1];
  return given !== undefined && timingSafeEqual(Buffer.from(given, 'hex'), digest);
}
