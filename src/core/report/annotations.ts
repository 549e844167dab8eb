import type { Doubt } from '../model/doubt.ts';
import type { Judgement, Verdict } from '../model/verdict.ts';
import { cutChars } from './bytes.ts';
import type { Annotation } from './check-run.ts';
import { plain } from './escape.ts';
import { outlineOf, type ComponentOutline } from './outline.ts';

/** More than this and the page of the pull request becomes unusable. */
const MOST = 500;
/** GitHub takes 64 KB; nobody reads that beside a line. */
const MESSAGE = 2_000;
const TITLE = 255;

export interface Annotations {
  readonly shown: readonly Annotation[];
  /** How many more there would be. */
  readonly left: number;
}

/** What can be pointed at in the files at head: facts, doubts and findings, the worst first. */
export function annotationsOf(verdict: Verdict): Annotations {
  const outline = outlineOf(verdict);
  const all = [
    ...outline.components.flatMap((c) => c.facts.flatMap((f) => ofFact(f, verdict))),
    ...[...outline.doubts, ...outline.notes].flatMap(ofDoubt),
    ...[...outline.broken, ...outline.remarks].flatMap((j) => ofJudgement(j, verdict)),
  ];
  const unique = new Map(all.map((a) => [JSON.stringify(a), a]));
  const sorted = [...unique.values()].sort(inOrder);
  return { shown: sorted.slice(0, MOST), left: Math.max(0, sorted.length - MOST) };
}

/** What blocks nothing is no failure. */
const broken = (verdict: Verdict): Annotation['level'] =>
  verdict.mode === 'observe' ? 'warning' : 'failure';

function ofFact(
  { fact, judgement }: ComponentOutline['facts'][number],
  verdict: Verdict,
): readonly Annotation[] {
  if (fact.side !== 'head') return [];
  const missing = judgement?.state === 'fail';
  const title = missing ? 'Not in the threat model' : judgement ? 'In the threat model' : 'Changed';
  return annotation(fact.file, fact.line, missing ? broken(verdict) : 'notice', `${title}: ${fact.address}`, [
    fact.statement,
    judgement?.reason,
    judgement?.remedy,
  ]);
}

function ofDoubt(d: Doubt): readonly Annotation[] {
  const level = d.weight === 'doubt' ? 'failure' : 'notice';
  return annotation(d.file, d.line ?? 1, level, 'Could not be read', [d.message, d.remedy]);
}

function ofJudgement(j: Judgement, verdict: Verdict): readonly Annotation[] {
  const level = j.state === 'fail' ? broken(verdict) : 'warning';
  const rule = j.id.replace(/\.(?:finding|entry)$/, '');
  return annotation(j.at?.file, j.at?.line ?? 1, level, `${rule}: ${j.title}`, [j.reason, j.remedy]);
}

/** None where there is no file to point at, or its path is none that GitHub would take. */
function annotation(
  path: string | undefined,
  line: number,
  level: Annotation['level'],
  title: string,
  sentences: readonly (string | undefined)[],
): readonly Annotation[] {
  if (path === undefined || !isPath(path)) return [];
  const at = Number.isSafeInteger(line) && line > 0 ? line : 1;
  const message = sentences
    .filter((s) => s !== undefined && s !== '')
    .map((s) => plain(s ?? ''))
    .join(' ');
  return [
    {
      path,
      startLine: at,
      endLine: at,
      level,
      title: cutChars(plain(title), TITLE),
      message: cutChars(message, MESSAGE),
    },
  ];
}

function isPath(path: string): boolean {
  return (
    path.length <= 4_000 &&
    path.isWellFormed() &&
    !/[\u0000-\u001f\u007f]/.test(path) &&
    path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..')
  );
}

const LEVELS: readonly Annotation['level'][] = ['failure', 'warning', 'notice'];

function inOrder(a: Annotation, b: Annotation): number {
  const key = (x: Annotation): string =>
    `${LEVELS.indexOf(x.level)}\n${x.path}\n${String(x.startLine).padStart(9, '0')}\n${x.title}\n${x.message}`;
  return key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;
}
