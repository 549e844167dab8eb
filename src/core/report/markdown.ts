import type { Doubt } from '../model/doubt.ts';
import type { Question } from '../model/question.ts';
import type { Judgement, Verdict } from '../model/verdict.ts';
import { code, fence, markdown, sentence } from './escape.ts';
import { stepOf, type Fix } from './guide.ts';
import {
  count,
  examinedLine,
  outlineOf,
  type ComponentOutline,
  type Outline,
  reachesUnsaid,
} from './outline.ts';
import { renderPicture } from './picture.ts';

export interface MarkdownOptions {
  /** Text of a question by its id; an unknown one is shown by id alone. */
  readonly question: (id: string) => Question | undefined;
  /** Longest result in characters; GitHub takes 65,535 in a check run and 1 MiB in a job summary. Least 2,000. */
  readonly most: number;
}

/** How much of each list is shown; tried one after the other until the result is short enough. */
const DETAILS = [200, 50, 15, 5, 1] as const;

/** Verdict → summary as GitHub shows it. What does not fit is counted, never silently left out. */
export function renderMarkdown(verdict: Verdict, options: MarkdownOptions): string {
  const outline = outlineOf(verdict);
  for (const most of DETAILS) {
    const text = render(verdict, outline, most, options);
    if (text.length <= options.most) return text;
  }
  return `${heading(verdict)}\n\n${count(outline.fixes.length + outline.broken.length, 'thing')} to do and ${count(outline.doubts.length, 'doubt')}: more than fits here. The JSON output has everything.\n`;
}

function render(verdict: Verdict, outline: Outline, most: number, options: MarkdownOptions): string {
  if (!verdict.applicable && outline.notes.length === 0)
    return `${heading(verdict)}\n\n${examinedLine(verdict.examined)}.\n`;
  const picture = most > 5 ? renderPicture(verdict) : undefined;
  const sections = [
    heading(verdict),
    origin(verdict),
    guide(verdict, outline, most),
    doubts('Could not be judged', outline.doubts, most),
    waiting(outline),
    facts(outline, most),
    picture ? `### The part of the picture that changed\n\n\`\`\`mermaid\n${picture}\n\`\`\`` : '',
    questions(outline, most, options),
    remarks(outline, most),
    doubts('Notes', outline.notes, most),
    `<sub>${examinedLine(verdict.examined)}. Rules ${code(verdict.tool.rules)}, catalogue ${code(verdict.tool.catalogue)}, digest ${code(verdict.digest)}.</sub>`,
  ];
  return `${sections.filter((s) => s !== '').join('\n\n')}\n`;
}

const MARKS: Readonly<Record<Verdict['conclusion'], string>> = {
  success: '✅',
  action_required: '🟡',
  failure: '❌',
};

function heading(verdict: Verdict): string {
  const open = verdict.conclusion === 'success' && verdict.judgement.state !== 'pass' && verdict.applicable;
  return `## ${open ? '👀' : MARKS[verdict.conclusion]} ${prose(verdict.title)}`;
}

function origin(verdict: Verdict): string {
  const policy =
    verdict.policy.origin === 'built-in' ? 'the built-in policy' : `policy ${code(verdict.policy.origin)}`;
  return `${code(verdict.repository)} from ${code(verdict.base.slice(0, 10))} to ${code(verdict.head.slice(0, 10))}, ${policy}, mode ${verdict.mode}.`;
}

/** One of our sentences, names as code. */
const prose = (text: string): string => sentence(text, code, markdown);

const place = (file: string, line: number): string => code(`${file}:${line}`);

/** The first of a list, and how many more there are. */
function some<T>(items: readonly T[], most: number, show: (item: T, i: number) => string): string[] {
  const left = items.length - most;
  return [
    ...items.slice(0, most).map(show),
    ...(left > 0 ? [`- … and ${left} more, in the JSON output`] : []),
  ];
}

