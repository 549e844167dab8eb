import { saidAt, text, texts } from '../../core/audit/details.ts';
import { instantOf } from '../../core/audit/instants.ts';
import { questionById } from '../../core/catalogue/questions.ts';
import { STRIDE } from '../../core/catalogue/stride.ts';
import type { AuditRecord } from '../../core/model/record.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import type { PageContext } from '../context.ts';
import { badge } from '../layout/badge.ts';
import { section } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { exactly } from '../layout/instant.ts';
import { link, pathsFrom } from '../layout/link.ts';
import { personInRole } from '../layout/person.ts';
import { dataTable } from '../layout/table.ts';
import { code, foreign } from '../layout/words.ts';
import type { PullRequest } from './pull-request.ts';
import { answerWords } from './record-words.ts';

const MOST = 200;

interface Asked {
  readonly id: string;
  readonly address: string;
  readonly scope: string;
  /** Oldest first. */
  readonly answers: readonly AuditRecord[];
}

/** What was asked, and every answer. Nothing where nothing was asked. */
export function questionsSection(
  context: PageContext,
  pull: PullRequest,
  verdict: Verdict | undefined,
): SafeHtml | undefined {
  const asked = questionsOf(pull.trail, verdict);
  if (asked.length === 0) return undefined;
  return section(
    'questions',
    'Questions and answers',
    html`<p class="hint">
      The wording is that of the catalogue now; the record of each answer has the version that was asked.
    </p>`,
    dataTable({
      caption:
        asked.length > MOST ? `The first ${MOST} of ${asked.length}` : 'By component, every answer in order',
      hideCaption: asked.length <= MOST,
      rows: asked.slice(0, MOST),
      columns: [
        { title: 'Question', kind: 'row', cell: ({ id }) => html`${code(id, 60)}${strideOf(id)}` },
        { title: 'About', cell: ({ address }) => code(address, 200) },
        {
          title: 'What was asked',
          kind: 'wide',
          cell: ({ id }) => foreign(questionById(id)?.ask ?? 'Not in the catalogue any more.', 600),
        },
        { title: 'Answers', kind: 'wide', cell: (a) => answersOf(context, pull, a) },
      ],
    }),
  );
}

function strideOf(id: string): Content {
  const question = questionById(id);
  return question === undefined
    ? undefined
    : html` <span class="role">${STRIDE[question.stride]}, ${question.severity}</span>`;
}

/** Those that the verdict asks, and those that were asked or answered earlier. */
function questionsOf(trail: readonly AuditRecord[], verdict: Verdict | undefined): readonly Asked[] {
  const keyOf = (id: string, address: string, scope: string): string => JSON.stringify([address, scope, id]);
  const asked = new Map<string, Asked>();
  const add = (id: string, address: string, scope: string, answer?: AuditRecord): void => {
    const key = keyOf(id, address, scope);
    const answers = asked.get(key)?.answers ?? [];
    asked.set(key, { id, address, scope, answers: answer === undefined ? answers : [...answers, answer] });
  };
  for (const { id, address, scope } of verdict?.questions ?? []) add(id, address, scope);
  for (const record of trail.filter((r) => r.kind === 'answered')) {
    const [id, address, scope] = ['question', 'address', 'scope'].map(
      (key) => text(record.details[key]) ?? '',
    );
    add(id ?? '', address ?? '', scope ?? '', record);
  }
  const known = new Set([...asked.values()].map(({ id }) => id));
  for (const record of trail.filter((r) => r.kind === 'questions-asked'))
    for (const id of texts(record.details['questions'])) if (!known.has(id)) add(id, '', '');
  return [...asked.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

function answersOf({ base, now }: PageContext, { repository }: PullRequest, { answers }: Asked): Content {
  if (answers.length === 0) return badge('notice', 'No answer on record');
  const paths = pathsFrom(base);
  return answers.slice(-20).map((record) => {
    const [answer, said, owner, expires] = ['answer', 'text', 'owner', 'expires'].map((key) =>
      text(record.details[key]),
    );
    return html`<div>
      ${answer === 'open' ? badge('warning', answerWords(answer)) : badge('good', answerWords(answer))}
      ${said === undefined ? undefined : foreign(said)}${
        owner === undefined ? undefined : html` <span class="muted">owner ${foreign(owner, 100)}</span>`
      }${expires === undefined ? undefined : html` <span class="muted">until ${exactly(expires)}</span>${instantOf(expires) <= instantOf(now()) ? html` ${badge('warning', 'ran out')}` : undefined}`}
      ${personInRole(record.actor)} ${exactly(saidAt(record))},
      ${link(paths.record(repository.name, record.sequence), `record ${record.sequence}`)}
    </div>`;
  });
}
