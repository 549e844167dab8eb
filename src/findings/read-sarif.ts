import { canonicalJson, digestOf } from '../core/digest.ts';
import { severityOf, type Severity } from './severity.ts';
import { walkJson, type Scalar } from './walk-json.ts';

/** One result of a scanner that says that something is wrong. Texts are as written: bounded, not escaped. */
export interface Finding {
  readonly tool: string;
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** From the root of the repository, as far as the file says; undefined when it names none. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  /** Names of what it is in, as the tool calls them. */
  readonly logical: readonly string[];
  /** The same for the same finding in another scan: without line numbers. */
  readonly fingerprint: string;
}

export interface SarifReading {
  readonly findings: readonly Finding[];
  /** Results that say that nothing is wrong, are suppressed or gone. */
  readonly passedOver: number;
  /** Results beyond those that are read. */
  readonly left: number;
}

const MOST_RESULTS = 10_000;
const MOST_RULES = 20_000;
const MOST_NAMES = 10;
const MOST_PRINTS = 10;
const LONGEST = { name: 200, message: 300, uri: 1_000, print: 300 };

/** Kinds of results that say that something is, or may be, wrong. */
const BAD: ReadonlySet<string> = new Set(['fail', 'open', 'review']);

interface Rule {
  id: string;
  level?: string;
  score?: number;
}

interface Result {
  rule?: string;
  ruleIndex?: number;
  level?: string;
  score?: number;
  kind: string;
  message: string;
  uri?: string;
  line?: number;
  logical: string[];
  prints: (readonly [string, string])[];
  gone: boolean;
}

/** SARIF 2.x from whoever made it; undefined for what is none. Never throws, and never holds more than its bounds. */
export function readSarif(text: string): SarifReading | undefined {
  const collector = new Collector();
  const isJson = walkJson(text.startsWith('\uFEFF') ? text.slice(1) : text, {
    open: (path) => collector.open(path),
    close: (path) => collector.close(path),
    scalar: (path, value, key) => collector.scalar(path, value, key),
  });
  return isJson && collector.sawRuns ? collector.reading : undefined;
}

class Collector {
  sawRuns = false;
  readonly #findings: Finding[] = [];
  #passedOver = 0;
  #left = 0;
  #tool = '';
  #rules: Rule[] = [];
  #rule: Rule | undefined;
  #results: Result[] = [];
  #result: Result | undefined;

