import {
  cleanLabel,
  type Diagram,
  type DiagramEdge,
  type DiagramGroup,
  type DiagramNode,
  type NodeShape,
  type Statement,
} from './mermaid-diagram.ts';

/** Brackets around a label, longest first. */
const SHAPES: readonly (readonly [string, string, NodeShape])[] = [
  ['(((', ')))', 'circle'],
  ['[(', ')]', 'store'],
  ['([', '])', 'stadium'],
  ['[[', ']]', 'box'],
  ['((', '))', 'circle'],
  ['{{', '}}', 'other'],
  ['[/', '/]', 'other'],
  ['[\\', '\\]', 'other'],
  ['[/', '\\]', 'other'],
  ['[\\', '/]', 'other'],
  ['[', ']', 'box'],
  ['(', ')', 'round'],
  ['{', '}', 'other'],
  ['>', ']', 'other'],
];

/** Names of the general shape syntax, `A@{ shape: cyl }`. */
const NAMED_SHAPES: Readonly<Record<string, NodeShape>> = {
  cyl: 'store',
  cylinder: 'store',
  database: 'store',
  db: 'store',
  'lin-cyl': 'store',
  das: 'store',
  disk: 'store',
  stadium: 'stadium',
  pill: 'stadium',
  terminal: 'stadium',
  rounded: 'round',
  circle: 'circle',
};

const DIRECTIVES = /^(?:classDef|style|linkStyle|click|direction|title|accTitle|accDescr)\b/;

/** Nodes, edges and groups of a flowchart. */
export function readFlowchart(statements: readonly Statement[]): Diagram {
  const chart = new Chart();
  for (const statement of statements) chart.read(statement);
  return { kind: 'flowchart', nodes: chart.nodes(), edges: chart.edges, groups: chart.groups };
}

type Open = { -readonly [K in keyof DiagramNode]: DiagramNode[K] };

/** The chart so far: nodes may be mentioned before they are described. */
class Chart {
  readonly edges: DiagramEdge[] = [];
  readonly groups: DiagramGroup[] = [];
  readonly #nodes = new Map<string, Open>();
  readonly #open: string[] = [];

  /** Nodes without the ids of groups: an edge may end at a group as a whole. */
  nodes(): readonly DiagramNode[] {
    const groups = new Set(this.groups.map((group) => group.id));
    return [...this.#nodes.values()].filter((node) => !groups.has(node.id));
  }

  read({ text, line }: Statement): void {
    if (DIRECTIVES.test(text)) return;
    if (text === 'end') this.#open.pop();
    else if (/^subgraph\b/.test(text)) this.#group(text.slice(8).trim(), line);
    else if (/^class\s/.test(text)) this.#classes(text);
    else this.#chain(text, line);
  }

  #group(text: string, line: number): void {
    const named = /^([^\s[\]"]+)\s*\[(.*)\]$/s.exec(text);
    const id = named?.[1] ?? (text === '' ? `#${this.groups.length}` : cleanLabel(text));
    const label = cleanLabel(named?.[2] ?? text);
    const parent = this.#open.at(-1);
    this.groups.push({
      id,
      label: label === '' ? id : label,
      ...(parent === undefined ? {} : { parent }),
      line,
    });
    this.#open.push(id);
  }

  #classes(text: string): void {
    const [, ids, name] = /^class\s+(\S.*?)\s+(\S+)$/.exec(text) ?? [];
    for (const id of (ids ?? '').split(',')) {
      const node = this.#nodes.get(id.trim());
      if (node && name) node.classes = [...node.classes, name];
    }
  }

  /** `A & B -->|label| C[x] --> D`: every node of a step to every node of the next. */
  #chain(text: string, line: number): void {
    const cursor = { text, at: 0 };
    let left = this.#nodesAt(cursor, line);
    while (left.length > 0) {
      const link = readLink(cursor);
      if (!link) return;
      const right = this.#nodesAt(cursor, line);
      if (link.visible)
        for (const from of left)
          for (const to of right)
            if (this.edges.length < MOST_EDGES)
              this.edges.push({ from, to, label: link.label, both: link.both, line });
      left = right;
    }
  }

