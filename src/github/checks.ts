import { z } from 'zod';
import type { Annotation } from '../core/report/check-run.ts';
import { Unavailable } from '../review/hosting-errors.ts';
import type { CheckDraft, FoundCheck, WrittenCheck } from '../review/hosting.ts';
import type { RepositoryRef } from '../review/work.ts';
import { annotationBody, inBatches, unsentAnnotations, type SentAnnotations } from './annotations.ts';
import type { Client, Parameters } from './client.ts';
import type { Headers } from './errors.ts';
import { allPages } from './pages.ts';
import { id, sha } from './shapes.ts';

export interface CheckIdentity {
  readonly appId: number;
  readonly name: string;
}

const run = z.object({
  id,
  name: z.string(),
  head_sha: sha,
  external_id: z.string().nullable(),
  status: z.string(),
  conclusion: z.string().nullable(),
  app: z.object({ id }).nullable(),
});

const runs = z.object({ check_runs: z.array(run) });

/** GitHub itself keeps a thousand runs of one name. */
const MOST_PAGES = 10;

/** All our runs at a commit, superseded ones too: a run is ours by the App that made it, whatever it is called. */
export async function findChecks(
  client: Client,
  repository: RepositoryRef,
  head: string,
  { appId, name }: CheckIdentity,
): Promise<readonly FoundCheck[]> {
  const [owner, repo] = repository.name.split('/');
  const { items } = await allPages(client, runs, (answer) => answer.check_runs, {
    route: 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs',
    parameters: { owner, repo, ref: head, check_name: name, app_id: appId, filter: 'all' },
    most: MOST_PAGES,
  });
  return items
    .filter((each) => each.app?.id === appId && each.name === name)
    .map((each) => ({
      id: each.id,
      externalId: each.external_id ?? '',
      head: each.head_sha,
      completed: each.status === 'completed',
      conclusion: each.conclusion ?? undefined,
    }));
}

export async function createCheck(
  client: Client,
  repository: RepositoryRef,
  draft: CheckDraft,
  name: string,
  sent: SentAnnotations,
): Promise<WrittenCheck> {
  const [owner, repo] = repository.name.split('/');
  const parameters = { owner, repo, name: draft.name ?? name, head_sha: draft.head, ...bodyOf(draft) };
  const [first = [], ...rest] = inBatches(draft.report.annotations);
  const { value, headers } = await client.rest(written, 'POST /repos/{owner}/{repo}/check-runs', {
    ...parameters,
    output: outputOf(draft, first),
  });
  sent.add(value.id, first);
  const created = { id: value.id, at: dateOf(headers) };
  return (await appendAll(client, repository, created.id, draft, rest, sent)) ?? created;
}

/** Changes the run in place; of its annotations only those are sent that it does not have yet. */
export async function updateCheck(
  client: Client,
  repository: RepositoryRef,
  run: number,
  draft: CheckDraft,
  sent: SentAnnotations,
): Promise<WrittenCheck> {
  const unsent = await unsentAnnotations(client, repository, run, draft.report.annotations, sent);
  const [first = [], ...rest] = inBatches(unsent);
  const updated = await patch(
    client,
    repository,
    run,
    { ...bodyOf(draft), output: outputOf(draft, first) },
    sent,
  );
  if (first.length > 0) sent.add(run, first);
  return (await appendAll(client, repository, run, draft, rest, sent)) ?? updated;
}

/** Every request takes fifty annotations; the others are added by further ones, which say the rest again. */
async function appendAll(
  client: Client,
  repository: RepositoryRef,
  run: number,
  draft: CheckDraft,
  batches: readonly (readonly Annotation[])[],
  sent: SentAnnotations,
): Promise<WrittenCheck | undefined> {
  let last: WrittenCheck | undefined;
  for (const batch of batches) {
    last = await patch(client, repository, run, { output: outputOf(draft, batch) }, sent);
    sent.add(run, batch);
  }
  return last;
}

async function patch(
  client: Client,
  repository: RepositoryRef,
  run: number,
  body: Parameters,
  sent: SentAnnotations,
): Promise<WrittenCheck> {
  const [owner, repo] = repository.name.split('/');
  try {
    const { headers } = await client.rest(written, 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', {
      owner,
      repo,
      check_run_id: run,
      ...body,
    });
    return { id: run, at: dateOf(headers) };
  } catch (error) {
    // It may have been carried out all the same: next time GitHub is asked which annotations the run has.
    sent.forget(run);
    throw error;
  }
}

const written = z.object({ id });

function bodyOf({ externalId, detailsUrl, report }: CheckDraft): Parameters {
  return {
    external_id: externalId,
    ...(detailsUrl === undefined ? {} : { details_url: detailsUrl }),
    status: 'completed',
    conclusion: report.conclusion,
    actions: report.buttons.map(({ label, description, identifier }) => ({ label, description, identifier })),
  };
}

function outputOf(
  { report: { title, summary, text } }: CheckDraft,
  annotations: readonly Annotation[],
): Parameters {
  const output = { title, summary, text };
  return annotations.length === 0 ? output : { ...output, annotations: annotations.map(annotationBody) };
}

/** The clock that dates comments: what a run says, it says from this instant on. */
function dateOf(headers: Headers): string {
  const at = Date.parse(String(headers['date']));
  if (Number.isNaN(at)) throw new Unavailable('The check run was written, but the answer has no date.');
  return new Date(at).toISOString();
}
