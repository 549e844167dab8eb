import { timingSafeEqual } from 'node:crypto';

/** Fields of a form, or why it is not taken. */
export type FormReading =
  | { readonly kind: 'form'; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: 'refused'; readonly status: 400 | 403 | 413 | 415; readonly why: string };

const MOST_BYTES = 64_000;
const MOST_FIELDS = 1_000;

const refused = (status: 400 | 403 | 413 | 415, why: string): FormReading => ({
  kind: 'refused',
  status,
  why,
});

/** A form of one of our own pages: sent from our origin, with the token of this session, and not too large. */
export async function readForm(
  request: Request,
  { origin, csrf }: { readonly origin: string; readonly csrf: string },
): Promise<FormReading> {
  if (!isFromHere(request.headers, origin)) return refused(403, 'It was not sent from one of these pages.');
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') return refused(415, 'It is not a form of these pages.');
  const text = await boundedText(request);
  if (text === undefined) return refused(413, `It has more than ${MOST_BYTES} bytes.`);
  const sent = [...new URLSearchParams(text)];
  if (sent.length > MOST_FIELDS) return refused(400, `It has more than ${MOST_FIELDS} fields.`);
  const fields = new Map<string, string>();
  for (const [name, value] of sent) {
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : `${before},${value}`);
  }
  if (!isSame(fields.get('csrf') ?? '', csrf))
    return refused(403, 'The page that it was sent from belongs to another session, or is too old.');
  fields.delete('csrf');
  return { kind: 'form', fields: Object.fromEntries(fields) };
}

/** Browsers say where a form comes from in one of two headers; one that says nothing is not believed. */
function isFromHere(headers: Headers, origin: string): boolean {
  const [site, from] = [headers.get('sec-fetch-site'), headers.get('origin')];
  if (site === null && from === null) return false;
  return (site === null || site === 'same-origin') && (from === null || from === origin);
}

/** Undefined when there is more than may be. Bytes are counted as they come, whatever was declared. */
async function boundedText(request: Request): Promise<string | undefined> {
  if (Number(request.headers.get('content-length') ?? 0) > MOST_BYTES) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
