import { assessmentPlan } from '../core/audit/oscal/assessment-plan.ts';
import { assessmentResults } from '../core/audit/oscal/assessment-results.ts';
import type { Assessed } from '../core/audit/oscal/assessed.ts';
import { poam } from '../core/audit/oscal/poam.ts';
import { canonicalJson } from '../core/digest.ts';
import { controlsHeld } from './control-table.ts';
import { termsOf } from './derive.ts';
import { OSCAL_PLAN, OSCAL_POAM, OSCAL_RESULTS, POPULATION, RECORDS } from './parts.ts';
import { wholeRendering, type Contents, type Rendering } from './rendering.ts';

/** The same package in the words of OSCAL, for programs that read those. */
export function oscalRenderings(contents: Contents): readonly Rendering[] {
  const documents = [
    [OSCAL_PLAN, assessmentPlan],
    [OSCAL_RESULTS, assessmentResults],
    [OSCAL_POAM, poam],
  ] as const;
  return documents.map(([name, documentOf]) =>
    wholeRendering(name, () => Buffer.from(`${canonicalJson(documentOf(assessedIn(contents)))}\n`)),
  );
}

function assessedIn({ stated, derived }: Contents): Assessed {
  const terms = termsOf(stated);
  const { period, at, sample } = terms;
  return {
    period,
    at,
    sample,
    version: stated.tool.version,
    repositories: stated.repositories,
    population: derived.population,
    exceptions: derived.exceptions,
    register: derived.register,
    reviews: derived.reviews,
    drawn: new Set(derived.packets.keys()),
    controls: controlsHeld(derived, terms),
    files: stated.files.filter(({ name }) => name === POPULATION || name === RECORDS),
  };
}
