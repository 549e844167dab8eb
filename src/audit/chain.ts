import { z } from 'zod';
import { parseRecord, START, type Head } from '../core/ledger/chain.ts';
import { verifyChain } from '../core/ledger/verify-chain.ts';
import type { AuditRecord } from '../core/model/record.ts';
import { Broken, type Place } from './broken.ts';

/** What everything that reads a record relies on. A hash shows that it was not altered, not that it was made by us. */
const shape = z.object({
  kind: z.string(),
  source: z.string(),
  repository: z.object({ id: z.int(), name: z.string().max(1_000) }),
  at: z.iso.datetime(),
  actor: z.object({ id: z.string(), login: z.string(), kind: z.string(), role: z.string() }).optional(),
  pullRequest: z.int().optional(),
  commit: z.string().optional(),
  digest: z.string().optional(),
  details: z.record(z.string(), z.unknown()),
});

/** The chain of one repository while it is read: each record is checked against all before it. */
export class Chain {
  readonly repository: number;
  /** In the last record. */
  name: string | undefined;
  head: Head = START;

  constructor(repository: number) {
    this.repository = repository;
  }

  /** The record of the next text. Throws `Broken`. */
  add(text: string, place: Place): AuditRecord {
    const here = {
      ...place,
      repository: this.name ?? `repository ${this.repository}`,
      sequence: this.head.sequence + 1,
    };
    const check = verifyChain([text], this.head);
    if (!check.ok) throw new Broken(here, `The chain breaks: ${check.why}.`);
    const record = parseRecord(text);
    if (!shape.safeParse(record).success)
      throw new Broken(here, 'It is not a record as Threatgate writes it.');
    if (record.repository.id !== this.repository) throw new Broken(here, 'It is about another repository.');
    this.name = record.repository.name;
    this.head = check.head;
    return record;
  }
}
