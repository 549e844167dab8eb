import type { ChangeEntry, Way } from '../../model/audit.ts';
import { WAYS } from '../../model/audit.ts';
import type { Outage } from '../exceptions.ts';
import { placeOf, placeOfChange, type Assessed, type Identify } from './assessed.ts';
import { evidenceIn, origins } from './frame.ts';
import { props, prose, stamp, type JsonObject } from './wording.ts';

/**
 * Up to so many changes, each is an observation. Of more, those are that did not come in the ordinary way, and those that
 * were drawn; all the others stand in the table that the first observation points to.
 */
export const MOST_OBSERVED = 1_000;

const ORDINARY: readonly Way[] = ['gated', 'not-triggered'];

/** The changes that have an observation of their own, in the order of the population. */
export function observedChanges({ population, drawn }: Assessed): readonly ChangeEntry[] {
  const { changes } = population;
  return changes.length <= MOST_OBSERVED
    ? changes
    : changes.filter((c) => !ORDINARY.includes(c.way) || drawn.has(c));
}

export function observations(assessed: Assessed, id: Identify): readonly JsonObject[] {
  return [
    countsObservation(assessed, id),
    ...observedChanges(assessed).map((c) => changeObservation(c, assessed, id)),
    ...assessed.exceptions.outages.map((o) => outageObservation(o, assessed, id)),
  ];
}

/** All changes as numbers, tied by its digest to the table that has a row for each. */
function countsObservation(assessed: Assessed, id: Identify): JsonObject {
  const { population, at } = assessed;
  const { changes, counts } = population;
  const ways = WAYS.map((way) => `${way} ${counts[way]}`).join(', ');
  return {
    uuid: id('observation', 'counts'),
    title: 'Every change of the period, counted',
    description: `${changes.length} in all: ${ways}. ${observedChanges(assessed).length} of them have an observation of their own; each has a row in the table.`,
    ...props({ changes: changes.length, ...counts }),
    methods: ['EXAMINE'],
    types: ['control-objective'],
    origins: origins(id),
    'relevant-evidence': evidenceIn(assessed, id, 'population.csv', 'The table: a row for each change.'),
    collected: stamp(at, at),
  };
}

export const observationOf = (change: ChangeEntry, id: Identify): string =>
  id('observation', 'change', ...placeOfChange(change));

function changeObservation(c: ChangeEntry, assessed: Assessed, id: Identify): JsonObject {
  return {
    uuid: observationOf(c, id),
    title: prose(c.id),
    description: prose(c.why),
    ...props({
      way: c.way,
      change: c.id,
      'repository-id': c.repository.id,
      branch: c.branch,
      commit: c.commit,
      'verdict-digest': c.verdict?.document,
      records: c.records.slice(0, 200).join(' '),
      drawn: assessed.drawn.has(c) ? true : undefined,
    }),
    methods: ['EXAMINE'],
    types: [ORDINARY.includes(c.way) ? 'control-objective' : 'finding'],
    origins: origins(id),
    'relevant-evidence': evidenceIn(
      assessed,
      id,
      'records.jsonl',
      'Its records, by the numbers in the property.',
    ),
    collected: stamp(c.at, assessed.at),
  };
}

export const outageObservationOf = (outage: Outage, id: Identify): string =>
  id('observation', 'outage', ...placeOf(outage));

function outageObservation(outage: Outage, assessed: Assessed, id: Identify): JsonObject {
  const { from, until, record, repository } = outage;
  return {
    uuid: outageObservationOf(outage, id),
    title: `Outage of the gate in ${prose(repository.name)}`,
    description: prose(
      `Something waited for longer than promised: from ${from ?? '?'} until ${until ?? '?'}.`,
    ),
    ...props({ 'repository-id': repository.id, record }),
    methods: ['EXAMINE'],
    types: ['finding'],
    origins: origins(id),
    'relevant-evidence': evidenceIn(
      assessed,
      id,
      'records.jsonl',
      'Its record, by the number in the property.',
    ),
    collected: stamp(until, assessed.at),
  };
}
