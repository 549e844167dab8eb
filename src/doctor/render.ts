import { toJson } from '../core/report/json.ts';
import { count } from '../core/report/outline.ts';
import { paint, prose, title, wrap, type Style, type Terminal } from '../core/report/text.ts';
import { SEVERITIES, type Finding, type Severity } from './finding.ts';

export interface Diagnosis {
  readonly repository: string;
  readonly branch: string;
  /** When it was looked at, ISO 8601. */
  readonly at: string;
  /** The worst first. */
  readonly findings: readonly Finding[];
}

const MARKS: Readonly<Record<Severity, readonly [mark: string, style: Style]>> = {
  problem: ['✗', 'red'],
  warning: ['!', 'yellow'],
  note: ['·', 'dim'],
  good: ['✓', 'green'],
};

/** For people. Everything foreign in it is escaped. */
export function renderTerminal(diagnosis: Diagnosis, t: Terminal): string {
  const { repository, branch, findings } = diagnosis;
  const heading = prose(`The gate of \`${shortened(repository)}\`, branch \`${shortened(branch)}\``, t);
  const lines = SEVERITIES.flatMap((severity) => {
    const some = findings.filter((f) => f.severity === severity);
    return some.length === 0 ? [] : ['', ...some.flatMap((f) => linesOf(f, t))];
  });
  return `${[title(heading, t), ...lines, '', summary(findings, t)].join('\n')}\n`;
}

const shortened = (name: string): string => name.replaceAll('`', '´').slice(0, 200);

function linesOf({ id, severity, what, why, remedy }: Finding, t: Terminal): readonly string[] {
  const [mark, style] = MARKS[severity];
  const said = severity === 'good' ? prose(what, t) : `${prose(what, t)} ${paint(t, 'dim', `[${id}]`)}`;
  return [
    ...wrap(t, said, `${paint(t, style, mark)} `, '  '),
    ...(why === undefined ? [] : wrap(t, prose(why, t), '    ')),
    ...(remedy === undefined ? [] : wrap(t, prose(remedy, t), '    → ')),
  ];
}

function summary(findings: readonly Finding[], t: Terminal): string {
  const of = (severity: Severity): number => findings.filter((f) => f.severity === severity).length;
  const text = `${count(of('problem'), 'problem')}, ${count(of('warning'), 'warning')}, ${count(of('note'), 'note')}; ${of('good')} as it should be`;
  return of('problem') > 0 ? paint(t, 'red', `✗ ${text}`) : paint(t, 'green', `✓ ${text}`);
}

/** For machines: keys sorted, safe to print. */
export function renderJson({ repository, branch, at, findings }: Diagnosis): string {
  const counts = Object.fromEntries(
    SEVERITIES.map((severity) => [severity, findings.filter((f) => f.severity === severity).length]),
  );
  return `${toJson({ version: 1, repository, branch, at, counts, findings })}\n`;
}
