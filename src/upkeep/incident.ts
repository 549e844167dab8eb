import type { AuditRecord } from '../core/model/record.ts';
import { githubOf } from '../github/environment.ts';
import { UserError } from '../review/errors.ts';
import type { Hosting, OwnIssue } from '../review/hosting.ts';
import { onGitHub } from '../core/audit/ticket-names.ts';
import { NotThere, Refused, Rejected } from '../review/hosting-errors.ts';
import { contextOf } from '../review/re-review/context.ts';
import { createIssue, findIssue } from '../review/re-review/open-issue.ts';
import { reviewIssue } from '../review/re-review/issue-text.ts';
import { openReview, ownerIn } from '../review/re-review/opened.ts';
import { ticketRecord } from '../review/re-review/ticket-records.ts';
import type { RepositoryRef } from '../review/work.ts';
import { policyOf, repositoryNamed, signedBy, type Desk } from './desk.ts';

export interface Incident {
  readonly name: string;
  readonly repository: string;
  readonly components: readonly string[];
  readonly owner: string | undefined;
  readonly due: string;
  readonly summary: string | undefined;
  /** Whether an issue is opened with the token. */
  readonly issue: boolean;
}

export interface Outcome {
  readonly opened: AuditRecord;
  /** False when it was on record already. */
  readonly fresh: boolean;
  readonly issue: OwnIssue | undefined;
}

/** An incident says that the threat model was wrong, or not enough: it is on record, once, and asks for a review. */
export async function recordIncident(incident: Incident, desk: Desk): Promise<Outcome> {
  const { recorder, env, now } = desk;
  const repository = await repositoryNamed(incident.repository, recorder);
  const { policy } = await policyOf(repository, recorder);
  const known = (env['GITHUB_TOKEN'] ?? env['GH_TOKEN'] ?? '').trim() !== '';
  const actor = known ? (await signedBy(desk, repository)).actor : undefined;
  const source = `review/incident/${incident.name.toUpperCase()}`;
  const { components, summary } = incident;
  const draft = openReview(
    { repository, at: now, source, ...(actor ? { actor } : {}) },
    {
      cause: 'incident',
      due: incident.due,
      owner: incident.owner ?? ownerIn(policy),
      subject: summary ?? `Incident ${incident.name}`,
      more: { incident: incident.name, ...(components.length === 0 ? {} : { components }) },
    },
  );
  const [added] = await recorder.append([draft]);
  const opened = added ?? (await openedBefore(source, repository, desk));
  const issue = incident.issue ? await issueFor(opened, repository, desk) : undefined;
  return { opened, fresh: added !== undefined, issue };
}

async function openedBefore(source: string, { id }: RepositoryRef, { recorder }: Desk): Promise<AuditRecord> {
  const past = await recorder.records({ repository: id, kinds: ['review-opened'] });
  const found = past.find((r) => r.source === source);
  if (found) return found;
  throw new Error(`There is neither a new nor an old record of ${source}.`);
}

/** Searched for before it is opened: the command may have been broken off the last time. */
export async function issueFor(
  opened: AuditRecord,
  repository: RepositoryRef,
  desk: Desk,
): Promise<OwnIssue> {
  const { recorder, env, now } = desk;
  const { hosting } = githubOf(env, now, 'issues, which have to be written as well');
  const { policy } = await policyOf(repository, recorder);
  const issue = await unlessRefused(findIssue(opened.source, repository, hosting), async () =>
    createIssue(
      repository,
      reviewIssue(repository, opened, await contextOf(repository, policy, recorder, now)),
      hosting,
    ),
  );
  const past = await recorder.records({ repository: repository.id, kinds: ['ticket'] });
  const name = onGitHub(repository.name, issue.number);
  await recorder.append(
    ticketRecord(
      {
        repository,
        now,
        name,
        ticket: `#${issue.number}`,
        state: { state: 'open', url: issue.url, createdAt: issue.createdAt },
        of: opened.source,
      },
      past.findLast((r) => r.details['key'] === name.key),
    ),
  );
  return issue;
}

async function unlessRefused(
  found: Promise<OwnIssue | undefined>,
  create: () => ReturnType<Hosting['createIssue']>,
): Promise<OwnIssue> {
  try {
    return (await found) ?? (await create());
  } catch (cause) {
    if (!(cause instanceof Refused || cause instanceof NotThere || cause instanceof Rejected)) throw cause;
    throw new UserError(
      'GitHub does not let this token open an issue there; the review itself is on record.',
      'Give the token `issues: write`, see that the repository has issues, and run it again: nothing is recorded twice.',
      { cause },
    );
  }
}
