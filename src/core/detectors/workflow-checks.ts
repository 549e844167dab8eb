import type { Fact } from '../model/fact.ts';
import type { ResourceDelta } from '../model/resource-delta.ts';
import type { Detector, Evidence, Rule } from './detector.ts';
import { makeFact } from '../facts/make-fact.ts';
import { checkOfAction, checksInScript, type SecurityCheck } from '../semantics/supply-chain.ts';
import { viewJob, type JobView } from '../workflows/job-view.ts';

const REMOVED: Rule = {
  id: 'workflow-checks/removed',
  title: 'Security check removed or made optional',
  why: 'What the check held back comes through from now on; the model may rely on it as a mitigation.',
  categories: ['ci-supply-chain'],
};
const ADDED: Rule = {
  id: 'workflow-checks/added',
  title: 'Security check added',
  why: 'A new check may close threats of the model.',
  categories: ['ci-supply-chain'],
};
export const detector: Detector = {
  id: 'workflow-checks',
  title: 'Security checks in workflows',
  rules: [REMOVED, ADDED],
  detect: (evidence) => checkFacts(evidence),
};

interface SeenCheck {
  readonly check: SecurityCheck;
  readonly job: JobView;
  readonly line: number;
  readonly required: boolean;
}

function checksOf(resources: Evidence['base']['resources']): SeenCheck[] {
  return resources
    .filter((r) => r.type === 'workflow-job' || r.type === 'action')
    .map(viewJob)
    .flatMap((job) => [
      ...job.actions.flatMap((a) => {
        const check = checkOfAction(a.name);
        return check ? [{ check, job, line: a.line, required: a.required }] : [];
      }),
      ...job.scripts.flatMap((s) =>
        checksInScript(s.text).map((check) => ({ check, job, line: s.line, required: s.required })),
      ),
    ]);
}

/** Checks are compared over everything the change touches: one that only moved to another job or workflow is still there. */
function checkFacts(evidence: Evidence): Fact[] {
  const touched = (d: ResourceDelta): boolean => (d.head ?? d.base)?.stack === 'github-actions';
  if (!evidence.deltas.some(touched)) return [];
  const before = checksOf(evidence.base.resources);
  const after = checksOf(evidence.head.resources);
  const gone = firsts(before).filter(
    (b) => !after.some((a) => a.check === b.check && (a.required || !b.required)),
  );
  const come = firsts(after).filter((a) => !before.some((b) => b.check === a.check));
  return [
    ...gone.map((b) => removedCheck(b, after, come)),
    ...come.map((a) =>
      checkFact(
        a,
        ADDED,
        'head',
        `\`${a.job.resource.address}\` now runs ${a.check.name} (${a.check.kind})`,
        // The first of its kind is a new control; another one beside it is not.
        !before.some((b) => b.check.kind === a.check.kind),
      ),
    ),
  ];
}

/** One mention of each check, the strictest and first. */
function firsts(all: readonly SeenCheck[]): SeenCheck[] {
  const byName = new Map<string, SeenCheck>();
  for (const s of all) {
    const known = byName.get(s.check.name);
    if (!known || (s.required && !known.required)) byName.set(s.check.name, s);
  }
  return [...byName.values()];
}

function removedCheck(b: SeenCheck, after: readonly SeenCheck[], come: readonly SeenCheck[]): Fact {
  const optional = after.find((a) => a.check === b.check);
  const substitute = come.find((a) => a.check.kind === b.check.kind);
  const where = `\`${b.job.resource.address}\``;
  if (optional)
    return checkFact(
      optional,
      REMOVED,
      'head',
      `failures of ${b.check.name} (${b.check.kind}) no longer stop \`${optional.job.resource.address}\``,
      true,
    );
  if (substitute)
    return checkFact(
      b,
      REMOVED,
      'base',
      `${where} no longer runs ${b.check.name} (${b.check.kind}); ${substitute.check.name} takes its place`,
      false,
    );
  return checkFact(b, REMOVED, 'base', `${where} no longer runs ${b.check.name} (${b.check.kind})`, true);
}

function checkFact(
  s: SeenCheck,
  rule: Rule,
  side: 'base' | 'head',
  statement: string,
  deciding: boolean,
): Fact {
  return makeFact({
    rule: rule.id,
    kind: 'setting-changed',
    categories: rule.categories,
    signals: rule === REMOVED ? ['check-removed'] : [],
    resource: s.job.resource,
    line: s.line,
    side,
    statement,
    deciding,
    detail: s.check.name,
    family: 'ci-cd',
    element: 'process',
  });
}
