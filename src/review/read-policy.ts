import type { Doubt } from '../core/model/doubt.ts';
import type { Policy } from '../core/model/policy.ts';
import { BUILT_IN_POLICY } from '../core/policy/defaults.generated.ts';
import { POLICY_PATH } from '../core/selection.ts';
import type { PolicySources } from '../core/policy/merge.ts';
import type { PolicyFile } from './hosting.ts';
import type { Repository } from './ports.ts';

/** The rules to judge by, and why they may not be the ones meant. */
export interface PolicyReading {
  readonly policy: Policy;
  /** A policy that cannot be used leaves the built-in one in force, and this doubt, so that nothing passes by it. */
  readonly doubts: readonly Doubt[];
}

/** Longest policy that is read. */
const POLICY_BYTES = 256 * 1024;

/** The repository's policy at a commit (the tip of the default branch), or the built-in one when it has none. */
export async function readPolicy(repository: Repository, commit: string): Promise<PolicyReading> {
  const tree = await repository.tree(commit);
  const entry = tree.entries.find((e) => e.path === POLICY_PATH);
  if (!entry) return tree.complete ? builtIn([]) : builtIn([unreadable('the list of files was cut short')]);
  if (entry.kind !== 'file') return builtIn([unreadable(`it is a ${entry.kind}, not a file`)]);
  const content = (await repository.blobs([entry.id], POLICY_BYTES)).get(entry.id);
  if (content?.kind === 'text') return usePolicy(content.text, POLICY_PATH);
  return builtIn([
    unreadable(content?.kind === 'unreadable' ? content.detail : 'its content was not delivered'),
  ]);
}

/** A policy's text → rules, or the built-in rules and one doubt per problem. */
export function usePolicy(text: string, path: string): Promise<PolicyReading> {
  return usePolicies({ repository: { path, text } });
}

/** The organisation's defaults and the repository's own rules, each where there is one. */
export async function usePolicies(sources: PolicySources): Promise<PolicyReading> {
  if (!sources.organisation && !sources.repository) return builtIn([]);
  // The schema takes longer to load than everything else together; a repository without a policy need not wait for it.
  const { parsePolicies } = await import('../core/policy/merge.ts');
  const parsed = parsePolicies(sources);
  if (parsed.policy) return { policy: parsed.policy, doubts: [] };
  return builtIn(
    parsed.problems.map((problem) => ({
      code: 'policy-invalid',
      message: `The policy \`${problem.file}\` is not valid: ${problem.message}`,
      remedy: problem.remedy,
      file: problem.file,
      line: problem.line,
      column: problem.column,
      weight: 'doubt',
    })),
  );
}

/** The files as a hosting service delivered them; one that could not be read leaves no rules that could pass anything. */
export async function policyOfFiles(
  repository: string,
  own: PolicyFile,
  organisation: PolicyFile,
): Promise<PolicyReading> {
  const [owner = ''] = repository.split('/');
  const above = `${owner}/.github`;
  // The organisation's repository of defaults is ruled by the defaults themselves.
  const isAbove = repository.toLowerCase() === above.toLowerCase();
  const files = [...(isAbove ? [] : [own]), organisation];
  const bad = files.find((f) => f.kind === 'unreadable');
  if (bad?.kind === 'unreadable') return builtIn([unreadable(bad.why)]);
  return usePolicies({
    ...(organisation.kind === 'text'
      ? { organisation: { path: `${above}/${POLICY_PATH}`, text: organisation.text } }
      : {}),
    ...(own.kind === 'text' && !isAbove ? { repository: { path: POLICY_PATH, text: own.text } } : {}),
  });
}

const builtIn = (doubts: readonly Doubt[]): PolicyReading => ({ policy: BUILT_IN_POLICY, doubts });

function unreadable(why: string): Doubt {
  return {
    code: 'policy-unreadable',
    message: `The policy \`${POLICY_PATH}\` could not be read: ${why}.`,
    remedy: 'Make it a readable file on the default branch; until then no change can be judged by it.',
    file: POLICY_PATH,
    line: 1,
    weight: 'doubt',
  };
}
