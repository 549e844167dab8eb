import type { AuditRecord } from '../../core/model/record.ts';
import type { PageContext } from '../context.ts';
import { filterForm } from '../layout/form.ts';
import { empty, notice, section } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { exactly } from '../layout/instant.ts';
import { githubFrom, link, pathsFrom } from '../layout/link.ts';
import { diagramSection } from './diagram-view.ts';
import type { PullRequest } from './pull-request.ts';
import type { ReadVerdict } from './verdict-document.ts';
import { verdictOf, type Found } from './verdict-records.ts';
import { judgementTree, verdictSections, verdictSummary } from './verdict-view.ts';

const MOST = 200;

/** The verdict as it was when a record was written. */
export async function verdictPart(
  context: PageContext,
  pull: PullRequest,
  judged: readonly AuditRecord[],
  chosen: AuditRecord | undefined,
): Promise<{ readonly judgement: SafeHtml; readonly rest: Content; readonly read: ReadVerdict | undefined }> {
  if (chosen === undefined)
    return {
      judgement: section('verdict', 'Verdict', empty('No verdict on it is on record.')),
      rest: undefined,
      read: undefined,
    };
  const found = await verdictOf(context, chosen);
  const read = found?.state === 'read' ? found.read : undefined;
  const heading = html`Verdict as it was then: record ${chosen.sequence}`;
  return {
    judgement: section(
      'verdict',
      heading,
      html`<p>
        ${exactly(chosen.at)},
        ${link(pathsFrom(context.base).record(pull.repository.name, chosen.sequence), `record ${chosen.sequence}`)}${
          found === undefined
            ? undefined
            : html`, ${link(pathsFrom(context.base).document(found.document), 'the document in full')}`
        }.
      </p>`,
      judged.length > 1 ? chooser(context, judged, chosen) : undefined,
      found === undefined ? undefined : shown(found),
    ),
    rest:
      read === undefined
        ? undefined
        : [diagramSection(read.verdict), verdictSections(read.verdict, placeOf(context, pull))],
    read,
  };
}

const placeOf = (
  { githubUrl }: PageContext,
  { repository }: PullRequest,
): { repository: string; github: ReturnType<typeof githubFrom> } => ({
  repository: repository.name,
  github: githubFrom(githubUrl),
});

function chooser({ url }: PageContext, judged: readonly AuditRecord[], chosen: AuditRecord): SafeHtml {
  return filterForm({
    action: `${url.pathname}#verdict`,
    label: 'Another verdict on this pull request',
    submit: 'Show',
    fields: [
      {
        name: 'record',
        label: 'Verdict of',
        kind: 'select',
        value: String(chosen.sequence),
        eager: true,
        options: offered(judged, chosen).map((r) => [String(r.sequence), wordsFor(r)]),
      },
    ],
  });
}

/** The last ones, and the one that is shown. */
const offered = (judged: readonly AuditRecord[], chosen: AuditRecord): readonly AuditRecord[] => [
  ...(judged.slice(-MOST).includes(chosen) ? [] : [chosen]),
  ...judged.slice(-MOST),
];

function wordsFor({ sequence, at, kind, details }: AuditRecord): string {
  const { conclusion } = details;
  const said = typeof conclusion === 'string' ? conclusion.slice(0, 40).replaceAll('_', ' ') : kind;
  return `record ${sequence}, ${at.slice(0, 16).replace('T', ' ')}, ${kind === 'merged' ? 'as merged: ' : ''}${said}`;
}

/** The tree, or why there is none. */
function shown(found: Found): Content {
  if (found.state === 'absent')
    return notice(
      'warning',
      html`<p>
        The verdict itself is not stored here. Its digest is on record, so that a copy from a package or from
        the check run on GitHub can be compared with it.
      </p>`,
    );
  if (found.state === 'unreadable')
    return notice(
      'warning',
      html`<p>
        The stored document is no verdict that this version can read. It is shown as it is under its own
        address.
      </p>`,
    );
  const { verdict, unread, schema } = found.read;
  return [
    unread.length === 0
      ? undefined
      : notice(
          'warning',
          html`<p>
            This verdict was written in another form (${schema ?? 'without a version'}), and is shown as far
            as it can be read. Not all of this could be: ${unread.join(', ')}. The document has everything.
          </p>`,
        ),
    verdictSummary(verdict),
    html`<h3>Judgements</h3>`,
    judgementTree(verdict.judgement),
  ];
}
