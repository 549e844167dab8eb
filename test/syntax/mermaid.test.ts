import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readMermaid } from '../../src/core/syntax/mermaid.ts';

const edges = (text: string) =>
  readMermaid(`graph LR\n${text}`, 1)?.edges.map(
    (edge) => `${edge.from}${edge.both ? '<' : ''}-${edge.label}->${edge.to}`,
  );

describe('flowcharts', () => {
  test.each([
    ['A --> B --> C', ['A-->B', 'B-->C']],
    ['A & B --> C & D', ['A-->C', 'A-->D', 'B-->C', 'B-->D']],
    ['A -->|asks| B', ['A-asks->B']],
    ['A -- asks --> B', ['A-asks->B']],
    ['A -. asks (v2) .-> B', ['A-asks (v2)->B']],
    ['A == "a; b" ==> B', ['A-a; b->B']],
    ['A <--> B', ['A<-->B']],
    ['A --- B; B --o C; C --x D', ['A-->B', 'B-->C', 'C-->D']],
    ['A ~~~ B', []],
    ['A e1@--> B', ['A-->B']],
    ['a-b --> c.d', ['a-b-->c.d']],
    ['A[x] --> B{"y [z]"}', ['A-->B']],
    ['A --> ', []],
    ['%% A --> B', []],
    ['style A fill:#fff', []],
  ])('%s', (text, expected) => {
    expect(edges(text)).toEqual(expected);
  });

  test('shapes, classes, labels and groups', () => {
    const diagram = readMermaid(
      'flowchart TD\nA([User<br/>person]) --> B\nsubgraph vpc["The VPC"]\n  B[(DB)]:::hot\n  subgraph in\n   C@{ shape: cyl, label: "Disk" }\n  end\nend\nD((x)) --> vpc\nclass A,D external;\n',
      10,
    );
    expect(diagram?.nodes).toEqual([
      { id: 'A', label: 'User\nperson', shape: 'stadium', classes: ['external'], line: 11 },
      { id: 'B', label: 'DB', shape: 'store', classes: ['hot'], group: 'vpc', line: 13 },
      { id: 'C', label: 'Disk', shape: 'store', classes: [], group: 'in', line: 15 },
      { id: 'D', label: 'x', shape: 'circle', classes: ['external'], line: 18 },
    ]);
    expect(diagram?.groups).toEqual([
      { id: 'vpc', label: 'The VPC', line: 12 },
      { id: 'in', label: 'in', parent: 'vpc', line: 14 },
    ]);
    expect(diagram?.edges.at(-1)).toMatchObject({ from: 'D', to: 'vpc' });
  });
});

test('sequence diagrams', () => {
  const diagram = readMermaid(
    'sequenceDiagram\n  actor U as User\n  box Aqua Back end\n  participant A as API\n  end\n  U->>+A: POST /login\n  loop daily\n  A-->>-U: ok\n  end\n  A-xDB: select\n  A->>A: thinks\n',
    1,
  );
  expect(diagram?.nodes.map((node) => [node.id, node.label, node.shape, node.group])).toEqual([
    ['U', 'User', 'actor', undefined],
    ['A', 'API', 'box', 'Back end'],
    ['DB', 'DB', 'box', undefined],
  ]);
  expect(diagram?.edges.map((edge) => [edge.from, edge.label, edge.to])).toEqual([
    ['U', 'POST /login', 'A'],
    ['A', 'select', 'DB'],
  ]);
});

test.each(['pie\n "a": 1', 'gantt\n title x', 'stateDiagram-v2\n a --> b', '', 'classDiagram\n A --> B'])(
  '%j draws no flow',
  (text) => {
    expect(readMermaid(text, 1)).toBeUndefined();
  },
);

test('settings before the diagram are passed over', () => {
  expect(readMermaid('---\ntitle: x\n---\n%%{init: {}}%%\ngraph LR\nA-->B\n', 1)?.edges).toEqual([
    { from: 'A', to: 'B', label: '', both: false, line: 6 },
  ]);
});

test('never throws and stays bounded', () => {
  for (const unit of [
    'A-->',
    'A -- ',
    'A&',
    'A[',
    'A["x',
    '-.',
    'subgraph a\n',
    'A-->B\n',
    'a->>b: c\n',
    ';',
    'A@{',
  ])
    for (const head of ['graph LR\n', 'sequenceDiagram\n'])
      expect((readMermaid(head + unit.repeat(60_000), 1)?.edges.length ?? 0) <= 20_000).toBe(true);
  fc.assert(
    fc.property(
      fc.array(
        fc.oneof(
          fc.constantFrom(
            'A',
            '-->',
            '--',
            '[',
            ']',
            '(',
            ')',
            '|',
            '"',
            '&',
            ' ',
            '\n',
            'end',
            'subgraph',
            ':::',
            '.->',
            '==>',
            '@{',
          ),
          fc.string({ maxLength: 3 }),
        ),
        { maxLength: 40 },
      ),
      (parts) => {
        expect(readMermaid(`graph LR\n${parts.join('')}`, 1)?.kind).toBe('flowchart');
      },
    ),
    { seed: 5, numRuns: 400 },
  );
});
