import { canonicalJson } from '../../core/digest.ts';
import { verifyChain } from '../../core/ledger/verify-chain.ts';
import type { AuditRecord, Json } from '../../core/model/record.ts';
import type { RepositorySummary } from '../../core/model/view.ts';
import type { PageAnswer, PageContext, PageRoute } from '../context.ts';
import { badge } from '../layout/badge.ts';
import { wholeDigest } from '../layout/digest.ts';
import { notFound } from '../layout/failure.ts';
import { pageHeading, section } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { exactly } from '../layout/instant.ts';
import { githubFrom, link, pathsFrom } from '../layout/link.ts';
import { definitions } from '../layout/list.ts';
import { code, document, foreign } from '../layout/words.ts';
import { numberIn, repositoryIn, unasked } from './address.ts';
import { saysOf, wordsOf } from './record-words.ts';

export const RECORD_PAGE: PageRoute = { path: '/:owner/:name/record/:sequence', page: recordPage };

async function recordPage(context: PageContext): Promise<PageAnswer> {
  const { view, viewer, base } = context;
  const [repository, sequence] = [await repositoryIn(context), numberIn(context, 'sequence')];
  if (repository === undefined || sequence === undefined) return notFound(base, 'record');
  const record = await view.record(viewer.scope, repository.id, sequence);
  if (record === undefined) return notFound(base, 'record');
  return (
    unasked(context) ?? {
      kind: 'page',
      status: 200,
      title: `Record ${sequence} of ${repository.name}`,
      section: '/records',
      content: html`${headingOf(context, repository, record)}
      ${section('what', 'What it says', saidBy(context, repository, record))}
      ${section('details', 'Details', detailsOf(context, record))}
      ${section('place', 'Place in the chain', chainOf(record, repository, base))}
      ${section('text', 'The record itself', html`<p class="hint">Its canonical form: the hash is SHA-256 over it without “hash”. This is what is stored, exported and verified.</p>`, document(canonicalJson(record), 'Canonical text of the record'))}`,
    }
  );
}

function headingOf({ base }: PageContext, repository: RepositorySummary, record: AuditRecord): SafeHtml {
  const paths = pathsFrom(base);
  const { name } = repository;
  const { sequence, pullRequest } = record;
  return pageHeading({
    title: html`Record ${sequence}`,
    trail: [
      ['Repositories', paths.repositories],
      [foreign(name, 160), paths.repository(name)],
    ],
    lead: html`${badge(...wordsOf(record.kind))}
    ${foreign(record.repository.name, 160)}${record.repository.name === name ? undefined : ', as it was called then'},
    ${exactly(record.at)}`,
    actions: [
      ...(sequence > 1 ? [link(paths.record(name, sequence - 1), '← Previous')] : []),
      ...(sequence < repository.records ? [link(paths.record(name, sequence + 1), 'Next →')] : []),
      ...(pullRequest === undefined
        ? []
        : [
            link(
              `${paths.pullRequest(name, pullRequest)}#record-${sequence}`,
              `Pull request #${pullRequest}`,
            ),
          ]),
    ],
  });
}

/** The fields that every record has. */
/** Addresses are made of the name that it has now, under which it is found. */
function saidBy(
  { base, githubUrl }: PageContext,
  { name }: RepositorySummary,
  record: AuditRecord,
): SafeHtml {
  const { repository, actor, pullRequest, commit, digest, source } = record;
  const github = githubFrom(githubUrl);
  return definitions([
    ['In short', saysOf(record)],
    ['Kind', code(record.kind, 60)],
    ['Written', html`${exactly(record.at)} <span class="muted">by the clock of the server</span>`],
    [
      'Who',
      actor === undefined
        ? html`<span class="muted">nobody on record</span>`
        : html`@${foreign(actor.login, 100)}, ${actor.kind} number ${code(actor.id, 60)}`,
    ],
    ['Role then', actor === undefined ? undefined : foreign(actor.role, 300)],
    ['Repository', html`${foreign(repository.name, 160)}, number ${repository.id}`],
    [
      'Pull request',
      pullRequest === undefined
        ? undefined
        : html`${link(pathsFrom(base).pullRequest(name, pullRequest), `#${pullRequest}`)} ·
          ${github.pullRequest(name, pullRequest)}`,
    ],
    ['Commit', commit === undefined ? undefined : github.commit(name, commit)],
    ['Content', digest === undefined ? undefined : wholeDigest(digest)],
    [
      'Source',
      html`${code(source, 300)}
      ${pullRequest === undefined ? undefined : github.said(name, pullRequest, source)}`,
    ],
  ]);
}

function detailsOf({ base }: PageContext, { details }: AuditRecord): Content {
  const entries = Object.entries(details).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  if (entries.length === 0) return html`<p class="muted">It holds none besides.</p>`;
  return definitions(entries.map(([key, value]) => [key.slice(0, 80), valueOf(key, value, base)]));
}

const MOST = 20_000;
/** Commits and digests. */
const IS_ID = /^(?:sha256:)?[0-9a-f]{40,64}$/;

function valueOf(key: string, value: Json, base: string): Content {
  if (typeof value === 'string' && key === 'document')
    return link(pathsFrom(base).document(value), code(value, 200));
  if (typeof value === 'string') return IS_ID.test(value) ? code(value) : foreign(value, MOST);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return code(String(value));
  if (Array.isArray(value)) {
    const texts = value.filter((v) => typeof v === 'string');
    if (texts.length === value.length)
      return value.length === 0
        ? html`<span class="muted">none</span>`
        : html`<ul>
              ${texts.slice(0, 200).map((v) => html`<li>${foreign(v, MOST)}</li>`)}
            </ul>
            ${texts.length > 200 ? html`<p class="muted">${texts.length - 200} more in the text below.</p>` : undefined}`;
  }
  return code(canonicalJson(value), MOST);
}

/** Whether the content of this record has the hash that it states is found out here and now. */
function chainOf(record: AuditRecord, repository: RepositorySummary, base: string): SafeHtml {
  const { sequence, previous, hash } = record;
  const check = verifyChain([canonicalJson(record)], { sequence: sequence - 1, hash: previous });
  const before = pathsFrom(base).record(repository.name, sequence - 1);
  return definitions([
    ['Number', html`${sequence} of ${repository.records}`],
    ['Hash', wholeDigest(hash)],
    [
      'Record before',
      html`${wholeDigest(previous)}
      ${sequence > 1 ? link(before, `record ${sequence - 1}`) : html`<span class="muted">the beginning of every chain</span>`}`,
    ],
    [
      'Checked now',
      check.ok
        ? html`${badge('good', 'Its content has this hash')}`
        : html`${badge('bad', 'Broken')} ${foreign(check.why, 300)}`,
    ],
    [
      'Whole chain',
      html`<code>threatgate verify --database …</code> checks every record of it, and needs no network.`,
    ],
  ]);
}