function guide(verdict: Verdict, outline: Outline, most: number): string {
  const steps = [...outline.fixes.map(fixStep), ...outline.broken.map(brokenStep)];
  if (steps.length === 0) return '';
  const title = verdict.mode === 'observe' ? 'What would be missing if this were enforced' : 'What to do';
  return [`### ${title}`, '', ...some(steps, most, (step, i) => `${i + 1}. ${step}`)].join('\n');
}

function fixStep(fix: Fix): string {
  if (fix.snippet.length === 0) return prose(stepOf(fix));
  return `${prose(stepOf(fix))}\n\n${fence(fix.snippet, fix.language).replace(/^/gm, '   ')}\n`;
}

function brokenStep(j: Judgement): string {
  const at = j.at ? ` (${place(j.at.file, j.at.line)})` : '';
  return `**${markdown(j.id.replace(/\.(?:finding|entry)$/, ''))}** ${prose(j.reason)}${at}${j.remedy ? ` ${prose(j.remedy)}` : ''}`;
}

function doubts(title: string, list: readonly Doubt[], most: number): string {
  if (list.length === 0) return '';
  const show = (d: Doubt): string => {
    const at = d.file ? ` (${code(`${d.file}${d.line ? `:${d.line}` : ''}`)})` : '';
    return `- ${prose(d.message)}${at} ${prose(d.remedy)}`;
  };
  return [`### ${title}`, '', ...some(list, most, show)].join('\n');
}

function waiting(outline: Outline): string {
  if (outline.waiting.length === 0) return '';
  return [
    '### Waiting',
    '',
    ...outline.waiting.flatMap((j) => [
      `- ${prose(j.reason)}${j.remedy ? ` ${prose(j.remedy)}` : ''}`,
      ...j.children.map((c) => `  - ${prose(c.title)}: ${prose(c.reason)}`),
    ]),
  ].join('\n');
}

function facts(outline: Outline, most: number): string {
  const rows = outline.components.flatMap((c) => c.facts.map((f) => ({ component: c, ...f })));
  if (rows.length === 0) return '';
  const left = rows.length - most;
  return [
    `### What changed: ${count(rows.length, 'fact')} on ${count(outline.components.length, 'component')}`,
    '',
    '| Component | What | Where | In the model |',
    '| --- | --- | --- | --- |',
    ...rows.slice(0, most).map(({ component, fact, judgement }) => {
      const reached = reachesUnsaid(fact);
      const reaches = reached.length > 0 ? `; reaches ${reached.map(code).join(', ')}` : '';
      return `| ${named(component)} | ${prose(fact.statement)}${reaches} | ${place(fact.file, fact.line)}${fact.side === 'base' ? ' before' : ''} | ${covered(judgement)} |`;
    }),
    ...(left > 0 ? ['', `… and ${left} more, in the JSON output.`] : []),
  ].join('\n');
}

const CHANGES: Readonly<Record<ComponentOutline['change'], string>> = {
  new: 'new',
  removed: 'gone',
  changed: 'changed',
};
const named = (c: ComponentOutline): string => `${code(c.address)} (${CHANGES[c.change]})`;

function covered(judgement: Judgement | undefined): string {
  if (!judgement) return 'not asked for';
  return `${judgement.state === 'pass' ? '✅' : '❌'} ${prose(judgement.reason)}`;
}

function questions(outline: Outline, most: number, options: MarkdownOptions): string {
  if (outline.questions.length === 0) return '';
  const groups = outline.questions.flatMap((group) => [
    '',
    `**${code(group.address)}**`,
    '',
    ...some(group.questions, most, (asked) => {
      const question = options.question(asked.id);
      if (!question) return `- [ ] ${code(asked.id)}`;
      return `- [ ] ${markdown(question.ask)} <sub>${markdown(question.id)}, ${question.severity}. ${markdown(question.why)}</sub>`;
    }),
  ]);
  return ['### Questions to think through', ...groups].join('\n');
}

function remarks(outline: Outline, most: number): string {
  if (outline.remarks.length === 0) return '';
  return [
    '### Worth mending in the model',
    '',
    ...some(outline.remarks, most, (j) => `- ${brokenStep(j)}`),
  ].join('\n');
}
