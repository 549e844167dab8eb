import { barePage, type BarePage } from './bare-page.ts';
import type { Download } from './context.ts';
import { PAGE_HEADERS } from './headers.ts';

/** Headers that go out beside those that every answer has; `set-cookie` may come several times. */
export type More = readonly (readonly [name: string, value: string])[];

export function answerOf(
  status: number,
  body: string | Blob | null,
  type: string | undefined,
  more: More = [],
): Response {
  const headers = new Headers(PAGE_HEADERS);
  if (type !== undefined) headers.set('content-type', type);
  for (const [name, value] of more)
    if (name === 'set-cookie') headers.append(name, value);
    else headers.set(name, value);
  return new Response(body, { status, headers });
}

const HTML = 'text/html; charset=utf-8';

export const htmlAnswer = (status: number, text: string, more: More = []): Response =>
  answerOf(status, text, HTML, more);

export const bareAnswer = async (status: number, page: BarePage, more: More = []): Promise<Response> =>
  htmlAnswer(status, await barePage(page), more);

/** 303: whatever was sent is done, and the next page is asked for by GET. */
export const redirectTo = (location: string, more: More = []): Response =>
  answerOf(303, null, undefined, [['location', location], ...more]);

/** Shown in no browser: what is in it may have been written by anybody. */
export function downloadOf({ name, type, body }: Download): Response {
  const safe = /^[\w.-]{1,200}$/.test(name) ? name : 'download';
  const content = body instanceof Uint8Array ? new Blob([new Uint8Array(body)]) : body;
  return answerOf(200, content, type, [
    ['content-disposition', `attachment; filename="${safe}"`],
    ['content-security-policy', "default-src 'none'; sandbox"],
  ]);
}
