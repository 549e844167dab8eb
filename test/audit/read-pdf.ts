import { inflateSync } from 'node:zlib';

/** A piece of text where it stands, by what it is tagged as. */
export interface Run {
  readonly tag: string;
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

export interface Pdf {
  readonly pages: readonly (readonly Run[])[];
  /** By number. */
  readonly objects: ReadonlyMap<number, string>;
  /** Of the trailer, the catalogue and the information, as they are written. */
  readonly trailer: string;
}

/** As much of a reader as it takes to see what people see. It knows nothing of what wrote the file. */
export function readPdf(bytes: Buffer): Pdf {
  const text = bytes.toString('latin1');
  const objects = new Map<number, string>();
  for (const [, number = '', body = ''] of text.matchAll(/(?:^|\n)(\d+) 0 obj\n([^]*?)\nendobj/g))
    objects.set(Number(number), body);
  const trailer = text.slice(text.lastIndexOf('trailer'));
  const catalogue = objects.get(Number(/\/Root (\d+) 0 R/.exec(trailer)?.[1])) ?? '';
  const tree = objects.get(Number(/\/Pages (\d+) 0 R/.exec(catalogue)?.[1])) ?? '';
  const kids = [...(/\/Kids \[([^\]]*)\]/.exec(tree)?.[1] ?? '').matchAll(/(\d+) 0 R/g)];
  const pages = kids.map(([, number]) => runsOf(objects.get(Number(number)) ?? '', objects));
  return { pages, objects, trailer };
}

/** What people read on a page, each line from left to right. */
export function linesOf(runs: readonly Run[]): readonly string[] {
  const byLine = Map.groupBy(runs, ({ y }) => Math.round(y * 2) / 2);
  return [...byLine]
    .sort(([a], [b]) => b - a)
    .map(([, line]) =>
      line
        .toSorted((a, b) => a.x - b.x)
        .map((run) => run.text)
        .join(' | '),
    );
}

/** What people read from above to below in each column: a cell that has several lines is together in it. */
export function columnsOf(runs: readonly Run[]): readonly string[] {
  const byColumn = Map.groupBy(runs, ({ x }) => x);
  return [...byColumn.values()].map((column) =>
    column
      .toSorted((a, b) => b.y - a.y)
      .map((run) => run.text)
      .join(''),
  );
}

function runsOf(page: string, objects: Pdf['objects']): readonly Run[] {
  const fonts = new Map(
    [
      ...(/\/Font <<([^>]*)>>/.exec(resourcesOf(page, objects))?.[1] ?? '').matchAll(/\/(\w+) (\d+) 0 R/g),
    ].map(([, name = '', number]) => [name, cmapOf(objects.get(Number(number)) ?? '', objects)]),
  );
  const content = streamOf(objects.get(Number(/\/Contents (\d+) 0 R/.exec(page)?.[1])) ?? '');
  const runs: Run[] = [];
  const tags: string[] = [];
  let [x, y, font] = [0, 0, ''];
  for (const line of content.split('\n')) {
    const [, tag] = /^\/(\w+) <</.exec(line) ?? [];
    if (tag !== undefined) tags.push(tag);
    if (line === 'EMC') tags.pop();
    const [, left, up] = /^1 0 0 1 (\S+) (\S+) Tm$/.exec(line) ?? [];
    if (left !== undefined) [x, y] = [Number(left), Number(up)];
    font = /^\/(F\d+) \S+ Tf$/.exec(line)?.[1] ?? font;
    if (!line.endsWith(' TJ')) continue;
    const codes = [...line.matchAll(/<([0-9a-f]*)>/g)].flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? []);
    const text = codes.map((code) => fonts.get(font)?.get(parseInt(code, 16)) ?? '\ufffd').join('');
    runs.push({ tag: tags.at(-1) ?? 'none', x, y, text });
  }
  return runs;
}

function resourcesOf(page: string, objects: Pdf['objects']): string {
  const [, number] = /\/Resources (\d+) 0 R/.exec(page) ?? [];
  return number === undefined ? page : (objects.get(Number(number)) ?? '');
}

function streamOf(object: string): string {
  const [, head = '', body = ''] = /^([^]*?)\nstream\n([^]*)\nendstream$/.exec(object) ?? [];
  return head.includes('FlateDecode') ? inflateSync(Buffer.from(body, 'latin1')).toString('latin1') : body;
}

/** Which text a code stands for, by what the file itself says. */
function cmapOf(font: string, objects: Pdf['objects']): ReadonlyMap<number, string> {
  const cmap = streamOf(objects.get(Number(/\/ToUnicode (\d+) 0 R/.exec(font)?.[1])) ?? '');
  const map = new Map<number, string>();
  for (const [, first = '', list = ''] of cmap.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/g))
    for (const [n, [, hex = '']] of [...list.matchAll(/<([0-9a-f ]*)>/g)].entries()) {
      const units = (hex.replaceAll(' ', '').match(/.{4}/g) ?? []).map((unit) => parseInt(unit, 16));
      map.set(parseInt(first, 16) + n, String.fromCharCode(...units));
    }
  return map;
}
