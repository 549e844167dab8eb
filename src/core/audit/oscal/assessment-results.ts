import { identifier, type Assessed } from './assessed.ts';
import { findings } from './findings.ts';
import { assets, backMatter, metadata, PLAN, reviewedControls } from './frame.ts';
import { observations } from './observations.ts';
import { prose, stamp, type JsonObject } from './wording.ts';

/** One result for the period: what was seen of each change, and a finding for each exception. */
export function assessmentResults(assessed: Assessed): JsonObject {
  const id = identifier(assessed);
  const { period, at, repositories } = assessed;
  const found = findings(assessed, id);
  const names = repositories.map(({ name }) => name).join(', ');
  return {
    'assessment-results': {
      uuid: id('results'),
      metadata: metadata('Results: changes to protected branches', assessed, id),
      'import-ap': { href: PLAN },
      results: [
        {
          uuid: id('result'),
          title: 'Changes of the period',
          description: prose(`How each change came in, as of ${stamp(at, at)}: ${names}.`),
          start: stamp(period.from, at),
          end: stamp(period.to, at),
          'local-definitions': { 'assessment-assets': assets(assessed, id) },
          'reviewed-controls': reviewedControls(assessed),
          observations: observations(assessed, id),
          // A list without entries is none.
          ...(found.length === 0 ? {} : { findings: found }),
        },
      ],
      'back-matter': backMatter(assessed, id),
    },
  };
}
