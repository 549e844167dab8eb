import type { HclExpression, HclTemplatePart } from './hcl-tree.ts';
import { eachChild, endOf, opaque, slice, startOf, type Walk } from './hcl-cursor.ts';
import { dedent, type Stretch, unescapeMarkers, unescapeQuoted } from './hcl-strings.ts';

/** Something between two stretches of text, and whether its marks trim the white space around it (`~`). */
interface Hole {
  readonly start: number;
  readonly end: number;
  readonly part: HclTemplatePart;
  readonly trimsBefore: boolean;
  readonly trimsAfter: boolean;
}

const MARKERS: ReadonlySet<string> = new Set([
  'template_if_intro',
  'template_else_intro',
  'template_if_end',
  'template_for_start',
  'template_for_end',
]);

/** Reads all children that are expressions; handed in, because templates hold expressions and expressions templates. */
type ReadOperands = (walk: Walk) => HclExpression[];

/** The quoted or heredoc template under the cursor. The tree leaves out white space, so text is cut from the source. */
export function readTemplate(walk: Walk, type: string, line: number, read: ReadOperands): HclExpression {
  const start = startOf(walk);
  const end = endOf(walk);
  const holes: Hole[] = [];
  findHoles(walk, holes, read);
  if (type === 'quoted_template') {
    const stretches = cut(walk.text, start + 1, end - 1, holes).map((s) => unescapeQuoted(s.text));
    const parts = assemble(stretches, holes);
    const [only] = parts;
    if (parts.length === 0) return { kind: 'literal', value: '', line };
    if (only?.kind === 'text' && parts.length === 1) return { kind: 'literal', value: only.text, line };
    return { kind: 'template', parts, heredoc: false, line, textLine: line };
  }
  const from = walk.text.indexOf('\n', start) + 1;
  const to = walk.text.lastIndexOf('\n', end - 1) + 1;
  if (from === 0 || to < from) return opaque(walk.text.slice(start, end), line);
  const raw = cut(walk.text, from, to, holes).map((s) => ({ ...s, text: s.text.replaceAll('\r\n', '\n') }));
  const flush = walk.text.startsWith('<<-', start);
  const texts = (flush ? dedent(raw) : raw.map((s) => s.text)).map(unescapeMarkers);
  return { kind: 'template', parts: assemble(texts, holes), heredoc: true, line, textLine: line + 1 };
}

function findHoles(walk: Walk, holes: Hole[], read: ReadOperands): void {
  eachChild(walk, (type) => {
    if (type === 'template_directive' || type === 'template_if' || type === 'template_for')
      findHoles(walk, holes, read);
    else if (type === 'template_interpolation') holes.push(hole(walk, readInterpolation(walk, read)));
    else if (MARKERS.has(type)) holes.push(hole(walk, readMarker(walk, read)));
  });
}

function hole(walk: Walk, part: HclTemplatePart): Hole {
  const start = startOf(walk);
  const end = endOf(walk);
  return {
    start,
    end,
    part,
    trimsBefore: walk.text[start + 2] === '~',
    trimsAfter: walk.text[end - 2] === '~',
  };
}

function readInterpolation(walk: Walk, read: ReadOperands): HclTemplatePart {
  const [value] = read(walk);
  return { kind: 'interpolation', value: value ?? opaque('', walk.lineOf(startOf(walk))) };
}

/** `%{ for a, b in list }` → text `for a, b in list`, bound `a`, `b`, operand `list`. */
function readMarker(walk: Walk, read: ReadOperands): HclTemplatePart {
  const bound: string[] = [];
  const text = slice(walk).slice(2, -1).replace(/^~|~$/g, '');
  const operands = read(walk);
  eachChild(walk, (type) => {
    if (type === 'identifier') bound.push(slice(walk));
  });
  return { kind: 'directive', text: text.replace(/\s+/g, ' ').trim(), bound, operands };
}

/** The text before, between and after the holes: one more stretch than there are holes. */
function cut(text: string, from: number, to: number, holes: readonly Hole[]): Stretch[] {
  const stretches: Stretch[] = [];
  let at = from;
  for (const { start, end } of holes) {
    stretches.push({ text: text.slice(at, start), continues: at !== from });
    at = end;
  }
  stretches.push({ text: text.slice(at, Math.max(at, to)), continues: at !== from });
  return stretches;
}

function assemble(stretches: readonly string[], holes: readonly Hole[]): HclTemplatePart[] {
  const parts: HclTemplatePart[] = [];
  for (const [index, stretch] of stretches.entries()) {
    let text = stretch;
    if (holes[index - 1]?.trimsAfter) text = text.trimStart();
    const next = holes[index];
    if (next?.trimsBefore) text = text.trimEnd();
    if (text !== '') parts.push({ kind: 'text', text });
    if (next) parts.push(next.part);
  }
  return parts;
}
