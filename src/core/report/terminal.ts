import type { Doubt } from '../model/doubt.ts';
import type { Fact } from '../model/fact.ts';
import type { Question } from '../model/question.ts';
import type { Judgement, Verdict } from '../model/verdict.ts';
import { terminal as safe } from './escape.ts';
import { stepOf, type Fix } from './guide.ts';
import {
  count,
  examinedLine,
  outlineOf,
  type ComponentOutline,
  type Outline,
  reachesUnsaid,
} from './outline.ts';
import { asides, examined } from './terminal-appendix.ts';
import { paint, prose, title, wrap, type Style, type Terminal } from './text.ts';

export interface TerminalOptions extends Terminal {
  /** Also every file that was examined, every resource that differs, and facts that decide nothing. */
  readonly verbose: boolean;
  /** Text of a question by its id; an unknown one is shown by id alone. */
  readonly question: (id: string) => Question | undefined;
}

/** Verdict → text for people at a terminal or reading a build log. Ends with a line end. */
export function renderTerminal(verdict: Verdict, options: TerminalOptions): string {
  const outline = outlineOf(verdict);
  const quiet = !verdict.applicable && outline.notes.length === 0;
  const blocks = quiet
    ? [[quietLine(verdict, options)]]
    : [
        headline(verdict, options),
        changed(outline, verdict, options),
        toDo(outline, verdict, options),
        doubtBlock('Could not be judged', outline.doubts, 'red', options),
        waiting(outline, options),
        questions(outline, options),
        remarks(outline, options),
        doubtBlock('Notes', outline.notes, 'dim', options),
        footer(verdict, options),
      ];
  const all = options.verbose ? [...blocks, asides(outline, options), examined(verdict, options)] : blocks;
  return `${all
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}

const STATES: Readonly<Record<Verdict['conclusion'], { readonly mark: string; readonly style: Style }>> = {
  success: { mark: '✓', style: 'green' },
  action_required: { mark: '●', style: 'yellow' },
  failure: { mark: '✗', style: 'red' },
};

function quietLine(verdict: Verdict, t: Terminal): string {
  return paint(t, 'green', `✓ ${safe(verdict.title)}: ${examinedLine(verdict.examined)}.`);
}

function headline(verdict: Verdict, t: Terminal): string[] {
  // Observing never blocks, but a line that begins with a green tick would say that all is well.
  const open = verdict.conclusion === 'success' && verdict.judgement.state !== 'pass' && verdict.applicable;
  const { mark, style } = open ? { mark: '●', style: 'yellow' as const } : STATES[verdict.conclusion];
  const where = [
    safe(verdict.repository),
    `${safe(short(verdict.base))} → ${safe(short(verdict.head))}`,
    `policy ${safe(verdict.policy.origin)} (${verdict.mode})`,
  ];
  return [
    ...wrap(t, prose(verdict.title, t), '')
      .map((line) => paint(t, 'bold', paint(t, style, line)))
      .map((line, i) => (i === 0 ? `${paint(t, style, mark)} ${line}` : `  ${line}`)),
    ...wrap(t, where.join(' · '), '  ').map((line) => paint(t, 'dim', line)),
  ];
}

const short = (commit: string): string => (/^[0-9a-f]{40,64}$/.test(commit) ? commit.slice(0, 10) : commit);

function changed(outline: Outline, verdict: Verdict, t: TerminalOptions): string[] {
  if (outline.components.length === 0) return [];
  const facts = verdict.facts.filter((f) => f.deciding).length;
  return [
    title(`What changed: ${count(facts, 'fact')} on ${count(outline.components.length, 'component')}`, t),
    ...outline.components.flatMap((c) => component(c, t)),
  ];
}

function reaches(fact: Fact, t: Terminal): string[] {
  const reached = reachesUnsaid(fact);
  if (reached.length === 0) return [];
  return wrap(t, `reaches ${reached.map(safe).join(', ')}`, '        ').map((l) => paint(t, 'dim', l));
}

const CHANGE_MARKS = { new: '+', removed: '-', changed: '~' } as const;

function component(c: ComponentOutline, t: Terminal): string[] {
  const scope =
    c.scope === '' || c.scope === c.facts[0]?.fact.file ? '' : `  ${paint(t, 'dim', `in ${safe(c.scope)}`)}`;
  return [
    `  ${CHANGE_MARKS[c.change]} ${paint(t, 'cyan', safe(c.address))}${scope}`,
    ...c.facts.flatMap(({ fact, judgement }) => [
      ...wrap(t, prose(fact.statement, t), '      '),
      ...reaches(fact, t),
      `        ${safe(fact.file)}:${fact.line}  ${paint(t, 'dim', `${fact.side === 'base' ? 'before the change  ' : ''}${safe(fact.rule)}`)}`,
      ...(judgement
        ? wrap(t, prose(judgement.reason, t), `        ${judgementMark(judgement, t)} `, '          ')
        : []),
    ]),
  ];
}

function judgementMark(judgement: Judgement, t: Terminal): string {
  return judgement.state === 'pass' ? paint(t, 'green', '✓') : paint(t, 'red', '✗');
}

function toDo(outline: Outline, verdict: Verdict, t: TerminalOptions): string[] {
  const inner = narrower(t, 6);
  const steps = [
    ...outline.fixes.map((fix) => fixStep(fix, inner)),
    ...outline.broken.map((j) => brokenStep(j, inner)),
  ];
  if (steps.length === 0) return [];
  const heading = verdict.mode === 'observe' ? 'What would be missing if this were enforced' : 'What to do';
  const columns = String(steps.length).length;
  return [
    title(heading, t),
    ...steps.flatMap((lines, i) =>
      lines.map((line, at) =>
        at === 0 ? `  ${String(i + 1).padStart(columns)}. ${line}` : `  ${' '.repeat(columns)}  ${line}`,
      ),
    ),
  ];
}

function fixStep(fix: Fix, t: Terminal): string[] {
  return [
    ...wrap(t, prose(stepOf(fix), t), '', ''),
    ...fix.snippet.map((line) => `    ${paint(t, 'green', indented(line))}`),
  ];
}

/** The room inside an indented block. */
const narrower = (t: Terminal, by = 2): Terminal => ({ ...t, columns: t.columns - by });

/** Leading spaces of a snippet matter; what follows is escaped. */
const indented = (line: string): string => (/^ */.exec(line)?.[0] ?? '') + safe(line.trimStart());

function brokenStep(j: Judgement, t: Terminal): string[] {
  const at = j.at ? ` ${paint(t, 'dim', `${safe(j.at.file)}:${j.at.line}`)}` : '';
  return [
    ...wrap(t, `${paint(t, 'red', safe(ruleOf(j.id)))} ${prose(j.reason, t)}${at}`, ''),
    ...(j.remedy ? wrap(t, prose(j.remedy, t), '→ ') : []),
  ];
}

/** `TM003.finding` is explained under `TM003`. */
const ruleOf = (id: string): string => id.replace(/\.(?:finding|entry)$/, '');

function doubtBlock(heading: string, doubts: readonly Doubt[], style: Style, t: Terminal): string[] {
  if (doubts.length === 0) return [];
  return [
    title(heading, t),
    ...doubts.flatMap((d) => [
      ...wrap(
        t,
        `${prose(d.message, t)} ${paint(t, 'dim', `[${d.code}]${placeOf(d)}`)}`,
        `  ${paint(t, style, '?')} `,
      ),
      ...wrap(t, prose(d.remedy, t), '    → '),
    ]),
  ];
}

function placeOf(d: Doubt): string {
  if (!d.file) return '';
  return ` ${safe(d.file)}${d.line ? `:${d.line}` : ''}${d.line && d.column ? `:${d.column}` : ''}`;
}

function waiting(outline: Outline, t: Terminal): string[] {
  if (outline.waiting.length === 0) return [];
  return [
    title('Waiting', t),
    ...outline.waiting.flatMap((j) => [
      ...wrap(t, prose(j.reason, t), `  ${paint(t, 'yellow', '●')} `),
      ...j.children.flatMap((c) => wrap(t, `${prose(c.title, t)}: ${prose(c.reason, t)}`, '      ')),
      ...(j.remedy ? wrap(t, prose(j.remedy, t), '    → ') : []),
    ]),
  ];
}

function questions(outline: Outline, t: TerminalOptions): string[] {
  if (outline.questions.length === 0) return [];
  return [
    title('Questions to think through', t),
    ...outline.questions.flatMap((group) => [
      `  ${paint(t, 'cyan', safe(group.address))}`,
      ...group.questions.flatMap((asked) => {
        const question = t.question(asked.id);
        const ask = question
          ? `${safe(question.ask)} ${paint(t, 'dim', `(${asked.id}, ${question.severity})`)}`
          : asked.id;
        return wrap(t, ask, '    ☐ ');
      }),
    ]),
  ];
}

function remarks(outline: Outline, t: Terminal): string[] {
  if (outline.remarks.length === 0) return [];
  return [
    title('Worth mending in the model', t),
    ...outline.remarks.flatMap((j) => brokenStep(j, narrower(t)).map((line) => `  ${line}`)),
  ];
}

function footer(verdict: Verdict, t: Terminal): string[] {
  const models = verdict.examined.models.map((m) => safe(m.file));
  const read = models.length > 0 ? `threat model ${models.join(', ')}` : 'no threat model in the repository';
  const line = `${examinedLine(verdict.examined)}; ${read}.`;
  const ids =
    verdict.facts.length > 0
      ? wrap(t, 'threatgate explain ID tells why a rule or a question matters.', '')
      : [];
  return [...wrap(t, line, ''), ...ids].map((l) => paint(t, 'dim', l));
}
