import type { ElementKind } from '../model/fact.ts';
import type { Diagram, Mark } from './diagram.ts';
import { layOut, NODE, type Layout, type PlacedBox, type PlacedNode } from './diagram-layout.ts';
import { html } from './escape.ts';
import { width as cellsOf } from './text.ts';

/**
 * A diagram as SVG for a page or a document: no script, no style, nothing from elsewhere. Marks are words, strokes and
 * classes, so that nobody needs the colour. `id` has to be unique on the page; `title` and `description` are escaped here.
 */
export function drawDiagram(
  diagram: Diagram,
  { id, title, description }: { readonly id: string; readonly title: string; readonly description: string },
): string {
  const layout = layOut(diagram);
  const marks = [...new Set(layout.edges.map(({ edge }) => edge.mark))].sort();
  return [
    `<svg viewBox="0 0 ${layout.width} ${layout.height}" width="${layout.width}" height="${layout.height}" role="img" aria-labelledby="${id}-title ${id}-about">`,
    `<title id="${id}-title">${html(title)}</title><desc id="${id}-about">${html(description)}</desc>`,
    `<defs>${marks.map((mark) => tip(mark, id)).join('')}</defs>`,
    ...layout.boxes.map(box),
    ...layout.edges.map((e) => flow(e, id)),
    ...layout.nodes.map(node),
    '</svg>',
  ].join('\n');
}

const tip = (mark: Mark, id: string): string =>
  `<marker id="${id}-${mark}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path class="tip ${mark}" d="M0 0 8 4 0 8Z"/></marker>`;

function box({ name, x, y, width, height }: PlacedBox): string {
  const room = Math.floor(width / 7);
  return `<g><title>Trust boundary: ${html(name)}</title><rect class="box" x="${x}" y="${y}" width="${width}" height="${height}" rx="6"/><text class="small" x="${x + 10}" y="${y + 15}">${html(cutCells(name, room))}</text></g>`;
}

function flow({ edge, from, to }: Layout['edges'][number], id: string): string {
  const [x1, y1] = [from.x + NODE.width, from.y + NODE.height / 2];
  const [x2, y2] = [to.x, to.y + NODE.height / 2];
  const path = x2 > x1 ? forward(x1, y1, x2, y2) : around(from, to);
  const words = `${from.node.name} to ${to.node.name}${edge.label === undefined ? '' : `: ${edge.label}`}${edge.mark === 'context' ? '' : `, ${edge.mark}`}`;
  return `<g><title>${html(words)}</title><path class="flow ${edge.mark}" d="${path}" marker-end="url(#${id}-${edge.mark})"/></g>`;
}

function forward(x1: number, y1: number, x2: number, y2: number): string {
  const bend = Math.min(60, (x2 - x1) / 2);
  return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
}

/** Back, or within a column: from below to above, past the side. */
function around(from: PlacedNode, to: PlacedNode): string {
  const [x1, x2] = [from.x + NODE.width / 2 + 20, to.x + NODE.width / 2 - 20];
  const down = to.y > from.y;
  const [y1, y2] = [from.y + (down ? NODE.height : 0), to.y + (down ? 0 : NODE.height)];
  const bend = Math.max(20, Math.abs(y2 - y1) / 2) * (down ? 1 : -1);
  return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
}

const WORDS: Readonly<Record<Mark, string | undefined>> = {
  new: '+ new',
  changed: '~ changed',
  removed: '− removed',
  context: undefined,
};

function node({ node: { name, address, element, mark }, x, y }: PlacedNode): string {
  const word = WORDS[mark];
  const second = address === undefined || address === name ? undefined : cutMiddle(address, 22);
  const middle = x + NODE.width / 2 + (element === 'data-store' ? 4 : 0);
  const words = [name, address, element?.replaceAll('-', ' '), mark === 'context' ? 'unchanged' : mark];
  return `<g class="${mark}"><title>${html(words.filter((w) => w !== undefined).join(', '))}</title>${shape(element, x, y)}${
    word === undefined
      ? ''
      : `<text class="word" x="${x + NODE.width}" y="${y - 4}" text-anchor="end">${word}</text>`
  }<text x="${middle}" y="${y + (second === undefined ? 27 : 20)}" text-anchor="middle">${html(cutCells(name, 20))}</text>${
    second === undefined
      ? ''
      : `<text class="small" x="${middle}" y="${y + 35}" text-anchor="middle">${html(second)}</text>`
  }</g>`;
}

/** As data-flow diagrams draw them: processes round, stores open at the side, others' systems square. */
function shape(element: ElementKind | undefined, x: number, y: number): string {
  const { width, height } = NODE;
  const rect = (rx: number): string =>
    `<rect class="shape" x="${x}" y="${y}" width="${width}" height="${height}" rx="${rx}"/>`;
  switch (element) {
    case 'process':
      return rect(height / 2);
    case 'data-store':
      return `${rect(0)}<path class="shape" d="M${x + 8} ${y}V${y + height}"/>`;
    case 'trust-boundary':
      return `<path class="shape" d="M${x + 12} ${y}H${x + width - 12}L${x + width} ${y + height / 2} ${x + width - 12} ${y + height}H${x + 12}L${x} ${y + height / 2}Z"/>`;
    case 'data-flow':
      return `<path class="shape" d="M${x + 12} ${y}H${x + width}L${x + width - 12} ${y + height}H${x}Z"/>`;
    case 'external-entity':
      return rect(0);
    case undefined:
      return rect(6);
  }
}

/** At most so many cells wide. */
function cutCells(text: string, most: number): string {
  const whole = text.toWellFormed();
  let shown = '';
  for (const c of whole.slice(0, 400)) {
    if (cellsOf(shown + c) > most - 1 && shown.length + c.length < whole.length) return `${shown}…`;
    shown += c;
  }
  return shown;
}

/** Addresses differ at their ends, so the middle is left out. */
function cutMiddle(text: string, most: number): string {
  const whole = Array.from(text.toWellFormed().slice(0, 2_000));
  if (whole.length <= most) return cutCells(whole.join(''), most);
  return cutCells(`${whole.slice(0, 7).join('')}…${whole.slice(8 - most).join('')}`, most);
}
