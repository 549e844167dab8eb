import { open } from 'node:fs/promises';
import { UserError } from '../review/errors.ts';

const MOST_BYTES = 4 * 1024 * 1024 * 1024;
const MOST_REDIRECTS = 5;
/** Until the answer begins, and between two pieces of it. */
const PATIENCE_MS = 60_000;

export const isAddress = (target: string): boolean => /^https?:\/\//i.test(target);

/** Writes what is at an address into a file. Nothing is sent but the request. Throws `UserError`. */
export async function download(address: string, file: string): Promise<void> {
  const stop = new AbortController();
  let timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const { body } = await answerAt(address, stop.signal);
    const handle = await open(file, 'wx', 0o600);
    try {
      let bytes = 0;
      for await (const piece of body) {
        clearTimeout(timer);
        timer = setTimeout(() => stop.abort(), PATIENCE_MS);
        bytes += piece.length;
        if (bytes > MOST_BYTES)
          throw new UserError(
            `There is more at ${address} than a package may have.`,
            'Download it and look.',
          );
        await handle.writeFile(piece);
      }
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(
      `${address} could not be read${stop.signal.aborted ? ': no answer in time' : ''}.`,
      'Check the address and the network, or download the file yourself and name it.',
      { cause },
    );
  } finally {
    clearTimeout(timer);
  }
}

async function answerAt(
  address: string,
  signal: AbortSignal,
): Promise<{ readonly body: ReadableStream<Uint8Array> }> {
  let next = address;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    const answer = await fetch(safe(next), { signal, redirect: 'manual' });
    const location = answer.headers.get('location');
    if (answer.status >= 300 && answer.status < 400 && location !== null) {
      await answer.body?.cancel();
      next = new URL(location, next).href;
      continue;
    }
    if (answer.status === 200 && answer.body) return { body: answer.body };
    throw new UserError(
      `${address} answers with status ${answer.status}.`,
      'Evidence behind a login has to be downloaded by whoever may; then name the file.',
    );
  }
  throw new UserError(`${address} leads on and on.`, 'Check the address.');
}

/** What comes in clear text could have been altered on the way: only from this very machine. */
function safe(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const here = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url?.hostname ?? '');
  if (url && url.username === '' && (url.protocol === 'https:' || (url.protocol === 'http:' && here)))
    return url;
  throw new UserError(
    `${JSON.stringify(address)} is not an https address that can be read without a password.`,
    'Write it as https://…, or download the file and name it.',
  );
}
