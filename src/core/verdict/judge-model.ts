import type { Coverage, FactCoverage } from '../model/coverage.ts';
import type { Fact } from '../model/fact.ts';
import type { ModelDelta } from '../model/model-delta.ts';
import type { Policy } from '../model/policy.ts';
import type { CoverageDemand, Requirement } from '../model/requirement.ts';
import type { ThreatModel } from '../model/threat-model.ts';
import type { Judgement } from '../model/verdict.ts';
import { count, judge } from './judgement.ts';

const TITLE = 'The threat model follows the change';

export interface ModelCase {
  readonly facts: readonly Fact[];
  readonly requirement: Requirement;
  readonly coverage: Coverage;
  readonly delta: ModelDelta;
  readonly models: readonly ThreatModel[];
  readonly policy: Policy;
}

/** TM001: the model was touched, updated, or covers every fact that demands it: whichever the policy asks for. */
export function judgeModel(c: ModelCase): Judgement {
  const because = c.requirement.cover.map((d) => d.fact);
  if (because.length === 0)
    return judge('TM001', TITLE, 'not-applicable', 'No fact demands anything of the model.');
  if (c.models.length === 0)
    return judge('TM001', TITLE, 'fail', 'There is no threat model in the repository.', {
      remedy:
        'Run `threatgate init`, which writes a starter model of what is there, and describe the change in it.',
      because,
      children: c.policy.model.require === 'covered' ? demands(c) : [],
    });
  switch (c.policy.model.require) {
    case 'touched':
      return simple(c.delta.touched.length > 0, 'A model file changed.', 'No model file changed.', because);
    case 'updated':
      return simple(
        c.delta.changes.length > 0,
        `The model says ${count(c.delta.changes.length, 'thing')} differently.`,
        'The model says the same as before.',
        because,
      );
    case 'covered':
      return covered(c, because);
  }
}

function simple(ok: boolean, yes: string, no: string, because: readonly string[]): Judgement {
  return judge('TM001', TITLE, ok ? 'pass' : 'fail', ok ? yes : no, {
    ...(ok ? {} : { remedy: 'Describe what changed in the threat model, in the same pull request.' }),
    because,
  });
}

function covered(c: ModelCase, because: readonly string[]): Judgement {
  const children = demands(c);
  const open = children.filter((j) => j.state === 'fail').length;
  return judge(
    'TM001',
    TITLE,
    open > 0 ? 'fail' : 'pass',
    open > 0
      ? `${count(open, 'fact')} of ${children.length} ${open === 1 ? 'is' : 'are'} not in the model.`
      : `The model covers ${children.length === 1 ? 'the fact' : `all ${children.length} facts`} that demand it.`,
    { because, children: [...children, ...refused(c)] },
  );
}

function demands(c: ModelCase): Judgement[] {
  const facts = new Map(c.facts.map((f) => [f.id, f]));
  const coverage = new Map(c.coverage.facts.map((f) => [f.fact, f]));
  return c.requirement.cover.flatMap((d) => {
    const fact = facts.get(d.fact);
    return fact ? [demand(d, fact, coverage.get(d.fact))] : [];
  });
}

function demand(d: CoverageDemand, fact: Fact, found: FactCoverage | undefined): Judgement {
  const at = { file: fact.file, line: fact.line };
  const because = [fact.id];
  const reason = found?.reason ?? 'No element of the model is about it.';
  if (found?.state === 'covered')
    return judge('model.coverage', fact.statement, 'pass', reason, { because, at });
  const best = found?.by[0];
  const remedy = found?.state === 'stale' && best ? stale(d, best.name) : missing(d, fact);
  return judge('model.coverage', fact.statement, 'fail', reason, { remedy, because, at });
}

function stale(d: CoverageDemand, name: string): string {
  return d.kind === 'removed'
    ? `Remove “${name}” from the model, or say what it is now.`
    : `Say in the model what is new about it: an element, flow or threat of its own beside “${name}”.`;
}

function missing(d: CoverageDemand, fact: Fact): string {
  return d.kind === 'new'
    ? `Add it to the model, with the line \`Resource: ${fact.address}\`.`
    : `Name it in the model with the line \`Resource: ${fact.address}\`, at the component, flow or threat that it concerns.`;
}

/** References so broad that they would cover anything: not taken into account, and said so. */
function refused(c: ModelCase): Judgement[] {
  return c.coverage.refused.map((r) =>
    judge('model.reference', `The reference “${r.reference}” of ${r.element} “${r.name}”`, 'info', r.reason, {
      remedy: 'Name the resources it means.',
      at: { file: r.file, line: r.line },
    }),
  );
}
