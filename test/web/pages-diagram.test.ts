/** Diagrams: what is drawn before and after, where it stands, and that no text in it is obeyed. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sideOf, wordsOf, type Diagram, type Mark } from '../../src/core/report/diagram.ts';
import { layOut, NODE } from '../../src/core/report/diagram-layout.ts';
import { diagramOfFacts } from '../../src/core/report/diagram-of-facts.ts';
import { diagramOfModel } from '../../src/core/report/diagram-of-model.ts';
import { drawDiagram } from '../../src/core/report/diagram-svg.ts';
import { makeVerdicts } from './pages-verdicts.ts';

const verdicts = await makeVerdicts();
const facts = (verdict: keyof typeof verdicts): Diagram =>
  diagramOfFacts(verdicts[verdict]) ?? { nodes: [], edges: [], left: 0 };
const namesIn = ({ nodes }: Diagram): readonly string[] => nodes.map((n) => `${n.name} (${n.mark})`);

describe('what changed in the code', () => {
  test('new things are there afterwards alone', () => {
    expect(namesIn(sideOf(facts('approved'), 'before'))).toEqual([]);
    expect(namesIn(sideOf(facts('approved'), 'after'))).toEqual(['Exports (new)', 'Export jobs (new)']);
  });

  test('what was opened is reached from outside afterwards, and reaches what is behind it', () => {
    expect(namesIn(sideOf(facts('opened'), 'before'))).not.toContain('Outside (context)');
    const after = sideOf(facts('opened'), 'after');
    expect(namesIn(after)[0]).toBe('Outside (context)');
    expect(wordsOf(after).join(' ')).toMatch(
      /Inside infra: Admin \(aws_security_group\.admin\).*Outside reaches Admin \(new\)\./,
    );
  });

  test('nothing is drawn of what changed nothing', () => {
    expect(diagramOfFacts(verdicts.quiet)).toBeUndefined();
    expect(diagramOfModel(verdicts.quiet.model)).toBeUndefined();
  });
});

test('what the threat model says otherwise: elements, and the flows between them', () => {
  const after = sideOf(diagramOfModel(verdicts.approved.model) ?? { nodes: [], edges: [], left: 0 }, 'after');
  expect(namesIn(after).toSorted()).toEqual(['Export jobs (new)', 'Exports (new)', 'api (context)']);
  expect(after.edges.map(({ from, to, mark }) => `${from} ${to} ${mark}`)).toEqual([
    'api export jobs new',
    'api exports new',
  ]);
  expect(after.nodes.find((n) => n.name === 'Exports')?.address).toBe('aws_s3_bucket.exports');
});

/** Elements that are not closed, or what is no mark-up at all; nothing of a text that is well-formed. */
function openIn(svg: string): readonly string[] {
  const open: string[] = [];
  const left = svg.replace(
    /<(\/?)([a-z]+)((?:\s+[a-zA-Z-]+="(?:[^"<&]|&#\d+;)*")*)(\/?)>|(?:[^<&]|&#\d+;)+/g,
    (_, closes: string, name: string | undefined, _attributes: string, isWhole: string) => {
      if (name === undefined || isWhole === '/') return '';
      if (closes === '') open.push(name);
      else if (open.pop() !== name) open.push(`/${name}`);
      return '';
    },
  );
  return left === '' ? open : [...open, left];
}

const MARKS: readonly Mark[] = ['new', 'changed', 'removed', 'context'];

const diagrams = fc
  .record({
    nodes: fc.uniqueArray(fc.nat(20), { minLength: 1, maxLength: 14 }),
    boxes: fc.array(fc.option(fc.nat(3), { nil: undefined }), { minLength: 21, maxLength: 21 }),
    edges: fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { maxLength: 40 }),
    text: fc.string({ unit: 'binary', maxLength: 40 }),
  })
  .map(({ nodes, boxes, edges, text }): Diagram => ({
    nodes: nodes.map((n) => ({
      key: `n${n}`,
      name: `${text}${n}`,
      address: n % 2 === 0 ? undefined : text,
      element: (
        ['process', 'data-store', 'external-entity', 'trust-boundary', 'data-flow', undefined] as const
      )[n % 6],
      mark: MARKS[n % 4] ?? 'new',
      box: boxes[n] === undefined ? undefined : `${text}${boxes[n]}`,
    })),
    edges: edges.map(([from, to]) => ({
      from: `n${from}`,
      to: `n${to}`,
      mark: MARKS[to % 4] ?? 'new',
      label: text,
    })),
    left: 0,
  }));

describe('any diagram', () => {
  test('has no two elements in one place, and each inside of its own boundary alone', () => {
    fc.assert(
      fc.property(diagrams, (diagram) => {
        const { nodes, boxes, width, height } = layOut(diagram);
        expect(nodes).toHaveLength(diagram.nodes.length);
        for (const [i, a] of nodes.entries()) {
          expect(a.x >= 0 && a.y >= 0 && a.x + NODE.width <= width && a.y + NODE.height <= height).toBe(true);
          for (const b of nodes.slice(i + 1))
            expect(Math.abs(a.x - b.x) >= NODE.width || Math.abs(a.y - b.y) >= NODE.height).toBe(true);
          for (const box of boxes) {
            const inside = a.y >= box.y && a.y + NODE.height <= box.y + box.height;
            expect(inside).toBe(box.name === a.node.box);
          }
        }
      }),
      { seed: 11, numRuns: 150 },
    );
  });

  test('is well-formed whatever stands in it, the same each time, and told in words', () => {
    fc.assert(
      fc.property(diagrams, (diagram) => {
        const about = {
          id: 'd',
          title: diagram.nodes[0]?.name ?? '',
          description: wordsOf(diagram).join(' '),
        };
        const svg = drawDiagram(diagram, about);
        expect(openIn(svg)).toEqual([]);
        expect(svg).not.toMatch(/<script|style=|\son\w+=/i);
        expect(drawDiagram(diagram, about)).toBe(svg);
        for (const { name } of diagram.nodes) expect(about.description).toContain(name);
      }),
      { seed: 12, numRuns: 100 },
    );
  });

  test('with a hostile verdict is drawn, and bounded', () => {
    for (const diagram of [facts('hostile'), diagramOfModel(verdicts.hostile.model)]) {
      if (diagram === undefined) throw new Error('Nothing is drawn.');
      const svg = drawDiagram(sideOf(diagram, 'after'), { id: 'h', title: 'h', description: '' });
      expect(openIn(svg)).toEqual([]);
      expect(svg).not.toContain('<script');
    }
  });
});
