import type { Inline, MarkdownTable } from './markdown-blocks.ts';

const MOST_CELLS = 20_000;

/** Tables written in HTML inside Markdown, as far as they are plain rows and cells; anything else gives nothing. */
export function readHtmlTables(html: string, line: number): readonly MarkdownTable[] {
  const tables: MarkdownTable[] = [];
  let rows: Inline[][] | undefined;
  let cell: { text: string; line: number } | undefined;
  let cells = 0;
  let at = line;
  const close = (): void => {
    if (cell && rows) rows.at(-1)?.push(finish(cell));
    cell = undefined;
  };
  for (const piece of html.split(/(<[^<>]*>)/)) {
    const tag = /^<\s*(\/?)\s*([a-z]+)/i.exec(piece);
    const name = tag ? `${tag[1]}${tag[2]?.toLowerCase()}` : '';
    if (name === 'table') rows = [];
    else if (name === 'tr') rows?.push([]);
    else if (name === '/td' || name === '/th' || name === '/tr') close();
    else if ((name === 'td' || name === 'th') && cells++ < MOST_CELLS) {
      close();
      cell = { text: '', line: at };
    } else if (name === '/table') {
      close();
      if (rows) tables.push(...toTable(rows, line));
      rows = undefined;
    } else if (cell) cell.text += name === 'br' ? '\n' : tag ? '' : piece.replace(/\s+/g, ' ');
    at += piece.split('\n').length - 1;
  }
  return tables;
}

function toTable(rows: readonly (readonly Inline[])[], line: number): readonly MarkdownTable[] {
  const [header, ...rest] = rows.filter((row) => row.length > 0);
  return header && rest.length > 0 ? [{ kind: 'table', header, rows: rest, line }] : [];
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: ' ',
  apos: "'",
};

function finish(cell: { readonly text: string; readonly line: number }): Inline {
  const text = cell.text
    .replace(/&([a-z]{2,4});/g, (whole, name: string) =>
      Object.hasOwn(ENTITIES, name) ? (ENTITIES[name] ?? whole) : whole,
    )
    .trim();
  return { text, raw: text, line: cell.line };
}
