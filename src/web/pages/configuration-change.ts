import { text } from '../../core/audit/details.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import type { PageAnswer, PageContext } from '../context.ts';
import { digest } from '../layout/digest.ts';
import { notFound } from '../layout/failure.ts';
import { empty, notice, pageHeading, section } from '../layout/heading.ts';
import { attributes, html, joined, lines, trusted, type Content, type SafeHtml } from '../layout/html.ts';
import { moment } from '../layout/instant.ts';
import { link, pathsFrom } from '../layout/link.ts';
import { definitions } from '../layout/list.ts';
import { foreign } from '../layout/words.ts';
import { numberIn, repositoryIn, unasked } from './address.ts';
import { diffOf, excerptOf, type DiffLine } from './configuration-diff.ts';
import { CONFIGURATION_PATH } from './configuration-query.ts';

const WORDS: ReadonlyMap<string, string> = new Map([
  ['policy-changed', 'Rules of the gate'],
  ['rules-changed', 'Branch rules on GitHub'],
]);

/** Lines of one text that are shown. */
const MOST_LINES = 2_000;

/** The text that came into force with a record, line by line beside the one before it. */
export async function configurationChange(context: PageContext): Promise<PageAnswer> {
  const refused = unasked(context);
  if (refused) return refused;
  const { view, viewer, base } = context;
  const sequence = numberIn(context, 'record');
  const repository = await repositoryIn(context);
  const record =
    repository && sequence !== undefined
      ? await view.record(viewer.scope, repository.id, sequence)
      : undefined;
  const subject = record && WORDS.get(record.kind);
  if (!repository || !record || subject === undefined) return notFound(base, 'change of the configuration');
  const before = await recordBefore(context, record);
  const paths = pathsFrom(base);
  const title = `${subject}: what changed`;
  return {
    kind: 'page',
    status: 200,
    title,
    section: CONFIGURATION_PATH,
    content: html`${pageHeading({
      title,
      trail: [
        ['Configuration', paths.to(CONFIGURATION_PATH)],
        [foreign(repository.name, 100), paths.to(CONFIGURATION_PATH, { repository: repository.name })],
      ],
    })}
      <div class="panel">
        ${definitions([
          [
            'In force since',
            html`${moment(record.at)},
            ${link(paths.record(repository.name, record.sequence), `record ${record.sequence}`)}`,
          ],
          ['Digest', digestOf(record, 'after')],
          [
            'Before',
            before
              ? html`${digestOf(before, 'after')} since ${moment(before.at)},
                ${link(paths.record(repository.name, before.sequence), `record ${before.sequence}`)}`
              : 'nothing on record',
          ],
        ])}
      </div>
      ${await differenceOf(context, before, record)}`,
  };
}

function digestOf({ details }: AuditRecord, key: string): Content {
  const value = text(details[key]);
  return value === undefined ? 'not on record' : digest(value);
}

async function recordBefore(
  { view, viewer }: PageContext,
  record: AuditRecord,
): Promise<AuditRecord | undefined> {
  const filter = { repository: record.repository.id, kinds: [record.kind] };
  let after: string | undefined;
  do {
    const page = await view.records(viewer.scope, filter, { after, most: 100 });
    const found = page.items.find((each) => each.sequence < record.sequence);
    if (found) return found;
    after = page.next;
  } while (after !== undefined);
  return undefined;
}

/** A document in parts by name, so that each is compared with its own like. */
type Parts = ReadonlyMap<string, string>;

async function differenceOf(
  context: PageContext,
  before: AuditRecord | undefined,
  after: AuditRecord,
): Promise<Content> {
  const now = await partsOf(context, after);
  const old = before ? await partsOf(context, before) : new Map<string, string>();
  if (!now || !old)
    return section(
      'difference',
      'Difference',
      notice(
        'warning',
        'One of the two texts is not kept beside the records, so that they cannot be compared.',
      ),
    );
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names.map((name) => partSection(name, old.get(name) ?? '', now.get(name) ?? ''));
}

async function partsOf({ view, viewer }: PageContext, { details }: AuditRecord): Promise<Parts | undefined> {
  const digest = text(details['document']);
  const document = digest === undefined ? undefined : await view.document(viewer.scope, digest);
  return document && partsIn(document.text);
}

const NAMES: Readonly<Record<string, string>> = {
  repository: 'Policy of the repository',
  organisation: 'Defaults of the organisation',
};

/** A policy is two files; everything else is compared as it would be printed. */
function partsIn(document: string): Parts {
  let read: unknown;
  try {
    read = JSON.parse(document);
  } catch {
    return new Map([['Text', document]]);
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) return new Map([['Text', document]]);
  const entries = Object.entries(read);
  return entries.length > 0 && entries.every(([name, value]) => name in NAMES && typeof value === 'string')
    ? new Map(entries.map(([name, value]) => [NAMES[name] ?? name, String(value)]))
    : new Map([['Text', JSON.stringify(read, undefined, 2)]]);
}

function partSection(name: string, before: string, after: string): SafeHtml {
  const id = name.toLowerCase().replaceAll(' ', '-');
  if (before === after)
    return section(
      id,
      name,
      empty(after === '' ? 'There is none, and there was none.' : 'Nothing in it changed.'),
    );
  const excerpt = excerptOf(diffOf(before, after));
  const left = excerpt.length - MOST_LINES;
  return section(
    id,
    name,
    html`<pre${attributes({ class: 'document diff', tabindex: 0, role: 'region', 'aria-label': `Difference: ${name}` })}>${joined(excerpt.slice(0, MOST_LINES).map(lineOf), LINE_END)}</pre>`,
    left > 0
      ? html`<p class="muted">${left} more lines: both texts are a link away, in full.</p>`
      : undefined,
  );
}

/** A line end that stays one. */
const LINE_END = trusted('\n');

const MARKS: Readonly<Record<DiffLine['kind'], string>> = { same: '  ', removed: '- ', added: '+ ' };

/** Marks are characters, so that colour is needed by nobody. */
function lineOf(line: DiffLine | undefined): SafeHtml {
  if (line === undefined) return html`<span class="muted">…</span>`;
  const text = lines(`${MARKS[line.kind]}${line.text.slice(0, 500)}`);
  if (line.kind === 'same') return text;
  return line.kind === 'removed' ? html`<del>${text}</del>` : html`<ins>${text}</ins>`;
}
