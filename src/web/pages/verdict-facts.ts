import type { CoveredBy, FactCoverage } from '../../core/model/coverage.ts';
import type { Fact } from '../../core/model/fact.ts';
import type { Verdict } from '../../core/model/verdict.ts';
import { reachesUnsaid, type ComponentOutline, type Outline } from '../../core/report/outline.ts';
import { badge } from '../layout/badge.ts';
import { details } from '../layout/heading.ts';
import { html, type Content, type SafeHtml } from '../layout/html.ts';
import { code, foreign, prose } from '../layout/words.ts';
import type { Place } from './verdict-view.ts';

const MOST_COMPONENTS = 100;
const MOST_FACTS = 50;

/** By component: what was observed, on which line, and what of the model covers it. */
export function factsOf(verdict: Verdict, outline: Outline, place: Place): Content {
  const { components, asides } = outline;
  if (verdict.facts.length === 0)
    return html`<p class="muted">
      Nothing was found that touches the architecture. ${verdict.resources.length} resources differ.
    </p>`;
  const shown = components.slice(0, MOST_COMPONENTS);
  const left = components.length - shown.length;
  return [
    shown.map((component) => componentOf(component, verdict, place)),
    left > 0 ? html`<p class="muted">${left} more components in the document.</p>` : undefined,
    asides.length === 0
      ? undefined
      : details(
          `Observed besides, decides nothing (${asides.length})`,
          html`<ul class="facts">
            ${asides.slice(0, MOST_FACTS).map((fact) => factOf({ fact }, verdict, place))}
          </ul>`,
        ),
  ];
}

const CHANGES = {
  new: ['good', '+ new'],
  changed: ['warning', '~ changed'],
  removed: ['bad', '− removed'],
} as const;

function componentOf(component: ComponentOutline, verdict: Verdict, place: Place): SafeHtml {
  const { address, scope, stack, element, change, facts } = component;
  const [tone, word] = CHANGES[change];
  const about = [element?.replaceAll('-', ' '), stack, scope === '' ? undefined : `in ${scope}`].filter(
    (w) => w !== undefined,
  );
  return html`<h3>
      <span class="badge ${tone}">${word}</span> ${code(address, 300)}
      <span class="role">${foreign(about.join(', '), 300)}</span>
    </h3>
    <ul class="facts">
      ${facts.slice(0, MOST_FACTS).map((f) => factOf(f, verdict, place))}
    </ul>
    ${
      facts.length > MOST_FACTS
        ? html`<p class="muted">${facts.length - MOST_FACTS} more in the document.</p>`
        : undefined
    } `;
}

function factOf(
  { fact, coverage }: { readonly fact: Fact; readonly coverage?: FactCoverage },
  verdict: Verdict,
  { github, repository }: Place,
): SafeHtml {
  const commit = fact.side === 'base' ? verdict.base : verdict.head;
  const reaches = reachesUnsaid(fact);
  return html`<li>
    <p>
      ${prose(fact.statement, 1_000)}${reaches.length > 0 ? html` <span class="muted">Reaches ${reaches.slice(0, 10).map((r, i) => html`${i === 0 ? '' : ', '}${code(r, 200)}`)}${reaches.length > 10 ? ' …' : ''}.</span>` : undefined}
    </p>
    <p class="place">
      ${github.file(repository, commit, fact.file, fact.line)}
      ${fact.side === 'base' ? '(before)' : undefined} · ${fact.categories.join(', ')} ·
      ${code(fact.rule, 120)}
    </p>
    ${
      fact.before === undefined && fact.after === undefined
        ? undefined
        : html`<p class="place">
            ${code(fact.before ?? 'nothing', 300)} → ${code(fact.after ?? 'nothing', 300)}
          </p>`
    }${coverage === undefined ? undefined : coveredBy(coverage)}
  </li> `;
}

const STATES = {
  covered: ['good', 'Covered'],
  stale: ['warning', 'Model not updated'],
  uncovered: ['bad', 'Uncovered'],
} as const;

function coveredBy({ state, by, reason }: FactCoverage): SafeHtml {
  const [tone, word] = STATES[state];
  return html`<p>${badge(tone, word)} ${prose(reason, 600)}</p>
    ${by.length === 0 ? undefined : html`<p class="place">${by.slice(0, 5).map(elementOf)}</p>`}`;
}

const elementOf = (by: CoveredBy, index: number): SafeHtml =>
  html`${index === 0 ? '' : '; '}${by.element.replaceAll('-', ' ')} “${foreign(by.name, 200)}” by
  ${by.basis.replaceAll('-', ' ')}${by.basis === 'name-similarity' ? ` (${by.score})` : ''}${by.through === undefined ? undefined : html`, through ${code(by.through, 200)}`},
  ${code(`${by.file}:${by.line}`, 300)}`;
