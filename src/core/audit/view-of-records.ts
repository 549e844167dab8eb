import type { AuditRecord } from '../model/record.ts';
import type { Scope, TrailView } from '../model/view.ts';
import { countsOf } from './population.ts';
import { sampleOf } from './sample.ts';
import { exceptionsOf, modelsAt, registerPage } from './view-as-of.ts';
import {
  changesOf,
  changeWith,
  freshnessOf,
  months,
  pageOf,
  placeOf,
  recordsOf,
  repositories,
  trailOf,
  type Trail,
} from './view-lists.ts';

export interface ViewDocument {
  readonly digest: string;
  readonly kind: string;
  readonly text: string;
}

const answer = <T>(work: () => T): Promise<T> =>
  new Promise((done) => {
    done(work());
  });

/**
 * The trail looked at without any table: everything is worked out of the records each time it is asked for, and of those
 * alone that the viewer may see. Slow and plain: what a faster view has to come to.
 */
export function viewOfRecords(
  records: readonly AuditRecord[],
  documents: readonly ViewDocument[] = [],
): TrailView {
  const seen = <T>(scope: Scope, look: (trail: Trail) => T): Promise<T> =>
    answer(() => look(trailOf(records, scope)));
  return {
    refresh: () => answer(() => freshnessOf(records)),
    freshness: (scope) => seen(scope, (trail) => freshnessOf(trail.records)),
    repositories: (scope, paging, search) => seen(scope, (trail) => repositories(trail, paging, search)),
    repository: (scope, name) =>
      seen(scope, (trail) => {
        const isIt = (r: { readonly name: string }): boolean => r.name.toLowerCase() === name.toLowerCase();
        const once = new Set(trail.records.filter((r) => isIt(r.repository)).map((r) => r.repository.id));
        return trail.repositories.find(isIt) ?? trail.repositories.find((r) => once.has(r.id));
      }),
    records: (scope, filter, paging) => seen(scope, (trail) => recordsOf(trail, filter, paging)),
    record: (scope, repository, sequence) =>
      seen(scope, (trail) =>
        trail.records.find((r) => r.repository.id === repository && r.sequence === sequence),
      ),
    changes: (scope, filter, paging) =>
      seen(scope, (trail) => {
        const found = changesOf(trail, filter);
        const page = pageOf(found, ({ record, change }) => placeOf(record, change.at), paging);
        return { ...page, items: page.items.map((c) => c.change) };
      }),
    counts: (scope, filter) =>
      seen(scope, (trail) => countsOf(changesOf(trail, filter).map((c) => c.change))),
    sample: (scope, filter, { size, seed }) =>
      seen(scope, (trail) =>
        sampleOf(
          changesOf(trail, filter).map((c) => c.change),
          size,
          seed,
        ),
      ),
    change: (scope, repository, record) => seen(scope, (trail) => changeWith(trail, repository, record)),
    trail: (scope, repository, pullRequest) =>
      seen(scope, (trail) => trail.of({ repository: { id: repository }, pullRequest })),
    exceptions: (scope, filter, at, paging) =>
      seen(scope, (trail) => exceptionsOf(trail, filter, at, paging)),
    register: (scope, filter, at, paging) => seen(scope, (trail) => registerPage(trail, filter, at, paging)),
    models: (scope, at, paging, repository) =>
      seen(scope, (trail) => modelsAt(trail, at, paging, repository)),
    months: (scope, filter, at) => seen(scope, (trail) => months(trail, filter, at)),
    document: (scope, digest) =>
      seen(scope, (trail) => {
        const isNamed = trail.records.some((r) => r.details['document'] === digest);
        const found = isNamed ? documents.find((d) => d.digest === digest) : undefined;
        return found && { kind: found.kind, text: found.text };
      }),
    close: () => Promise.resolve(),
  };
}
