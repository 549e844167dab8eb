import { inConfigurationOrder } from '../core/audit/configuration.ts';
import type { Exceptions } from '../core/audit/exceptions.ts';
import { countsOf, inOrder, inOrderOfNotes } from '../core/audit/population.ts';
import { inRegisterOrder, type Register } from '../core/audit/register.ts';
import { inOrder as inReviewOrder } from '../core/audit/reviews.ts';
import { sampleOf } from '../core/audit/sample.ts';
import type { ChangeEntry } from '../core/model/audit.ts';
import { NO_MODELS, type Derived, type Terms } from './derive.ts';

/** One of several: a change belongs to one repository, so that they can be looked at one after the other. */
export function join(parts: readonly Derived[], { period, at, sample }: Terms): Derived {
  const changes = parts.flatMap((part) => part.population.changes).sort(inOrder);
  const packets = mapOf(parts.map((part) => part.packets));
  const drawn = sample === null ? [] : sampleOf(changes, sample.size, sample.seed);
  return {
    population: {
      period,
      changes,
      counts: countsOf(changes),
      notes: parts.flatMap((part) => part.population.notes).sort(inOrderOfNotes),
    },
    documents: new Set(parts.flatMap((part) => [...part.documents])),
    modelDocuments: new Set(parts.flatMap((part) => [...part.modelDocuments])),
    configuration: parts.flatMap((part) => part.configuration).sort(inConfigurationOrder),
    lastModels: parts.flatMap((part) => part.lastModels),
    models: NO_MODELS,
    rules: new Set(parts.flatMap((part) => [...part.rules])),
    exceptions: joinExceptions(
      parts.map((part) => part.exceptions),
      changes,
      at,
    ),
    reviews: parts.flatMap((part) => part.reviews).sort(inReviewOrder),
    register: joinRegisters(
      parts.map((part) => part.register),
      at,
    ),
    waits: mapOf(parts.map((part) => part.waits)),
    packets: new Map(
      drawn.flatMap((change) => {
        const packet = packets.get(change);
        return packet ? [[change, packet] as const] : [];
      }),
    ),
    merges: mapOf(parts.map((part) => part.merges)),
    ends: mapOf(parts.map((part) => part.ends)),
  };
}

const mapOf = <K, V>(maps: readonly ReadonlyMap<K, V>[]): ReadonlyMap<K, V> =>
  new Map(maps.flatMap((map) => [...map]));

function joinExceptions(
  parts: readonly Exceptions[],
  changes: readonly ChangeEntry[],
  at: string,
): Exceptions {
  const places = new Map(changes.map((c, n) => [`${c.repository.id} ${c.id}`, n]));
  const placeOf = ({ repository, change }: Exceptions['bypasses'][number]): number =>
    places.get(`${repository.id} ${change}`) ?? 0;
  const ordered = <T extends Exceptions['bypasses'][number]>(of: (part: Exceptions) => readonly T[]): T[] =>
    parts.flatMap(of).sort((a, b) => placeOf(a) - placeOf(b));
  return {
    at,
    emergencies: ordered((part) => part.emergencies),
    waivers: ordered((part) => part.waivers),
    bypasses: ordered((part) => part.bypasses),
    pushes: ordered((part) => part.pushes),
    outages: parts.flatMap((part) => part.outages),
    unexplained: changes.filter((c) => c.way === 'unexplained').map((c) => c.id),
    explanations: mapOf(parts.flatMap((part) => part.explanations ?? [])),
  };
}

function joinRegisters(parts: readonly Register[], at: string): Register {
  return {
    at,
    accepted: parts.flatMap((part) => part.accepted).sort(inRegisterOrder),
    tickets: parts.flatMap((part) => part.tickets).sort(inRegisterOrder),
    controls: parts.flatMap((part) => part.controls).sort(inRegisterOrder),
  };
}
