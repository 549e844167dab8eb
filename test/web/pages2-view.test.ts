import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AuditRecord, RecordDraft } from '../../src/core/model/record.ts';
import type { TrailView } from '../../src/core/model/view.ts';
import type { Document } from '../../src/review/store.ts';
import type { PageAnswer } from '../../src/web/context.ts';
import { openStore } from '../../src/store/open-store.ts';
import { openView } from '../../src/store/open-view.ts';
import { temporaryFolder } from '../local/temporary-repository.ts';
import { anyLease, at } from '../store/samples.ts';
import { SAMPLE_ADDRESSES } from './pages2-addresses.ts';
import { ask } from './pages2-context.ts';
import { DOCUMENTS, sampleRecords } from './pages2-sample.ts';

let view: TrailView;

const SEALED: readonly string[] = ['sequence', 'previous', 'hash'];

const draftOf = (record: AuditRecord): RecordDraft =>
  Object.fromEntries(
    Object.entries(record).filter(([key]) => !SEALED.includes(key)),
  ) as unknown as RecordDraft;

beforeAll(async () => {
  const place = { file: join(temporaryFolder(), 'threatgate.sqlite') };
  const store = await openStore(place);
  const documents = DOCUMENTS as readonly Document[];
  await store.apply(await anyLease(store), { records: sampleRecords().map(draftOf), documents }, at(0));
  await store.close();
  view = await openView(place);
  await view.refresh();
});

afterAll(() => view.close());

const shown = async (answer: PageAnswer): Promise<unknown> =>
  answer.kind === 'page' ? { ...answer, content: String(await answer.content) } : answer;

test.each([
  ...SAMPLE_ADDRESSES,
  '/population.csv?from=2026-01-01&to=2027-01-01&size=9&seed=x',
  '/records?from=2026-01-01&to=2027-01-01',
])('a page from tables of the database is the one from the records: %s', async (address) => {
  expect(await shown(await ask(address, { view }))).toEqual(await shown(await ask(address)));
});
