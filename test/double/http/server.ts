import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NoAnswer } from './pipeline.ts';

export interface Listening {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** The same answers over a socket, on the loopback only. */
export async function listen(answer: (request: Request) => Promise<Response>, port = 0): Promise<Listening> {
  const server = createServer((incoming, outgoing) => {
    void respond(answer, incoming, outgoing);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function respond(
  answer: (request: Request) => Promise<Response>,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const response = await answer(requestOf(incoming, Buffer.concat(chunks)));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  } catch (error) {
    if (error instanceof NoAnswer) outgoing.destroy();
    else {
      // A bug of the double: loud on both sides.
      console.error(error);
      outgoing.writeHead(599, { 'content-type': 'text/plain' });
      outgoing.end(error instanceof Error ? (error.stack ?? error.message) : 'error');
    }
  }
}

function requestOf(incoming: IncomingMessage, body: Buffer): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers))
    if (value !== undefined && !HOP.has(name)) headers.set(name, String(value));
  const method = incoming.method ?? 'GET';
  return new Request(`http://${incoming.headers.host ?? '127.0.0.1'}${incoming.url ?? '/'}`, {
    method,
    headers,
    ...(body.length > 0 && method !== 'GET' ? { body: new Uint8Array(body) } : {}),
  });
}

const HOP = new Set(['host', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'expect']);
