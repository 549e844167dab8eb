import { changeOf } from '../core/audit/change.ts';
import { EXPLAINED } from '../core/audit/explanations.ts';
import { indexTrails } from '../core/audit/trails.ts';
import type { AuditRecord } from '../core/model/record.ts';
import { UserError } from '../review/errors.ts';
import { repositoryNamed, signedBy, type Desk } from './desk.ts';

export interface Response {
  /** `owner/name#12`, `owner/name@branch:commit` or `owner/name@record-57`, as reports have it. */
  readonly change: string;
  readonly cause: string;
  readonly impact: string;
  readonly response: string;
}

const CHANGE = /^([\w.-]{1,100}\/[\w.-]{1,100})(?=[#@])/;

/** What somebody says about an exception, signed by their token. Later words replace earlier ones; all stay on record. */
export async function respond(said: Response, desk: Desk): Promise<AuditRecord> {
  const { recorder, now } = desk;
  const name = CHANGE.exec(said.change)?.[1];
  if (name === undefined)
    throw new UserError(
      `${JSON.stringify(said.change)} names no change.`,
      'Write it as `exceptions.csv` has it: owner/name#12, owner/name@branch:commit or owner/name@record-57.',
    );
  const repository = await repositoryNamed(name, recorder);
  const records = await recorder.records({ repository: repository.id });
  const about = found(said.change, records);
  const { actor } = await signedBy(desk, repository);
  const before = records.findLast((r) => r.kind === 'exception-explained')?.sequence ?? 0;
  const { cause, impact, response } = said;
  const [added] = await recorder.append([
    {
      kind: 'exception-explained',
      repository,
      at: now,
      source: `explained/${about.source}/${before}`,
      actor,
      ...(about.pullRequest === undefined ? {} : { pullRequest: about.pullRequest }),
      ...(about.commit === undefined ? {} : { commit: about.commit }),
      details: { of: about.source, cause, impact, response },
    },
  ]);
  if (added) return added;
  throw new UserError(
    'Somebody else explained an exception of this repository at the same moment.',
    'Look at what they said, and run it again if yours still has to be said.',
  );
}

/** By its id in reports, or by the number of its record. */
function found(change: string, records: readonly AuditRecord[]): AuditRecord {
  const trailOf = indexTrails(records);
  const number = /@record-(\d{1,15})$/.exec(change)?.[1];
  const record = records.find(
    (r) =>
      EXPLAINED.has(r.kind) &&
      (number === undefined
        ? r.kind !== 'gate-outage' && changeOf(r, trailOf(r)).id.toLowerCase() === change.toLowerCase()
        : r.sequence === Number(number)),
  );
  if (record) return record;
  throw new UserError(
    `There is no change \`${change}\` on record.`,
    'Write it as the column `change` of `exceptions.csv` has it; an outage by its record: owner/name@record-57.',
  );
}
