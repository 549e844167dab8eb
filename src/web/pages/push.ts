import { numbers, text } from '../../core/audit/details.ts';
import type { ChangeEntry } from '../../core/model/audit.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import type { RepositorySummary } from '../../core/model/view.ts';
import type { PageAnswer, PageContext, PageRoute } from '../context.ts';
import { wayBadge } from '../layout/badge.ts';
import { digest } from '../layout/digest.ts';
import { notFound } from '../layout/failure.ts';
import { pageHeading, section } from '../layout/heading.ts';
import { html, joined, type SafeHtml } from '../layout/html.ts';
import { exactly } from '../layout/instant.ts';
import { githubFrom, link, pathsFrom } from '../layout/link.ts';
import { definitions } from '../layout/list.ts';
import { person, personInRole } from '../layout/person.ts';
import { code, foreign, prose } from '../layout/words.ts';
import { numberIn, repositoryIn, unasked } from './address.ts';

export const PUSH_PAGE: PageRoute = { path: '/:owner/:name/push/:record', page: pushPage };

async function pushPage(context: PageContext): Promise<PageAnswer> {
  const { view, viewer, base } = context;
  const [repository, sequence] = [await repositoryIn(context), numberIn(context, 'record')];
  if (repository === undefined || sequence === undefined) return notFound(base, 'push');
  const record = await view.record(viewer.scope, repository.id, sequence);
  const change =
    record?.kind === 'direct-push' ? await view.change(viewer.scope, repository.id, sequence) : undefined;
  if (record === undefined || change === undefined) return notFound(base, 'push');
  return (
    unasked(context) ?? {
      kind: 'page',
      status: 200,
      title: `Push of record ${sequence} to ${repository.name}`,
      section: '/population',
      content: html`${headingOf(context, repository, record)}
      ${section('push', 'What was pushed', pushed(context, repository, record, change))}
      ${section('meaning', 'What that means', html`<p>${meaningOf(record)}</p>`)}`,
    }
  );
}

function headingOf(
  { base }: PageContext,
  { name }: RepositorySummary,
  { sequence, commit }: AuditRecord,
): SafeHtml {
  const paths = pathsFrom(base);
  return pageHeading({
    title: html`Direct push ${commit === undefined ? undefined : html`<code>${commit.slice(0, 10)}</code>`}`,
    trail: [
      ['Repositories', paths.repositories],
      [foreign(name, 160), paths.repository(name)],
    ],
    lead: html`${wayBadge('direct-push')} No pull request brought it to the branch, so that nobody judged it.`,
    actions: [link(paths.record(name, sequence), `Record ${sequence}`)],
  });
}

function pushed(
  { githubUrl, base }: PageContext,
  { name }: RepositorySummary,
  record: AuditRecord,
  change: ChangeEntry,
): SafeHtml {
  const github = githubFrom(githubUrl);
  const { details, commit, hash } = record;
  const [committedAt, after] = [text(details['committedAt']), text(details['after'])];
  const elsewhere = numbers(details['mergedElsewhere']);
  return definitions([
    ['Why it counts', prose(change.why)],
    ['Branch', code(change.branch, 300)],
    ['Pushed by', personInRole(change.by)],
    [
      'On record since',
      html`${exactly(record.at)}
        <span class="muted"
          >the time that counts: what a commit says about itself is up to whoever made it</span
        >`,
    ],
    ['Commit', commit === undefined ? undefined : github.commit(name, commit)],
    ['Commit says it was made', committedAt === undefined ? undefined : exactly(committedAt)],
    ['Commit names as author', change.author === undefined ? undefined : person(change.author)],
    ['Last commit accounted for before', after === undefined ? undefined : github.commit(name, after)],
    ['Forced', details['forced'] === true ? 'yes: the branch has another history now' : 'no'],
    ['Every commit accounted for', details['complete'] === false ? 'no' : 'yes'],
    [
      'Came elsewhere by',
      elsewhere.length === 0
        ? undefined
        : joined(
            elsewhere.slice(0, 50).map((n) => link(pathsFrom(base).pullRequest(name, n), `#${n}`)),
            ', ',
          ),
    ],
    ['Hash of the record', digest(hash)],
  ]);
}

function meaningOf({ details }: AuditRecord): string {
  if (details['forced'] === true)
    return 'The history of the branch was rewritten. Commits that were judged before may be gone, and what came instead was judged by nobody.';
  if (details['complete'] === false)
    return 'More came than could be accounted for commit by commit. This record stands for all of it.';
  return 'The commit is on a protected branch, and no verdict, question or approval belongs to it. Whether that was allowed is for whoever looks at it to say: the configuration shows who could bypass the rules at the time.';
}
