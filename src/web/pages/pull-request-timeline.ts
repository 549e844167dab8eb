import { saidAt, text, texts } from '../../core/audit/details.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import type { PageContext } from '../context.ts';
import type { Tone } from '../layout/badge.ts';
import { digest } from '../layout/digest.ts';
import { details, section } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { exactly } from '../layout/instant.ts';
import { githubFrom, link, pathsFrom } from '../layout/link.ts';
import { bullets } from '../layout/list.ts';
import { personInRole } from '../layout/person.ts';
import { prose } from '../layout/words.ts';
import type { PullRequest } from './pull-request.ts';
import { saysOf, wordsOf } from './record-words.ts';

/** More than this is a list for the page of records. */
const MOST = 500;

const MARKS: Readonly<Record<Tone, string>> = { good: '✓', calm: '·', notice: '○', warning: '▲', bad: '✕' };

/** Every record in order: who, as what, when, what and why. */
export function timelineSection(context: PageContext, pull: PullRequest): SafeHtml {
  const { trail, repository, number } = pull;
  const shown = trail.slice(0, MOST);
  const { to } = pathsFrom(context.base);
  const rest = to('/records', { repository: repository.name, pull: number });
  return section(
    'timeline',
    'Timeline',
    html`<ol class="timeline">
      ${shown.map((record) => eventOf(context, pull, record))}
    </ol>`,
    trail.length > shown.length ? html`<p>${link(rest, `All ${trail.length} records`)}</p>` : undefined,
  );
}

function eventOf(context: PageContext, { repository, number }: PullRequest, record: AuditRecord): SafeHtml {
  const { base, githubUrl } = context;
  const [tone, title] = wordsOf(record.kind);
  const { sequence, actor, at, hash, source } = record;
  const said = saidAt(record);
  const facts = texts(record.details['facts']);
  return html`<li id="record-${sequence}">
    <span class="mark ${tone}" aria-hidden="true">${MARKS[tone]}</span>
    <div class="event-head">
      <h3>${title}</h3>
      ${actor === undefined ? undefined : html`<span>${personInRole(actor)}</span>`}<span
        >${exactly(said)}${
          said === at ? undefined : html` <span class="role">recorded ${exactly(at)}</span>`
        }</span
      >
    </div>
    <div class="event-what">${saysOf(record)}</div>
    ${facts.length > 0 ? madeFor(facts) : undefined}
    <p class="event-foot">
      ${link(pathsFrom(base).record(repository.name, sequence), `Record ${sequence}`)} ${digest(hash)}
      ${
        hasVerdict(record)
          ? html`<a href="?record=${sequence}#verdict"
              >Verdict then<span class="visually-hidden">, record ${sequence}</span></a
            >`
          : undefined
      }
      ${githubFrom(githubUrl).said(repository.name, number, source)}
    </p>
  </li> `;
}

const hasVerdict = ({ kind, details }: AuditRecord): boolean =>
  (kind === 'evaluated' || kind === 'merged') && text(details['document']) !== undefined;

/** What somebody had before them when they decided. */
const madeFor = (facts: readonly string[]): Content =>
  details(
    `Made for ${facts.length === 1 ? '1 statement' : `${facts.length} statements`}`,
    bullets(facts.slice(0, 100).map((fact) => prose(fact, 400))),
  );
