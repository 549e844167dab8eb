import type { RegisterRow } from '../../core/model/view.ts';
import type { PageAnswer, PageContext, PageRoute } from '../context.ts';
import { notFound } from '../layout/failure.ts';
import { filterForm } from '../layout/form.ts';
import { empty, notice, pageHeading, section } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { moment } from '../layout/instant.ts';
import { pager, total } from '../layout/pager.ts';
import { readQuery } from '../query.ts';
import { REGISTER_KINDS } from '../query-fields.ts';
import * as form from '../query-form.ts';
import { shownEnd } from '../query-time.ts';
import { changedSection } from './register-changed.ts';
import { REGISTER_PATH, registerFields, type RegisterAsked, type RegisterQuery } from './register-query.ts';
import { registerTable, REGISTER_WORDS } from './register-table.ts';

const TITLE = 'Register';
const ROWS = 50;

export const REGISTER: readonly PageRoute[] = [form.listPage(REGISTER_PATH, registerPage)];

async function registerPage(context: PageContext): Promise<PageAnswer> {
  const fields = registerFields(context.now());
  const { searchParams } = context.url;
  const shown = form.shownIn(searchParams);
  const read = readQuery<RegisterQuery>(searchParams, fields);
  const problems = read.ok ? orderOf(read.value) : read.problems;
  if (!read.ok || problems.length > 0) {
    const filters = await formOf(context, shown, []);
    return form.askAgain({ title: TITLE, section: REGISTER_PATH, problems, form: filters });
  }
  const query = read.value;
  const repository = await form.chosenRepository(context, query.repository);
  if (repository === 'unknown') return notFound(context.base, 'repository');
  const { at, ...others } = query;
  // Without a day in it, an address means whenever it is opened.
  const asWritten = shown('at') === '' ? others : { ...others, at };
  const asked: RegisterAsked = {
    query,
    filter: {
      ...(repository ? { repository: repository.id } : {}),
      ...(query.kinds.length > 0 ? { kinds: query.kinds } : {}),
      ...(query.owner === undefined ? {} : { owner: query.owner }),
    },
    address: (other) =>
      form.addressOf(context, REGISTER_PATH, fields, { ...asWritten, after: undefined, ...other }),
  };
  return {
    kind: 'page',
    status: 200,
    title: TITLE,
    section: REGISTER_PATH,
    content: html`${pageHeading({ title: TITLE, lead: leadOf(query.at) })}
    ${at > context.now() && shown('at') !== '' ? ahead(at) : undefined}
    ${await formOf(context, shown, query.kinds)}
    ${query.since === undefined ? undefined : await changedSection(context, asked, query.since)}
    ${await listSection(context, asked)}`,
  };
}

const leadOf = (at: string): SafeHtml =>
  html`What people answered to the questions of the gate, as it stood on ${moment(at)}: risks they accepted,
  with owner and end, tickets, and controls that are in place.`;

const ahead = (at: string): SafeHtml =>
  notice(
    'notice',
    html`${moment(at)} is still to come: the register is as it stands now, and only what expires until then is
    told.`,
  );

function orderOf({
  since,
  at,
}: RegisterQuery): readonly { readonly name: string; readonly message: string }[] {
  return since === undefined || since < at
    ? []
    : [
        {
          name: 'since',
          message: `The day to compare with, ${shownEnd(since)}, has to be before the day of the register, ${shownEnd(at)}. Write an earlier "since", or a later "at".`,
        },
      ];
}

async function listSection(
  context: PageContext,
  { query, filter, address }: RegisterAsked,
): Promise<Content> {
  const { view, viewer } = context;
  const page = await view.register(viewer.scope, filter, query.at, { after: query.after, most: ROWS });
  if (page.items.length === 0)
    return section(
      'register',
      'Register',
      empty(
        html`Nothing that matches had been answered by ${moment(query.at)}.`,
        'Answers are given to questions on pull requests. Choose a later day, or leave a filter out.',
      ),
    );
  return section(
    'register',
    html`As of ${moment(query.at)} <span class="muted">${total(page, 'answer')}</span>`,
    registerTable(context, page.items, 'In order of repository, component and question'),
    pager({
      next: page.next === undefined ? undefined : address({ after: page.next }),
      first: query.after === undefined ? undefined : address({}),
    }),
  );
}

async function formOf(
  context: PageContext,
  shown: form.Shown,
  kinds: readonly RegisterRow['kind'][],
): Promise<SafeHtml> {
  return filterForm({
    action: `${context.base}${REGISTER_PATH}`,
    label: 'Choose a register',
    fields: [
      { ...form.dayField('at', 'As of the end of', shown), hint: 'Empty: as of now.' },
      {
        ...form.dayField('since', 'What changed since the end of', shown),
        hint: 'Empty: nothing is compared.',
      },
      await form.repositoryField(context, shown),
      form.textField('owner', 'Owner of a risk', shown),
      {
        name: 'kind',
        label: 'Answers',
        kind: 'several',
        values: kinds,
        options: REGISTER_KINDS.map((kind) => [kind, REGISTER_WORDS[kind][1]]),
      },
    ],
    reset: `${context.base}${REGISTER_PATH}`,
  });
}
