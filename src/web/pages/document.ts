import type { PageAnswer, PageContext, PageRoute } from '../context.ts';
import { wholeDigest } from '../layout/digest.ts';
import { badRequest, notFound } from '../layout/failure.ts';
import { details, pageHeading, section } from '../layout/heading.ts';
import { html, type Content } from '../layout/html.ts';
import { githubFrom } from '../layout/link.ts';
import { definitions } from '../layout/list.ts';
import { document, grouped } from '../layout/words.ts';
import { quoted } from '../query.ts';
import { unasked } from './address.ts';
import { diagramSection } from './diagram-view.ts';
import { prettyJson, sourcesOf } from './document-text.ts';
import { readVerdict } from './verdict-document.ts';
import { judgementTree, verdictSections, verdictSummary } from './verdict-view.ts';

export const DOCUMENT_PAGE: PageRoute = { path: '/document/:digest', page: documentPage };

const NAMES: Readonly<Record<string, string>> = {
  verdict: 'Verdict',
  policy: 'Policy',
  rules: 'Branch rules',
  reconciliation: 'Comparison with GitHub',
  models: 'Threat models',
};

interface Stored {
  readonly digest: string;
  readonly kind: string;
  readonly text: string;
}

async function documentPage(context: PageContext): Promise<PageAnswer> {
  const { view, viewer, params, base } = context;
  const digest = params['digest'] ?? '';
  if (!/^sha256:[0-9a-f]{64}$/.test(digest))
    return badRequest(
      [
        {
          name: 'digest',
          message: `${quoted(digest)} is not a digest. Write sha256: and 64 digits, as a record has it.`,
        },
      ],
      base,
    );
  const found = await view.document(viewer.scope, digest);
  if (found === undefined) return notFound(base, 'document');
  const name = Object.hasOwn(NAMES, found.kind) ? (NAMES[found.kind] ?? found.kind) : found.kind.slice(0, 60);
  return (
    unasked(context) ?? {
      kind: 'page',
      status: 200,
      title: `${name} ${digest.slice(0, 17)}`,
      section: '/records',
      content: html`${pageHeading({ title: name, lead: 'As it was stored, named by a record through its digest.' })}
      ${section(
        'about',
        'The document',
        definitions([
          ['Digest', html`${wholeDigest(digest)} <span class="muted">SHA-256 of its text</span>`],
          ['Kind', name],
          ['Size', `${grouped(found.text.length)} characters`],
        ]),
      )}
      ${partsOf(context, { digest, ...found })}`,
    }
  );
}

function partsOf(context: PageContext, stored: Stored): Content {
  const read = stored.kind === 'verdict' ? readVerdict(stored.text) : undefined;
  const whole = document(prettyJson(stored.text), 'Text of the document');
  if (read !== undefined) {
    const { verdict } = read;
    const place = { repository: verdict.repository, github: githubFrom(context.githubUrl) };
    return [
      section(
        'verdict',
        'Verdict',
        verdictSummary(verdict),
        html`<h3>Judgements</h3>`,
        judgementTree(verdict.judgement),
      ),
      diagramSection(verdict),
      verdictSections(verdict, place),
      section('text', 'Text', details('The whole document', whole)),
    ];
  }
  const sources = stored.kind === 'policy' ? sourcesOf(stored.text) : [];
  return [
    ...sources.map(({ id, title, text }) => section(id, title, document(text, title))),
    section('text', 'Text', sources.length > 0 ? details('The whole document', whole) : whole),
  ];
}