  #nodesAt(cursor: Cursor, line: number): readonly string[] {
    const ids: string[] = [];
    do {
      const id = this.#nodeAt(cursor, line);
      if (id === undefined) break;
      ids.push(id);
    } while (take(cursor, /\s*&\s*/y) !== undefined);
    return ids;
  }

  #nodeAt(cursor: Cursor, line: number): string | undefined {
    take(cursor, /\s+/y);
    const id = take(cursor, /(?:[\p{L}\p{N}_]|[.:/](?=[\p{L}\p{N}_])|-(?![-.>=ox])(?=[\p{L}\p{N}_]))+/uy);
    if (id === undefined) return undefined;
    const described = readGeneralShape(cursor) ?? readBrackets(cursor);
    const group = this.#open.at(-1);
    const known = this.#nodes.get(id);
    const node: Open = known ?? {
      id,
      label: id,
      shape: 'box',
      classes: [],
      line,
      ...(group === undefined ? {} : { group }),
    };
    if (described)
      Object.assign(node, { label: described.label || node.label, shape: described.shape, line });
    // The innermost group that mentions a node has it, wherever it was mentioned first.
    if (
      known &&
      group !== undefined &&
      (known.group === undefined || this.#open.slice(0, -1).includes(known.group))
    )
      node.group = group;
    const style = take(cursor, /:::[\w-]+/y);
    if (style !== undefined) node.classes = [...node.classes, style.slice(3)];
    this.#nodes.set(id, node);
    return id;
  }
}

const MOST_EDGES = 20_000;

interface Cursor {
  readonly text: string;
  at: number;
}

/** Moves over a match at the cursor and returns it. The pattern must be sticky. */
function take(cursor: Cursor, sticky: RegExp): string | undefined {
  sticky.lastIndex = cursor.at;
  const match = sticky.exec(cursor.text);
  if (!match) return undefined;
  cursor.at += match[0].length;
  return match[0];
}

function readBrackets(cursor: Cursor): { readonly label: string; readonly shape: NodeShape } | undefined {
  const rest = cursor.text.slice(cursor.at);
  for (const [open, close, shape] of SHAPES) {
    if (!rest.startsWith(open)) continue;
    const quoted = rest.startsWith('"', open.length) ? rest.indexOf('"', open.length + 1) : open.length - 1;
    const end = quoted < 0 ? -1 : rest.indexOf(close, Math.max(quoted, open.length));
    if (end < 0) continue;
    cursor.at += end + close.length;
    return { label: cleanLabel(rest.slice(open.length, end)), shape };
  }
  return undefined;
}

function readGeneralShape(cursor: Cursor): { readonly label: string; readonly shape: NodeShape } | undefined {
  const text = take(cursor, /@\{[^{}]*\}/y);
  if (text === undefined) return undefined;
  const shape = /shape\s*:\s*"?([\w-]+)/.exec(text)?.[1] ?? '';
  const label = /label\s*:\s*(?:"([^"]*)"|([^,}]*))/.exec(text);
  return {
    label: cleanLabel(label?.[1] ?? label?.[2] ?? ''),
    shape: Object.hasOwn(NAMED_SHAPES, shape) ? (NAMED_SHAPES[shape] ?? 'box') : 'box',
  };
}

interface Link {
  readonly label: string;
  readonly both: boolean;
  readonly visible: boolean;
}

/** `-->`, `---`, `-.->`, `==>`, `<-->`, `--o`, `-- text -->`, `-->|text|`, `~~~`, with an optional `id@` in front. */
function readLink(cursor: Cursor): Link | undefined {
  take(cursor, /\s*(?:[\w-]+@)?/y);
  if (take(cursor, /~~~+/y) !== undefined) return { label: '', both: false, visible: false };
  const whole = take(cursor, /[<xo]?(?:-{2,}[>xo-]|={2,}[>xo=]|-\.+-[>xo]?)/y);
  if (whole !== undefined) return finish(cursor, whole, '');
  const start = take(cursor, /[<xo]?(?:--|==|-\.)(?=\s*[^\s>-])/y);
  if (start === undefined) return undefined;
  const middle = take(cursor, /(?:(?!-{2,}[>xo-]|={2,}[>xo=]|\.+-[>xo]?|-\.+-).){1,300}/sy) ?? '';
  const end = take(cursor, /(?:-{2,}[>xo-]|={2,}[>xo=]|-?\.+-[>xo]?)/y);
  return end === undefined ? undefined : finish(cursor, start + end, cleanLabel(middle));
}

function finish(cursor: Cursor, arrow: string, label: string): Link {
  const piped = take(cursor, /\s*\|[^|]{0,300}\|/y);
  const text = piped === undefined ? label : cleanLabel(piped.trim().slice(1, -1));
  return { label: text, both: /^[<xo]/.test(arrow) && /[>xo]$/.test(arrow), visible: true };
}
