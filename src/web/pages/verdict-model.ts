import type { ModelChange } from '../../core/model/model-delta.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { details } from '../layout/heading.ts';
import { html, type Content } from '../layout/html.ts';
import { bullets } from '../layout/list.ts';
import { dataTable } from '../layout/table.ts';
import { code, foreign, prose } from '../layout/words.ts';
import type { Place } from './verdict-view.ts';

const OPS = {
  added: ['good', '+ added'],
  changed: ['warning', '~ changed'],
  removed: ['bad', '− removed'],
} as const;
const MOST = 200;

/** Statements of the threat model that are other ones than before. */
export function modelChanges({ model, coverage, head }: Verdict, { github, repository }: Place): Content {
  const { touched } = model;
  const changes = model.changes.slice(0, MOST);
  const files = touched
    .slice(0, 20)
    .map((file, i) => html`${i === 0 ? '' : ', '}${github.file(repository, head, file)}`);
  return [
    touched.length === 0
      ? html`<p>No file of a threat model was touched.</p>`
      : html`<p>Touched: ${files}.</p>`,
    changes.length === 0
      ? html`<p class="muted">No statement of a threat model is another one than before.</p>`
      : dataTable({
          caption: `Statements that are other ones than before${model.changes.length > MOST ? `, the first ${MOST} of ${model.changes.length}` : ''}`,
          rows: changes,
          columns: [
            {
              title: 'What',
              cell: ({ op }) => html`<span class="badge ${OPS[op][0]}">${OPS[op][1]}</span>`,
            },
            { title: 'Element', cell: (c) => c.element.replaceAll('-', ' ') },
            { title: 'Name', kind: 'row', cell: (c) => foreign(c.name, 300) },
            { title: 'What it says', kind: 'wide', cell: saidBy },
            {
              title: 'Where',
              cell: ({ location, op }) =>
                op === 'removed'
                  ? code(`${location.file}:${location.line}`, 300)
                  : github.file(repository, head, location.file, location.line),
            },
          ],
        }),
    besides(coverage),
  ];
}

/** Of what changed, the difference; of what came or went, all that it says. */
function saidBy({ op, details: lines, meaning, name }: ModelChange): Content {
  const said = op === 'changed' ? lines : meaningLines(meaning, name);
  return said.slice(0, 12).map((line) => html`<div>${foreign(line, 400)}</div>`);
}

function meaningLines(meaning: string, name: string): readonly string[] {
  try {
    const value: unknown = JSON.parse(meaning);
    if (typeof value !== 'object' || value === null) return [];
    return Object.entries(value)
      .map(
        ([key, said]: [string, unknown]) => `${key}: ${Array.isArray(said) ? said.join(', ') : String(said)}`,
      )
      .filter((line) => line !== `name: ${name}` && line !== `title: ${name}`);
  } catch {
    return [];
  }
}

/** Statements that this change does not explain, and references that were too broad. */
function besides({ unexplained, refused }: Verdict['coverage']): Content {
  const items = [
    ...unexplained
      .slice(0, 50)
      .map(
        (u) =>
          html`${u.element.replaceAll('-', ' ')} ${foreign(u.name, 200)}: the change does not explain it`,
      ),
    ...refused.slice(0, 50).map(
      (r) =>
        html`${r.element.replaceAll('-', ' ')} ${foreign(r.name, 200)}: its reference
          ${code(r.reference, 200)} was not taken. ${prose(r.reason, 300)}`,
    ),
  ];
  return items.length === 0 ? undefined : details(`Besides (${items.length})`, bullets(items));
}
