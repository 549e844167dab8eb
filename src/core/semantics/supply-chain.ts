import { SUPPLY_CHAIN } from './supply-chain.generated.ts';

/** What `supply-chain.yaml` says; commands are words that follow one another in a command line. */
export interface SupplyChainData {
  readonly privilegedEvents: readonly string[];
  readonly outsiderEvents: readonly string[];
  readonly reportingScopes: readonly string[];
  readonly hostedRunners: readonly string[];
  readonly outsideRunners: readonly string[];
  readonly firstPartyOwners: readonly string[];
  readonly deployActions: readonly string[];
  readonly deployCommands: readonly (readonly string[])[];
  readonly checks: readonly SecurityCheck[];
  readonly attackerContexts: readonly string[];
  readonly scriptInputs: readonly { readonly action: string; readonly inputs: readonly string[] }[];
}

export interface SecurityCheck {
  readonly name: string;
  /** Checks of one kind can stand in for one another: `code analysis`, `secret scan` … */
  readonly kind: string;
  readonly actions: readonly string[];
  readonly commands: readonly (readonly string[])[];
}

const data = SUPPLY_CHAIN;

/** An event that somebody without write access can cause, or control what it works on, with our token and secrets. */
export const isPrivilegedEvent = (event: string): boolean => data.privilegedEvents.includes(event);

/** An event that can be caused from outside; it matters when the workflow holds something. */
export const isOutsiderEvent = (event: string): boolean => data.outsiderEvents.includes(event);

/** Whether writing this token scope changes neither code nor releases. */
export const isReportingScope = (scope: string): boolean => data.reportingScopes.includes(scope);

/** Label of a machine that GitHub provides, fresh for every job. */
export function isHostedRunner(label: string): boolean {
  const name = label.toLowerCase();
  if (data.outsideRunners.some((prefix) => name.startsWith(prefix))) return false;
  return data.hostedRunners.some((part) => `${name}-`.includes(part));
}

export const isFirstPartyOwner = (owner: string): boolean =>
  data.firstPartyOwners.includes(owner.toLowerCase());

const matches = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

export const isDeployAction = (action: string): boolean =>
  data.deployActions.some((a) => matches(a, action.toLowerCase()));

/** Deployment commands in a script, as people say them: `terraform apply`. Sorted. */
export function deployCommandsIn(script: string): string[] {
  return commandsIn(script, data.deployCommands);
}

export const checkOfAction = (action: string): SecurityCheck | undefined =>
  data.checks.find((c) => c.actions.some((a) => matches(a, action.toLowerCase())));

export const checksInScript = (script: string): readonly SecurityCheck[] =>
  data.checks.filter((c) => commandsIn(script, c.commands).length > 0);

/** Inputs of an action that are programs. */
export const scriptInputsOf = (action: string): readonly string[] =>
  data.scriptInputs.find((s) => s.action === action.toLowerCase())?.inputs ?? [];

/** Whether anybody can choose the text of this context (dotted, lower case). */
export const isAttackerContext = (context: string): boolean =>
  attackerPatterns.some((p) => matchesPath(p, context.split('.')));

const attackerPatterns = data.attackerContexts.map((c) => c.split('.'));

function matchesPath(pattern: readonly string[], path: readonly string[]): boolean {
  return (
    path.length >= pattern.length &&
    pattern.every((word, i) => word === '*' || word === path[i] || path[i] === '*')
  );
}

/** Runners and wrappers in front of the command that matters. */
const PREFIXES = new Set([
  'sudo',
  'npx',
  'yarn',
  'pnpm',
  'bunx',
  'exec',
  'time',
  'env',
  'command',
  'poetry',
  'pipenv',
  'uv',
  'uvx',
  'run',
  'bundle',
  'then',
  'do',
  'else',
  '!',
  'dlx',
  'python',
  'python3',
  '-m',
  'pipx',
]);

/** Which of the word sequences a shell script runs: each command line is split into commands, options are skipped over. */
function commandsIn(script: string, all: readonly (readonly string[])[]): string[] {
  const text = script.toLowerCase();
  // Most scripts run none of them: only those whose words stand there at all are worth splitting lines for.
  const wanted = all.filter((command) => command.every((word) => text.includes(word)));
  return wanted.length > 0 ? commandsRun(text, wanted) : [];
}

function commandsRun(text: string, wanted: readonly (readonly string[])[]): string[] {
  const found = new Set<string>();
  for (const line of text.replace(/\\\r?\n/g, ' ').split(/[\n;|&()`]+/)) {
    if (line.trimStart().startsWith('#')) continue;
    const words = line.split(/[\s"']+/, 60).filter((w) => w !== '' && !/^\w{1,60}=/.test(w));
    const all = words.filter((w) => !w.startsWith('-') || w === '-m').map((w) => w.replace(/^.*\//, ''));
    // A tool's own image runs the tool: `docker run aquasec/trivy image …`.
    if (/^(?:docker|podman)$/.test(all[0] ?? '') && all.includes('run'))
      for (let i = 1; i < all.length; i++)
        for (const c of wanted) if (c[0] === all[i]?.replace(/[:@].*$/, '')) found.add(c.join(' '));
    let start = 0;
    for (let i = 0; i <= 4 && start < all.length; i++) {
      for (const command of wanted) if (startsWith(all, start, command)) found.add(command.join(' '));
      if (!PREFIXES.has(all[start] ?? '')) break;
      start++;
    }
  }
  return [...found].sort();
}

/** The first word stands there; the others follow in order within the next few words (values of options may come between). */
function startsWith(words: readonly string[], start: number, command: readonly string[]): boolean {
  if (words[start] !== command[0]) return false;
  let at = start;
  return command.slice(1).every((word) => {
    const next = words.indexOf(word, at + 1);
    if (next < 0 || next - at > 3) return false;
    at = next;
    return true;
  });
}
