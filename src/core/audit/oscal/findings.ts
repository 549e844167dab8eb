import type { ChangeEntry } from '../../model/audit.ts';
import type { Exception, Exceptions } from '../exceptions.ts';
import { explanationOfChange, placeOf as explainedAt, type Explanation } from '../explanations.ts';
import { placeOf, type Assessed, type Identify } from './assessed.ts';
import { controlId, origins } from './frame.ts';
import { observationOf, outageObservationOf } from './observations.ts';
import { line, props, prose, type JsonObject } from './wording.ts';

/** What a finding is about, and whether what the rules ask for in such a case was done. */
interface Found {
  readonly kind: string;
  readonly title: string;
  readonly description: string;
  readonly place: readonly [number, number];
  readonly observation: string | undefined;
  readonly satisfied: boolean;
  readonly state: string | undefined;
  /** Where it came from, what it did and what is done about it, as people said. */
  readonly said: Explanation | undefined;
}

/** Changes under control are what all of these are about. */
const TARGET = controlId({ framework: 'SOC 2 TSC', control: 'CC8.1' });

/** One for each exception; `satisfied` only where the exception itself kept to the rules for exceptions. */
export function findings(assessed: Assessed, id: Identify): readonly JsonObject[] {
  return found(assessed, id).map((f) => ({
    uuid: id('finding', f.kind, ...f.place),
    title: f.title,
    description: f.description,
    ...props({ kind: f.kind, state: f.state, 'repository-id': f.place[0], record: f.place[1] }),
    origins: origins(id),
    target: {
      type: 'objective-id',
      'target-id': TARGET,
      status: {
        state: f.satisfied ? 'satisfied' : 'not-satisfied',
        reason: 'other',
        remarks: f.satisfied
          ? 'It kept to the rules for exceptions; whether that is enough is for the assessor to say.'
          : 'It did not go as the rules have it, or something is still due.',
      },
    },
    ...remarksOf(f.said),
    ...(f.observation === undefined
      ? {}
      : { 'related-observations': [{ 'observation-uuid': f.observation }] }),
  }));
}

function remarksOf(said: Explanation | undefined): { readonly remarks?: string } {
  if (!said) return {};
  const parts = [
    ['Cause', said.cause],
    ['Impact', said.impact],
    ['Response', said.response],
  ] as const;
  const told = parts.flatMap(([name, text]) => (text === undefined ? [] : [`${name}: ${prose(text)}`]));
  return told.length === 0 ? {} : { remarks: told.join(' — ') };
}

function found({ exceptions, population }: Assessed, id: Identify): readonly Found[] {
  const changes = new Map(population.changes.map((c) => [`${c.repository.id} ${c.id}`, c]));
  const about = (e: Exception): ChangeEntry | undefined => changes.get(`${e.repository.id} ${e.change}`);
  const of = (kind: string, title: string, e: Exception): Omit<Found, 'satisfied' | 'state'> => {
    const change = about(e);
    return {
      kind,
      title: `${title}: ${prose(e.change)}`,
      description: prose(e.reason),
      place: placeOf(e),
      observation: change && observationOf(change, id),
      said: change && explanationOfChange(exceptions.explanations, change),
    };
  };
  return [
    ...exceptions.emergencies.map((e) => ({
      ...of('emergency', 'Emergency', e),
      satisfied: e.reviewState === 'done',
      state: e.reviewState,
    })),
    ...exceptions.waivers.map((e) => ({
      ...of('waiver', 'Rule waived', e),
      satisfied: e.state !== 'unlimited',
      state: e.state,
    })),
    ...exceptions.bypasses.map((e) => ({ ...of('bypass', 'Merged past the gate', e), ...UNSATISFIED })),
    ...exceptions.pushes.map((e) => ({ ...of('direct-push', 'Pushed past the gate', e), ...UNSATISFIED })),
    ...outagesFound(exceptions, id),
    ...population.changes
      .filter((c) => c.way === 'unexplained')
      .map((c) => ({ ...unexplained(c, id), said: explanationOfChange(exceptions.explanations, c) })),
  ];
}

const UNSATISFIED = { satisfied: false, state: undefined };

const outagesFound = ({ outages, explanations }: Exceptions, id: Identify): readonly Found[] =>
  outages.map((o) => ({
    kind: 'outage',
    title: `Outage of the gate in ${prose(o.repository.name)}`,
    description: 'The gate took longer than promised.',
    place: placeOf(o),
    observation: outageObservationOf(o, id),
    said: explanations?.get(explainedAt(o.repository, o.record)),
    ...UNSATISFIED,
  }));

const unexplained = (c: ChangeEntry, id: Identify): Omit<Found, 'said'> => ({
  kind: 'unexplained',
  title: `Not explained: ${prose(c.id)}`,
  description: prose(line(c.why)),
  place: [c.repository.id, c.records.at(-1) ?? 0],
  observation: observationOf(c, id),
  ...UNSATISFIED,
});