  get reading(): SarifReading {
    return { findings: this.#findings, passedOver: this.#passedOver, left: this.#left };
  }

  open(path: string): void {
    if (path === 'runs') this.sawRuns = true;
    else if (path === 'runs[]') [this.#tool, this.#rules, this.#results] = ['', [], []];
    else if (path === 'runs[].tool.driver.rules[]') this.#rule = { id: '' };
    else if (path === 'runs[].results[]')
      this.#result = { kind: 'fail', message: '', logical: [], prints: [], gone: false };
    else if (path === 'runs[].results[].suppressions[]' && this.#result) this.#result.gone = true;
  }

  close(path: string): void {
    if (path === 'runs[].tool.driver.rules[]' && this.#rule && this.#rules.length < MOST_RULES)
      this.#rules.push(this.#rule);
    else if (path === 'runs[].results[]' && this.#result) this.#keep(this.#result);
    else if (path === 'runs[]') this.#endRun();
  }

  #keep(result: Result): void {
    this.#result = undefined;
    if (result.gone || !BAD.has(result.kind)) this.#passedOver += 1;
    else if (this.#findings.length + this.#results.length >= MOST_RESULTS) this.#left += 1;
    else this.#results.push(result);
  }

  /** Rules may stand behind the results that name them. */
  #endRun(): void {
    const byId = new Map(this.#rules.map((rule) => [rule.id, rule]));
    for (const result of this.#results) {
      const indexed = result.ruleIndex === undefined ? undefined : this.#rules[result.ruleIndex];
      const rule = (result.rule === undefined ? undefined : byId.get(result.rule)) ?? indexed;
      this.#findings.push(findingOf(result, rule, this.#tool));
    }
    this.#results = [];
  }

  scalar(path: string, value: Scalar, key: string): void {
    if (!path.startsWith('runs[].')) return;
    const below = path.slice('runs[].'.length);
    if (below === 'tool.driver.name') this.#tool = cut(value, LONGEST.name);
    else if (below.startsWith('tool.driver.rules[].'))
      this.#ruleScalar(below.slice('tool.driver.rules[].'.length), value);
    else if (below.startsWith('results[].') && this.#result)
      resultScalar(this.#result, below.slice('results[].'.length), value, key);
  }

  #ruleScalar(path: string, value: Scalar): void {
    const rule = this.#rule;
    if (!rule) return;
    if (path === 'id') rule.id = cut(value, LONGEST.name);
    else if (path === 'defaultConfiguration.level') rule.level = cut(value, LONGEST.name);
    else if (path === 'properties.security-severity') setScore(rule, value);
  }
}

function resultScalar(result: Result, path: string, value: Scalar, key: string): void {
  switch (path) {
    case 'ruleId':
    case 'rule.id':
      result.rule ??= cut(value, LONGEST.name);
      return;
    case 'ruleIndex':
    case 'rule.index':
      if (typeof value === 'number') result.ruleIndex ??= value;
      return;
    case 'level':
      result.level = cut(value, LONGEST.name);
      return;
    case 'kind':
      result.kind = cut(value, LONGEST.name);
      return;
    case 'baselineState':
      result.gone ||= value === 'absent';
      return;
    case 'message.text':
      result.message = cut(value, LONGEST.message);
      return;
    case 'properties.security-severity':
      setScore(result, value);
      return;
    case 'locations[].physicalLocation.artifactLocation.uri':
      result.uri ??= cut(value, LONGEST.uri);
      return;
    case 'locations[].physicalLocation.region.startLine':
      if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) result.line ??= value;
      return;
    case 'locations[].logicalLocations[].fullyQualifiedName':
    case 'locations[].logicalLocations[].name':
      if (result.logical.length < MOST_NAMES) result.logical.push(cut(value, LONGEST.name));
      return;
    default:
      if (/^(?:partialF|f)ingerprints\.[^.]+$/.test(path) && result.prints.length < MOST_PRINTS)
        result.prints.push([cut(key, LONGEST.name), cut(value, LONGEST.print)]);
  }
}

/** A number, as code scanning has it: written as a text. */
function setScore(to: { score?: number }, value: Scalar): void {
  const score = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof score === 'number' && Number.isFinite(score)) to.score = score;
}

const cut = (value: Scalar, most: number): string =>
  (typeof value === 'string' ? value : '').slice(0, most).toWellFormed();

function findingOf(result: Result, rule: Rule | undefined, tool: string): Finding {
  const { message, line, logical, prints } = result;
  const id = result.rule ?? rule?.id ?? '';
  const file = result.uri === undefined ? undefined : pathOf(result.uri);
  const same = prints.length > 0 ? prints.toSorted(([a], [b]) => (a < b ? -1 : 1)) : [message, ...logical];
  return {
    tool,
    rule: id === '' ? 'without a rule' : id,
    severity: severityOf(result.score ?? rule?.score, result.level ?? rule?.level),
    message,
    file,
    line,
    logical,
    fingerprint: digestOf(canonicalJson([tool, id, file ?? null, same])).slice(
      'sha256:'.length,
      'sha256:'.length + 16,
    ),
  };
}

/** A URI as a path without its scheme; undefined for one that leads out of the repository. */
function pathOf(uri: string): string | undefined {
  const plain = uri.replace(/^file:\/\/[^/]*/i, '').replace(/[?#].*$/, '');
  const path = decoded(plain)
    .replaceAll('\\', '/')
    .replace(/^(?:\.?\/)+/, '');
  return path === '' || /^[a-z][a-z\d+.-]*:/i.test(path) || path.split('/').includes('..') ? undefined : path;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
