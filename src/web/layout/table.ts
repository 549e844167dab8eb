import { attributes, html, type Content, type SafeHtml } from './html.ts';

export interface Column<T> {
  readonly title: string;
  readonly cell: (item: T) => Content;
  /** `row`: names the row. `number`: aligned by its last digit. `wide`: takes the room that is left. */
  readonly kind?: 'row' | 'number' | 'wide';
}

/**
 * A table with a caption. On a narrow screen each row becomes a block with the titles beside the cells, which takes the
 * meaning of a table away from the elements: so the roles are written out.
 */
export function dataTable<T>(options: {
  readonly caption: Content;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  /** Says it only to those who cannot see the heading above it. */
  readonly hideCaption?: boolean;
  readonly idOf?: (item: T) => string;
}): SafeHtml {
  const { caption, columns, rows, hideCaption = false, idOf } = options;
  return html`<table role="table" class="data">
<caption${attributes({ role: 'caption', class: hideCaption ? 'visually-hidden' : undefined })}>${caption}</caption>
<thead role="rowgroup"><tr role="row">${columns.map(headOf)}</tr></thead>
<tbody role="rowgroup">
${rows.map((row) => html`<tr${attributes({ role: 'row', id: idOf?.(row) })}>${columns.map((c) => cellOf(c, row))}</tr>\n`)}</tbody>
</table>`;
}

const headOf = <T>({ title, kind }: Column<T>): SafeHtml =>
  html`<th${attributes({ role: 'columnheader', scope: 'col', class: kind })}>${title}</th>`;

function cellOf<T>({ title, cell, kind }: Column<T>, row: T): SafeHtml {
  const content = html`<span class="cell">${cell(row)}</span>`;
  return kind === 'row'
    ? html`<th role="rowheader" scope="row" class="row" data-title="${title}">${content}</th>`
    : html`<td${attributes({ role: 'cell', class: kind, 'data-title': title })}>${content}</td>`;
}
