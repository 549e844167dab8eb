import { instantOf, isInstant } from '../../core/audit/instants.ts';
import { foreign } from './words.ts';
import { html, type SafeHtml } from './html.ts';

/** All times on the pages are UTC, which the foot of each says. */

/** `2026-03-01 10:00`; what is no instant as it is. */
export const moment = (at: string): SafeHtml => shown(at, 16);

/** `2026-03-01 10:00:05`, where seconds tell the order. */
export const exactly = (at: string): SafeHtml => shown(at, 19);

/** `2026-03-01`, for what begins or ends with a day. */
export const day = (at: string): SafeHtml => shown(at, 10);

function shown(at: string, length: number): SafeHtml {
  if (!isInstant(at)) return foreign(at, 100);
  const iso = new Date(instantOf(at)).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, length).replace('T', ' ')}</time>`;
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** `3 days`, `4 hours`, `15 minutes`: the largest unit that is at least one. */
export function duration(seconds: number): string {
  for (const [name, size] of UNITS)
    if (seconds >= size) {
      const n = Math.round(seconds / size);
      return `${n} ${name}${n === 1 ? '' : 's'}`;
    }
  return 'less than a minute';
}
