import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Answer {
  readonly status: number;
  /** `application/json` when absent. */
  readonly type?: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const json = (status: number, value: Readonly<Record<string, unknown>>): Answer => ({
  status,
  body: `${JSON.stringify(value)}\n`,
});

/** Nothing of ours is to be framed, sniffed, cached or linked to from where it leads. */
const SAFE = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
} as const;

function head(response: ServerResponse, { status, type, body, headers }: Answer, isLast: boolean): void {
  response.writeHead(status, {
    ...SAFE,
    'content-type': type ?? 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...(isLast ? { connection: 'close' } : {}),
    ...headers,
  });
}

/** Answers a request whose body was read, or that has none. */
export function send(response: ServerResponse, answer: Answer, isLast = false): void {
  if (response.headersSent || response.destroyed) return;
  head(response, answer, isLast);
  response.end(answer.body);
}

/** How long a client that still sends may take to notice the answer. */
const LINGER_MS = 2_000;

/**
 * Answers before the body has been read, and then hangs up. If the connection were closed at once, the bytes that still
 * come would make the answer vanish from the other end; so they are thrown away for a moment.
 */
export function refuse(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  if (request.complete) {
    send(response, answer, true);
    return;
  }
  if (response.headersSent || response.destroyed) return;
  head(response, answer, true);
  response.write(answer.body);
  const end = (): void => {
    clearTimeout(timer);
    response.end(() => request.socket.destroySoon());
  };
  const timer = setTimeout(end, LINGER_MS);
  request.once('end', end).once('close', end).resume();
}
