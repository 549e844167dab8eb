import { text } from '../../core/audit/details.ts';
import { modelRegisterOf, type ModelRegister } from '../../core/audit/model-register.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import type { Page, RegisterRow } from '../../core/model/view.ts';
import type { PageAnswer, PageContext, PageRoute } from '../context.ts';
import { notFound } from '../layout/failure.ts';
import { filterForm } from '../layout/form.ts';
import { empty, notice, pageHeading, section } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { moment } from '../layout/instant.ts';
import { link, pathsFrom } from '../layout/link.ts';
import { bullets, figures } from '../layout/list.ts';
import { pager, total } from '../layout/pager.ts';
import { foreign, grouped } from '../layout/words.ts';
import { readQuery } from '../query.ts';
import * as form from '../query-form.ts';
import { MODELS_PATH, modelsFields, type ModelsQuery } from './models-query.ts';
import { assumptionSection, inventorySection, threatSection, vendorSection } from './models-sections.ts';
import { registerTable } from './register-table.ts';
import { REGISTER_PATH, registerFields } from './register-query.ts';

const TITLE = 'Threat models';
/** Repositories on a page: each has as much to show as its models hold. */
const REPOSITORIES = 10;
const RISKS = 50;

export const MODELS: readonly PageRoute[] = [form.listPage(MODELS_PATH, modelsPage)];

async function modelsPage(context: PageContext): Promise<PageAnswer> {
  const fields = modelsFields(context.now());
  const { searchParams } = context.url;
  const read = readQuery<ModelsQuery>(searchParams, fields);
  if (!read.ok) {
    const filters = await formOf(context, form.shownIn(searchParams));
    return form.askAgain({ title: TITLE, section: MODELS_PATH, problems: read.problems, form: filters });
  }
  const query = read.value;
  const repository = await form.chosenRepository(context, query.repository);
  if (repository === 'unknown') return notFound(context.base, 'repository');
  const { view, viewer } = context;
  const paging = { after: query.after, most: REPOSITORIES };
  const page = await view.models(viewer.scope, query.at, paging, repository?.id);
  const { at, ...others } = query;
  const asked = form.shownIn(searchParams)('at') === '' ? others : { ...others, at };
  const address = (after: string | undefined): string =>
    form.addressOf(context, MODELS_PATH, fields, { ...asked, after });
  return {
    kind: 'page',
    status: 200,
    title: TITLE,
    section: MODELS_PATH,
    content: html`${pageHeading({ title: TITLE, lead: html`What the threat models on the default branches said on ${moment(at)}: threats with their ratings, vendors and what flows to them, assumptions, and everything that is drawn.` })}
    ${await formOf(context, form.shownIn(searchParams))}
    ${page.items.length === 0 ? nothing(at) : await contentOf(context, query, page, repository?.id)}
    ${pager({
      next: page.next === undefined ? undefined : address(page.next),
      first: query.after === undefined ? undefined : address(undefined),
    })}`,
  };
}

const nothing = (at: string): SafeHtml =>
  section(
    'none',
    'No model',
    empty(
      html`No threat model is on record as of ${moment(at)}.`,
      'Models go on record when the default branch has one that the App can read. Choose a later day, or another repository.',
    ),
  );

async function contentOf(
  context: PageContext,
  query: ModelsQuery,
  page: Page<AuditRecord>,
  repository: number | undefined,
): Promise<Content> {
  const register = await registerIn(context, page.items);
  const risks = await acceptedRisks(context, query.at, repository);
  const { threats, vendors, assumptions, inventory } = register;
  return html`${figures([
    {
      title: 'Repositories with a model',
      value: total(page, 'repository', 'repositories').replace(/ repositor.*/, ''),
    },
    { title: 'Threats', value: grouped(threats.length), href: '#threats' },
    {
      title: 'Accepted risks',
      value: `${risks.total.more ? 'at least ' : ''}${grouped(risks.total.count)}`,
      href: '#accepted',
    },
    { title: 'Vendors', value: grouped(vendors.length), href: '#vendors' },
    { title: 'Assumptions', value: grouped(assumptions.length), href: '#assumptions' },
    { title: 'Inventory', value: grouped(inventory.length), href: '#inventory' },
  ])}
  ${page.next === undefined ? undefined : notice('notice', `Figures and lists are those of ${page.items.length} repositories: the others are on the next pages.`)}
  ${doubtsOf(context, register)} ${threatSection(context, threats, query.at)}
  ${acceptedSection(context, query, risks)} ${vendorSection(context, vendors)}
  ${assumptionSection(context, assumptions)} ${inventorySection(context, inventory)}`;
}

async function registerIn(
  { view, viewer }: PageContext,
  records: readonly AuditRecord[],
): Promise<ModelRegister> {
  const texts = new Map<string, string>();
  for (const { details } of records) {
    const digest = text(details['document']);
    const document = digest === undefined ? undefined : await view.document(viewer.scope, digest);
    if (digest !== undefined && document?.kind === 'models') texts.set(digest, document.text);
  }
  return modelRegisterOf(records, (digest) => texts.get(digest));
}

/** What could not be read is said above everything: whatever follows may lack it. */
function doubtsOf({ base }: PageContext, { doubts }: ModelRegister): Content {
  if (doubts.length === 0) return undefined;
  const items = doubts.slice(0, 20).map(
    ({ repository, record, what }) =>
      html`${link(pathsFrom(base).record(repository.name, record), foreign(repository.name, 100))}:
        ${foreign(what, 300)}`,
  );
  return notice(
    'warning',
    html`<p>Not everything could be read, and may be missing below:</p>
      ${bullets(items)}`,
  );
}

const acceptedRisks = (
  { view, viewer }: PageContext,
  at: string,
  repository: number | undefined,
): Promise<Page<RegisterRow>> =>
  view.register(
    viewer.scope,
    { kinds: ['accept'], ...(repository === undefined ? {} : { repository }) },
    at,
    { after: undefined, most: RISKS },
  );

function acceptedSection(
  context: PageContext,
  { at, repository }: ModelsQuery,
  risks: Page<RegisterRow>,
): SafeHtml {
  const all = form.addressOf(context, REGISTER_PATH, registerFields(context.now()), {
    at,
    repository,
    kinds: ['accept'],
  });
  if (risks.items.length === 0)
    return section(
      'accepted',
      'Accepted risks',
      empty(
        html`No risk had been accepted in answer to a question by ${moment(at)}. Threats that a model calls
        accepted are among the threats.`,
      ),
    );
  return section(
    'accepted',
    html`Accepted risks <span class="muted">${total(risks, 'answer')}</span>`,
    registerTable(
      context,
      risks.items,
      'Accepted in answer to a question of the gate; threats that a model calls accepted are among the threats',
    ),
    html`<p>${link(all, 'The register with everything that was answered')}</p>`,
  );
}

async function formOf(context: PageContext, shown: form.Shown): Promise<SafeHtml> {
  return filterForm({
    action: `${context.base}${MODELS_PATH}`,
    label: 'Choose models',
    fields: [
      { ...form.dayField('at', 'As of the end of', shown), hint: 'Empty: as of now.' },
      await form.repositoryField(context, shown),
    ],
    reset: `${context.base}${MODELS_PATH}`,
  });
}
