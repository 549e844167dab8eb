import type { Approvals } from '../model/approval.ts';
import type { Doubt } from '../model/doubt.ts';
import type { Question } from '../model/question.ts';
import type { Judgement, Verdict } from '../model/verdict.ts';
import { byteLength, cutBytes } from './bytes.ts';
import { code, fence, markdown } from './escape.ts';
import { stepOf, type Fix } from './guide.ts';
import { place, prose, some } from './markdown-parts.ts';
import {
  count,
  examinedLine,
  outlineOf,
  type ComponentOutline,
  type Outline,
  reachesUnsaid,
} from './outline.ts';
import { decisionsSection, helpSection, noticeLines, questionsSection, waitingSection } from './people.ts';
import type { Help } from './people.ts';
import { renderPicture } from './picture.ts';

export interface MarkdownOptions {
  /** Text of a question by its id; an unknown one is shown by id alone. */
  readonly question: (id: string) => Question | undefined;
  /** Longest result in bytes of UTF-8; GitHub takes 65,535 in a check run and 1 MiB in a job summary. Least 2,000. */
  readonly most: number;
  /** What people said so far. */
  readonly approvals?: Approvals;
  /** Logins of those who may approve, teams opened up; none where they are not known. */
  readonly eligible?: readonly string[];
  /** Sentences for the top: what was said and does not count, what else has to be known. */
  readonly notices?: readonly string[];
  readonly help?: Help;
}

/** How much of each list is shown; tried one after the other until the result is short enough. */
const DETAILS = [200, 50, 15, 5, 1] as const;

/** Verdict → summary as GitHub shows it. What does not fit is counted, never silently left out. */
export function renderMarkdown(verdict: Verdict, options: MarkdownOptions): string {
  const outline = outlineOf(verdict);
  for (const most of DETAILS) {
    const text = render(verdict, outline, most, options);
    if (byteLength(text) <= options.most) return text;
  }
  const rest = `\n\n${count(outline.fixes.length + outline.broken.length, 'thing')} to do and ${count(outline.doubts.length, 'doubt')}: more than fits here. The JSON output has everything.\n`;
  return `${cutBytes(heading(verdict), options.most - byteLength(rest))}${rest}`;
}

function render(verdict: Verdict, outline: Outline, most: number, options: MarkdownOptions): string {
  const notices = noticeLines(options.notices ?? [], most);
  const help = options.help ? helpSection(options.help) : '';
  if (!verdict.applicable && outline.notes.length === 0)
    return joined([heading(verdict), notices, `${examinedLine(verdict.examined)}.`, help]);
  const picture = most > 5 ? renderPicture(verdict) : undefined;
  return joined([
    heading(verdict),
    notices,
    origin(verdict),
    guide(verdict, outline, most),
    doubts('Could not be judged', outline.doubts, most),
    waitingSection(outline, options.eligible ?? [], most),
    decisionsSection(verdict, outline, options.approvals, most),
    facts(outline, most),
    picture ? `### The part of the picture that changed\n\n\`\`\`mermaid\n${picture}\n\`\`\`` : '',
    questionsSection(outline, options, most),
    remarks(outline, most),
    doubts('Notes', outline.notes, most),
    help,
    `<sub>${examinedLine(verdict.examined)}. Rules ${code(verdict.tool.rules)}, catalogue ${code(verdict.tool.catalogue)}, digest ${code(verdict.digest)}.</sub>`,
  ]);
}

const joined = (sections: readonly string[]): string => `${sections.filter((s) => s !== '').join('\n\n')}\n`;

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
    const parts = [d.file, d.line, d.line === undefined ? undefined : d.column];
    const at = d.file === undefined ? '' : ` (${code(parts.filter((p) => p !== undefined).join(':'))})`;
    return `- ${prose(d.message)}${at} ${prose(d.remedy)}`;
  };
  return [`### ${title}`, '', ...some(list, most, show)].join('\n');
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

function remarks(outline: Outline, most: number): string {
  if (outline.remarks.length === 0) return '';
  return [
    '### Worth mending in the model',
    '',
    ...some(outline.remarks, most, (j) => `- ${brokenStep(j)}`),
  ].join('\n');
}
