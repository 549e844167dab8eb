import type { ChangeEntry } from '../../core/model/audit.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import type { RepositorySummary } from '../../core/model/view.ts';
import type { HtmlPage, PageAnswer, PageContext, PageRoute } from '../context.ts';
import { wayBadge } from '../layout/badge.ts';
import { badRequest, notFound } from '../layout/failure.ts';
import { pageHeading } from '../layout/heading.ts';
import { html, type Content } from '../layout/html.ts';
import { githubFrom, link, pathsFrom } from '../layout/link.ts';
import { foreign, many } from '../layout/words.ts';
import { bad, good, quoted, readQuery, type Fields } from '../query.ts';
import { optional } from '../query-fields.ts';
import { numberIn, repositoryIn } from './address.ts';
import { decisionsSection } from './pull-request-decisions.ts';
import { questionsSection } from './pull-request-questions.ts';
import { summarySection } from './pull-request-summary.ts';
import { timelineSection } from './pull-request-timeline.ts';
import { verdictPart } from './pull-request-verdict.ts';
import { verdictRecords } from './verdict-records.ts';

interface Query {
  readonly record: number | undefined;
}

const FIELDS: Fields<Query> = {
  record: optional('record', (text) =>
    /^[1-9]\d{0,14}$/.test(text)
      ? good(Number(text))
      : bad('record', `${quoted(text)} is not the number of a record. Write a whole number, like 12.`),
  ),
};

/** All that is known about one pull request. */
export interface PullRequest {
  readonly repository: RepositorySummary;
  readonly number: number;
  /** Oldest first. */
  readonly trail: readonly AuditRecord[];
  /** Undefined until it is merged. */
  readonly change: ChangeEntry | undefined;
}

export const PULL_REQUEST_PAGE: PageRoute = { path: '/:owner/:name/pull/:number', page: pullRequestPage };

async function pullRequestPage(context: PageContext): Promise<PageAnswer> {
  const { view, viewer, base, url } = context;
  const [repository, number] = [await repositoryIn(context), numberIn(context, 'number')];
  if (repository === undefined || number === undefined) return notFound(base, 'pull request');
  const trail = await view.trail(viewer.scope, repository.id, number);
  if (trail.length === 0) return notFound(base, 'pull request');
  const read = readQuery<Query>(url.searchParams, FIELDS);
  if (!read.ok) return badRequest(read.problems, url.pathname);
  const merged = trail.find((r) => r.kind === 'merged');
  const change = merged && (await view.change(viewer.scope, repository.id, merged.sequence));
  return answer(context, { repository, number, trail, change }, read.value.record);
}

async function answer(
  context: PageContext,
  pull: PullRequest,
  wanted: number | undefined,
): Promise<HtmlPage> {
  const judged = verdictRecords(pull.trail);
  const chosen =
    judged.find((r) => r.sequence === (wanted ?? pull.change?.verdict?.record)) ??
    (wanted === undefined ? judged.at(-1) : undefined);
  if (wanted !== undefined && chosen === undefined)
    return badRequest(
      [
        {
          name: 'record',
          message: `Record ${wanted} holds no verdict on this pull request. ${
            judged.length === 0
              ? 'No record of it does.'
              : `These do: ${judged
                  .map((r) => r.sequence)
                  .slice(0, 50)
                  .join(', ')}.`
          }`,
        },
      ],
      context.url.pathname,
    );
  const verdict = await verdictPart(context, pull, judged, chosen);
  const title = `${pull.repository.name}#${pull.number}`;
  return {
    kind: 'page',
    status: 200,
    title,
    section: '/population',
    content: html`${headingOf(context, pull)} ${summarySection(context, pull)}
    ${decisionsSection(context, pull)} ${timelineSection(context, pull)} ${verdict.judgement} ${verdict.rest}
    ${questionsSection(context, pull, verdict.read?.verdict)}`,
  };
}

function headingOf(
  { base, githubUrl }: PageContext,
  { repository, number, trail, change }: PullRequest,
): Content {
  const { name } = repository;
  const state =
    change === undefined
      ? trail.at(-1)?.kind === 'closed'
        ? 'Closed without a merge.'
        : 'Not merged, as far as it is on record.'
      : undefined;
  return pageHeading({
    title: html`${foreign(name, 160)}#${number}`,
    trail: [
      ['Repositories', pathsFrom(base).repositories],
      [foreign(name, 160), pathsFrom(base).repository(name)],
    ],
    lead: html`${change === undefined ? state : wayBadge(change.way)} ${many(trail.length, 'record')} about
    it.`,
    actions: [
      link('#timeline', 'Timeline'),
      link('#verdict', 'Verdict'),
      githubFrom(githubUrl).pullRequest(name, number),
    ],
  });
}
