import type { Verdict } from '../../core/model/verdict.ts';
import { sideOf, wordsOf, type Diagram } from '../../core/report/diagram.ts';
import { diagramOfFacts } from '../../core/report/diagram-of-facts.ts';
import { diagramOfModel } from '../../core/report/diagram-of-model.ts';
import { drawDiagram } from '../../core/report/diagram-svg.ts';
import { details, section } from '../layout/heading.ts';
import { attributes, html, trusted, type Content, type SafeHtml } from '../layout/html.ts';
import { bullets } from '../layout/list.ts';
import { foreign } from '../layout/words.ts';

/** The part of the data-flow diagram that changed, before and after: as the code has it, and as the threat model has it. */
export function diagramSection(verdict: Verdict): SafeHtml | undefined {
  const [facts, model] = [diagramOfFacts(verdict), diagramOfModel(verdict.model)];
  if (facts === undefined && model === undefined) return undefined;
  return section(
    'diagram',
    'Data-flow diagram, before and after',
    html`<p class="hint">
      Only what changed, and what it reaches. Thick with a word: new or changed. Broken: removed. Dotted:
      unchanged. Large boxes are trust boundaries.
    </p>`,
    facts === undefined ? undefined : sidesOf('facts', 'As the code has it', facts),
    model === undefined ? undefined : sidesOf('model', 'As the threat model has it', model),
  );
}

function sidesOf(id: string, title: string, diagram: Diagram): SafeHtml {
  return html`<h3>${title}</h3>
    <div class="sides">
      ${drawn(`${id}-before`, 'Before', sideOf(diagram, 'before'), title)}${drawn(`${id}-after`, 'After', sideOf(diagram, 'after'), title)}
    </div> `;
}

function drawn(id: string, side: string, diagram: Diagram, title: string): SafeHtml {
  const words = wordsOf(diagram);
  if (diagram.nodes.length === 0)
    return html`<figure class="diagram">
      <figcaption>${side}</figcaption>
      <p class="muted">Nothing of it was there.</p>
    </figure>`;
  const name = `${side}: ${title.toLowerCase()}`;
  const svg = drawDiagram(diagram, { id, title: name, description: words.join(' ').slice(0, 1_500) });
  const frame = attributes({ class: 'scroll', tabindex: 0, role: 'region', 'aria-label': name });
  return html`<figure class="diagram"><figcaption>${side}</figcaption><div${frame}>${trusted(svg)}</div>
${details(html`In words<span class="visually-hidden">, ${name}</span>`, inWords(words))}</figure>
`;
}

const inWords = (words: readonly string[]): Content =>
  bullets(words.slice(0, 100).map((word) => foreign(word, 2_000)));
