import type { Verdict } from '../src/core/model/verdict.ts';
import type { Label, LabelFact } from './labels.ts';

/** Kinds that the label makers derived by parsing both sides; compared address by address. */
const PROGRAM_KINDS = new Set(['resource-added', 'resource-removed', 'resource-changed']);

/** Stack id of ours → word in the note of a program-derived label fact. */
const STACKS: Readonly<Record<string, string>> = {
  terraform: 'terraform',
  cloudformation: 'cloudformation',
  kubernetes: 'kubernetes',
  compose: 'docker-compose',
};

const key = (kind: string, file: string, address: string): string => `${kind} ${file} ${address}`;

export function expectedProgramFacts(l: Label): Set<string> {
  return new Set(l.facts.filter((f) => f.source === 'program').map((f) => key(f.kind, f.file, f.address)));
}

/**
 * Our own resource changes in the label makers' terms: Terraform `resource` and `module` blocks, template resources,
 * manifests, compose services, workflow events, new direct dependencies. What they did not count is not counted here.
 */
export function predictedProgramFacts(v: Verdict): Set<string> {
  const out = new Set<string>();
  for (const r of v.resources) {
    if (r.stack === 'github-actions' && r.type === 'workflow-trigger')
      out.add(key('setting-changed', r.file, r.address));
    if (!(r.stack in STACKS) || !isCounted(r.stack, r.address)) continue;
    for (const kind of kinds(r)) {
      const address = kind === 'resource-removed' ? (r.previousAddress ?? r.address) : r.address;
      if (PROGRAM_KINDS.has(kind)) out.add(key(kind, r.file, spelled(r.stack, address)));
    }
  }
  for (const f of v.facts)
    if (f.kind === 'dependency-added' && f.stack === 'packages')
      out.add(key(f.kind, f.file, f.address.replace(/^[\w-]+:/, '')));
  return out;
}

/** A move without a `moved` block is a removal and an addition to a program that subtracts addresses. */
function kinds(r: Verdict['resources'][number]): string[] {
  if (r.kind !== 'resource-moved') return [r.kind];
  return r.previousAddress !== undefined && r.previousAddress !== r.address
    ? ['resource-added', 'resource-removed']
    : [];
}

function isCounted(stack: string, address: string): boolean {
  if (stack === 'terraform')
    return (
      !/^(data|var|local|output|provider|required_provider|backend|check|import)\./.test(address) &&
      !address.includes('#')
    );
  if (stack === 'cloudformation') return address.includes('::');
  if (stack === 'compose') return address.startsWith('service/');
  return true;
}

const spelled = (stack: string, address: string): string =>
  stack === 'cloudformation' ? address.replace(' ', '/') : address;

/** A reader's fact counts as found when one of ours stands in the same file at the same thing or nearly the same line. */
export function factMatches(f: LabelFact, v: Verdict): boolean {
  const name = f.address.split(/[#/]/).at(-1) ?? f.address;
  const at = f.line_in_head ?? f.line_in_base;
  return v.facts.some((ours) => {
    if (ours.file !== f.file) return false;
    if (ours.address === f.address || ours.address === spelledBack(f.address)) return true;
    if (at !== null && at !== undefined && Math.abs(ours.line - at) <= 12) return true;
    return name.length > 3 && (ours.address.includes(name) || ours.statement.includes(name));
  });
}

const spelledBack = (address: string): string =>
  address.startsWith('AWS::') ? address.replace(/\/(?=[^/]*$)/, ' ') : address;
