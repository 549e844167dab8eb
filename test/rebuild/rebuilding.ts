/** A ledger that is filled in from the double, beside the one that the service wrote while it happened. */
import { populationOf } from '../../src/core/audit/population.ts';
import { exceptionsOf } from '../../src/core/audit/exceptions.ts';
import type { ChangeEntry } from '../../src/core/model/audit.ts';
import type { AuditRecord } from '../../src/core/model/record.ts';
import { clientWithToken } from '../../src/github/with-token.ts';
import { viewerOf } from '../../src/github/viewer.ts';
import { appPast } from '../../src/rebuild/app-past.ts';
import { backfill, type Outcome, type Work } from '../../src/rebuild/backfill.ts';
import { openRecorder, type Recorder } from '../../src/store/open-recorder.ts';
import { fetchOf, type ServiceUnderTest } from '../service/harness.ts';
import { REPO } from '../service/people.ts';

const QUIET = { info: () => undefined, warn: () => undefined, error: () => undefined };
export const EVER = { from: '2020-01-01T00:00:00.000Z', to: '2030-01-01T00:00:00.000Z' };

export interface Rebuilding {
  readonly recorder: Recorder;
  readonly told: string[];
  readonly run: (over?: Partial<Work>) => Promise<Outcome>;
  readonly records: () => Promise<readonly AuditRecord[]>;
}

/** Where nothing is given, the ledger is empty. */
export async function rebuilding(service: ServiceUnderTest, recorder?: Recorder): Promise<Rebuilding> {
  const { gh, now } = service;
  const into = recorder ?? (await openRecorder({ file: ':memory:' }));
  const client = clientWithToken({
    token: gh.control.createUserToken('ada'),
    fetch: fetchOf(service),
    now: () => new Date(now()),
    log: QUIET,
  });
  const told: string[] = [];
  const repository = gh.world.repository(REPO).id;
  return {
    recorder: into,
    told,
    run: async (over = {}) => {
      const viewer = await viewerOf(client);
      return backfill(REPO, {
        past: appPast(client, service.app.id),
        recorder: into,
        from: EVER.from,
        by: viewer && { ...viewer, role: 'filled it in' },
        dryRun: false,
        now,
        wait: (ms) => {
          service.pass(ms);
          return Promise.resolve();
        },
        tell: (text) => void told.push(text),
        ...over,
      });
    },
    records: () => into.records({ repository }),
  };
}

export const changesIn = (records: readonly AuditRecord[]): readonly ChangeEntry[] =>
  populationOf(records, EVER).changes;

export const exceptionsIn = (records: readonly AuditRecord[], at: string) =>
  exceptionsOf(populationOf(records, EVER), records, at);

/** The recorder's way into the store of a service that is running. */
export const recorderOf = (service: ServiceUnderTest): Recorder => ({
  append: () => Promise.reject(new Error('Not here.')),
  records: (query) => service.store.records(query),
  document: (digest) => service.store.document(digest),
  repositories: async () => (await service.store.repositories()).map((row) => row.repository),
  close: () => Promise.resolve(),
});
