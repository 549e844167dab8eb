import { identifier, type Assessed } from './assessed.ts';
import { assets, backMatter, metadata, reviewedControls } from './frame.ts';
import { stamp, type JsonObject } from './wording.ts';

/** What was asked for, and how it is answered. Results have to point to a plan. */
export function assessmentPlan(assessed: Assessed): JsonObject {
  const id = identifier(assessed);
  const { period, sample, at } = assessed;
  const drawn =
    sample === null
      ? 'No sample was asked for.'
      : 'Of the changes a sample is drawn with a size and a seed that whoever tests has named.';
  return {
    'assessment-plan': {
      uuid: id('plan'),
      metadata: metadata('Plan: changes to protected branches', assessed, id),
      'import-ssp': {
        href: `#${id('resource', 'system')}`,
        remarks: 'No system security plan comes with this package: name your own here.',
      },
      'reviewed-controls': reviewedControls(assessed),
      'assessment-assets': assets(assessed, id),
      tasks: [
        {
          uuid: id('task'),
          type: 'action',
          title: 'Examine every change of the period',
          description: `Each merge and each push of the period is told from the records, with how it came in and why. ${drawn}`,
          timing: { 'within-date-range': { start: stamp(period.from, at), end: stamp(period.to, at) } },
        },
      ],
      'back-matter': backMatter(assessed, id, [
        {
          uuid: id('resource', 'system'),
          title: 'The system',
          description: 'The system that the repositories belong to.',
        },
      ]),
    },
  };
}
