import type { Verdict } from '../model/verdict.ts';
import { terminal as safe } from './escape.ts';
import type { Outline } from './outline.ts';
import { paint, prose, title, wrap, type Terminal } from './text.ts';

/** What `--verbose` adds below the report. */

export function asides(outline: Outline, t: Terminal): string[] {
  if (outline.asides.length === 0) return [];
  return [
    title('Seen, but deciding nothing', t),
    ...outline.asides.flatMap((f) =>
      wrap(t, `${prose(f.statement, t)} ${paint(t, 'dim', `${safe(f.file)}:${f.line}`)}`, '  · '),
    ),
  ];
}

const OUTCOMES = {
  read: 'read',
  model: 'threat model',
  policy: 'policy',
  ignored: 'ignored by the policy',
  'not-read': 'no reader for this kind of file',
  unreadable: 'unreadable',
} as const;

export function examined(verdict: Verdict, t: Terminal): string[] {
  return [
    title('Changed files', t),
    ...verdict.examined.files.map(
      (f) => `  ${safe(f.path)}  ${paint(t, 'dim', f.reader ?? OUTCOMES[f.outcome])}`,
    ),
    ...(verdict.resources.length > 0 ? [title('Resources that differ', t)] : []),
    ...verdict.resources.map(
      (r) =>
        `  ${r.kind.replace('resource-', '').padEnd(7)}  ${safe(r.address)}  ${paint(t, 'dim', `${safe(r.file)}:${r.line}`)}`,
    ),
    paint(
      t,
      'dim',
      `Rules ${safe(verdict.tool.rules)}, catalogue ${safe(verdict.tool.catalogue)}, threatgate ${safe(verdict.tool.version)}, digest ${verdict.digest}`,
    ),
  ];
}
