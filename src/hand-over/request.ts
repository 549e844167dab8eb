import { readFile } from 'node:fs/promises';
import { UserError } from '../review/errors.ts';
import type { Outgoing } from './outgoing.ts';

/** A request as it is shown before anything is sent: all of it but the secret. */
export interface Planned {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Body;
}

type Body =
  | { readonly kind: 'json'; readonly value: Readonly<Record<string, unknown>> }
  /** The bytes of the file and nothing else. */
  | { readonly kind: 'file'; readonly file: Outgoing }
  | { readonly kind: 'form'; readonly fields: Readonly<Record<string, string>>; readonly file: Outgoing };

export interface Sender {
  /** `Bearer …`, `Token …`: sent, and shown nowhere. */
  readonly authorization: string;
  readonly fetch: typeof fetch;
  readonly sleep: (ms: number) => Promise<void>;
}

const TIMEOUT_MS = 120_000;
const MOST_TRIES = 4;
const LONGEST_WAIT_MS = 60_000;
const MOST_ANSWER = 4 * 1024 * 1024;

/**
 * Sends one request and reads its answer as JSON; undefined where it has none. What only failed for now is tried again, up to
 * a bound: reading always, and writing only where the answer says that nothing was done.
 */
export async function send(planned: Planned, sender: Sender): Promise<unknown> {
  for (let tries = 1; ; tries++) {
    const answer = await once(planned, sender);
    if (answer instanceof Response && answer.ok) return read(answer);
    const again =
      answer instanceof Response
        ? answer.status === 429 || isFailure(answer, planned)
        : planned.method === 'GET';
    if (!again || tries === MOST_TRIES) throw await refusal(planned, answer);
    await sender.sleep(waitOf(answer, tries));
  }
}

const isFailure = ({ status }: Response, { method }: Planned): boolean =>
  status === 503 || (status >= 500 && method === 'GET');

async function once(planned: Planned, { authorization, fetch: ask }: Sender): Promise<Response | Error> {
  const { method, url, headers } = planned;
  const { body, type } = await bodyOf(planned);
  try {
    return await ask(url, {
      method,
      headers: { ...headers, ...type, authorization },
      ...(body === undefined ? {} : { body }),
      // Wherever it would lead to, the secret goes nowhere else.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function bodyOf({ body }: Planned): Promise<{
  readonly body?: string | FormData | Uint8Array<ArrayBuffer>;
  readonly type?: Readonly<Record<string, string>>;
}> {
  switch (body?.kind) {
    case undefined:
      return {};
    case 'json':
      return { body: JSON.stringify(body.value), type: { 'content-type': 'application/json' } };
    case 'file':
      return { body: await bytesOf(body.file), type: { 'content-type': body.file.mediaType } };
    case 'form': {
      const form = new FormData();
      for (const [name, value] of Object.entries(body.fields)) form.set(name, value);
      form.set('file', new Blob([await bytesOf(body.file)], { type: body.file.mediaType }), body.file.name);
      return { body: form };
    }
  }
}

const bytesOf = async ({ path }: Outgoing): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await readFile(path));

async function read(answer: Response): Promise<unknown> {
  const text = await answer.text();
  if (text.length > MOST_ANSWER) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function waitOf(answer: Response | Error, tries: number): number {
  const asked = answer instanceof Response ? Number(answer.headers.get('retry-after')) * 1_000 : 0;
  return Math.min(LONGEST_WAIT_MS, asked > 0 ? asked : 1_000 * 2 ** tries);
}

/** Never with what was answered in full: it may repeat what was sent. */
async function refusal({ method, url, body }: Planned, answer: Response | Error): Promise<UserError> {
  const what = `${method} ${url}`;
  if (answer instanceof Error)
    return new UserError(
      `${what} got no answer (${answer.name}).`,
      body === undefined
        ? 'Check the network and the address, and run it again.'
        : 'Whether it arrived is not known. Run it again: what is there already is not sent twice.',
      { cause: answer },
    );
  await answer.body?.cancel();
  return new UserError(`${what} was answered with ${answer.status}.`, remedyOf(answer.status));
}

function remedyOf(status: number): string {
  if (status === 401 || status === 403)
    return 'Check the token: whether it is right, not run out, and may do this.';
  if (status === 404) return 'Check the ids that were given, and the address.';
  if (status === 413) return 'The file is too large for the other side.';
  return 'What was sent before it is there; run it again, and it is not sent twice.';
}
