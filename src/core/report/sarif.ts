import type { FactCoverage } from '../model/coverage.ts';
import type { Fact } from '../model/fact.ts';
import type { Judgement, Verdict } from '../model/verdict.ts';
import { digestOf } from '../digest.ts';
import { plain, uri } from './escape.ts';
import { toJson } from './json.ts';
import { leavesOf, waitingOf } from './outline.ts';

/** What a rule says of itself, from the detectors' own descriptions. */
export interface RuleText {
  readonly title: string;
  readonly why: string;
}

type Level = 'error' | 'warning' | 'note';

interface Result {
  readonly rule: string;
  readonly level: Level;
  readonly message: string;
  readonly at: { readonly file: string; readonly line: number } | undefined;
  /** Identity over time: the same finding in a later push has the same. */
  readonly identity: string;
}

/**
 * Verdict → SARIF 2.1.0: one result per deciding fact, and one per failed or doubtful judgement that is not about a fact.
 * Paths are percent-encoded and relative to the repository root. Ends with a line end.
 */
export function renderSarif(verdict: Verdict, describe: (rule: string) => RuleText | undefined): string {
  const results = [...factResults(verdict), ...judgementResults(verdict)];
  const rules = [...new Set(results.map((r) => r.rule))].sort();
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: verdict.tool.name,
            semanticVersion: verdict.tool.version,
            rules: rules.map((id) => ruleOf(id, describe(id))),
          },
        },
        automationDetails: { id: 'threatgate/' },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { SRCROOT: { description: { text: 'The root of the repository.' } } },
        invocations: [{ executionSuccessful: !verdict.doubts.some((d) => d.weight === 'doubt') }],
        properties: {
          repository: verdict.repository,
          base: verdict.base,
          head: verdict.head,
          mode: verdict.mode,
          conclusion: verdict.conclusion,
          title: plain(verdict.title),
          digest: verdict.digest,
        },
        results: results.map((r) => resultOf(r, rules)),
      },
    ],
  };
  return `${toJson(log)}\n`;
}

function factResults(verdict: Verdict): Result[] {
  const coverage = new Map(verdict.coverage.facts.map((c) => [c.fact, c]));
  const judged = new Map(
    leavesOf(verdict.judgement)
      .filter((j) => j.id === 'model.coverage')
      .map((j) => [j.because[0] ?? '', j]),
  );
  return verdict.facts
    .filter((f) => f.deciding)
    .map((fact) => {
      const judgement = judged.get(fact.id);
      return {
        rule: fact.rule,
        level: levelOf(verdict, judgement, coverage.get(fact.id)),
        message: messageOf(fact, judgement),
        at: { file: fact.file, line: fact.line },
        identity: `fact\n${fact.id}`,
      };
    });
}

function levelOf(
  verdict: Verdict,
  judgement: Judgement | undefined,
  coverage: FactCoverage | undefined,
): Level {
  const open = judgement
    ? judgement.state === 'fail'
    : coverage !== undefined && coverage.state !== 'covered';
  if (!open) return 'note';
  return verdict.mode === 'enforce' ? 'error' : 'warning';
}

function messageOf(fact: Fact, judgement: Judgement | undefined): string {
  const parts = [
    `${fact.statement}${/[.!?]$/.test(fact.statement) ? '' : '.'}`,
    ...(fact.side === 'base' ? ['The line is that of the file before the change.'] : []),
    ...(judgement ? [judgement.reason, judgement.remedy ?? ''] : []),
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** Judgements that failed or could not be made; those about single facts are results already. */
function judgementResults(verdict: Verdict): Result[] {
  const broken = leavesOf(verdict.judgement).filter(
    (j) => j.id !== 'model.coverage' && (j.state === 'fail' || j.state === 'doubt'),
  );
  return [...broken, ...waitingOf(verdict.judgement)].map((j) => ({
    rule: j.id.replace(/\.(?:finding|entry)$/, ''),
    level: j.state === 'pending' || (j.state === 'fail' && verdict.mode === 'observe') ? 'warning' : 'error',
    message: [j.reason, j.remedy ?? ''].filter((part) => part !== '').join(' '),
    at: j.at,
    identity: `judgement\n${j.id}\n${j.at?.file ?? ''}\n${j.reason}`,
  }));
}

function ruleOf(id: string, text: RuleText | undefined): object {
  const title = plain(text?.title ?? id);
  const help = text
    ? `${text.why} Run \`threatgate explain ${id}\` for more.`
    : `Run \`threatgate explain ${id}\` for more.`;
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: title },
    help: { text: plain(help) },
  };
}

function resultOf(result: Result, rules: readonly string[]): object {
  return {
    ruleId: result.rule,
    ruleIndex: rules.indexOf(result.rule),
    level: result.level,
    // A message may hold `[text](target)` links; nobody but us should write one.
    message: { text: plain(result.message).replaceAll('](', '] (') },
    // Code scanning wants a place for every result; what concerns the whole change is put at the policy's own file.
    locations: [locationOf(result.at ?? { file: '.github/threatgate.yml', line: 1 })],
    partialFingerprints: { 'threatgate/v1': digestOf(result.identity).slice('sha256:'.length) },
  };
}

function locationOf(at: { readonly file: string; readonly line: number }): object {
  return {
    physicalLocation: {
      artifactLocation: { uri: uri(at.file), uriBaseId: 'SRCROOT' },
      region: { startLine: Math.max(1, at.line) },
    },
  };
}
