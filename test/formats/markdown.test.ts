import { describe, expect, test } from '@jest/globals';
import { format } from '../../src/core/formats/markdown.ts';
import { readModels } from '../../src/core/formats/read-models.ts';
import type { ThreatModel } from '../../src/core/model/threat-model.ts';
import { endsOf, fixture, namesOf } from '../support/format-fixtures.ts';

const at = (text: string, path = 'docs/threat-model.md') => ({ path, text });
const read = (text: string): ThreatModel => format.read(at(text), []);
const table = (header: string, ...rows: readonly string[]): string =>
  [`| ${header} |`, `|${' --- |'.repeat(header.split('|').length)}`, ...rows.map((row) => `| ${row} |`)].join(
    '\n',
  );
const threat = (header: string, row: string) =>
  read(`# M\n\n## Threats\n\n${table(header, row)}\n`).threats[0];

describe('styles of writing threats', () => {
  const model = format.read(fixture('markdown', 'styles'), []);
  const by = new Map(model.threats.map((one) => [one.name, one]));

  test('a heading for each threat, with labelled parts and lists', () => {
    const lent = by.get("A reader lends in another reader's name");
    expect(lent).toMatchObject({ nativeId: 'T1', severity: { level: 'high' }, tickets: ['LIB-7'] });
    expect(lent?.mitigations).toMatchObject([
      { text: '✅ The card has a picture', state: 'implemented' },
      { text: 'A second factor is planned', state: 'proposed', due: '2027-01-31' },
    ]);
  });

  test('a heading for each threat, with a table of two columns', () => {
    const edited = by.get('The ledger is edited by hand');
    expect(edited).toMatchObject({
      stride: ['T'],
      severity: { level: 'medium', likelihood: 'Low', impact: 'High' },
      status: { state: 'mitigated' },
      mitigations: [{ text: 'Every line is signed', state: 'implemented' }],
    });
    expect(namesOf(model, edited?.targets ?? [])).toEqual(['Loan ledger']);
  });

  test('a heading for each category', () => {
    expect(by.get('A reader denies having had the book')).toMatchObject({
      stride: ['R'],
      mitigations: [{ text: 'The receipt carries a signature' }],
    });
    expect(
      by.get('The terminal is kept busy by a machine that returns and lends the same book')?.stride,
    ).toEqual(['D']);
  });

  test('a matrix, where empty and negative cells are no threats', () => {
    const rows = model.threats.filter((one) => namesOf(model, one.targets).includes('Backup tape'));
    expect(rows.map((one) => [one.stride.join(''), one.description])).toEqual([
      ['T', undefined],
      ['I', 'The tape leaves the house unencrypted'],
    ]);
  });

  test('a table of categories under the name of a component', () => {
    const opened = by.get('A page opens the administration menu');
    expect(opened).toMatchObject({ stride: ['E'], severity: { level: 'high', raw: 'P1' } });
    expect(namesOf(model, opened?.targets ?? [])).toEqual(['Desk terminal']);
  });

  test('a matrix that is turned', () => {
    const turned = read(
      `# M\n\n${table('STRIDE', 'Pump|Valve'.replace('|', ' | ')).replace('| STRIDE |\n| --- |', '')}\n${table('STRIDE | Pump | Valve', 'Spoofing identity | A false pump | -', 'Tampering | x | Turned by hand', 'Repudiation | | ', 'Denial of service | Dry run | ')}\n`,
    );
    expect(turned.threats.map((one) => [one.stride.join(''), one.unresolvedTargets.join()])).toEqual([
      ['S', 'Pump'],
      ['T', 'Pump'],
      ['T', 'Valve'],
      ['D', 'Pump'],
    ]);
  });

  test('a row that names a threat told before adds to it', () => {
    const { threats } = read(
      `# M\n\n## Threats\n\n${table('ID | Threat | Mitigation', 'T1 | The dam is opened by a stranger | A lock')}\n\n## Summary\n\n${table('Threat | STRIDE | Severity | Status', 'T1 | E | High | Open')}\n`,
    );
    expect(threats).toMatchObject([
      {
        name: 'The dam is opened by a stranger',
        stride: ['E'],
        severity: { level: 'high' },
        status: { state: 'open' },
        mitigations: [{ text: 'A lock' }],
      },
    ]);
  });

  test('mitigations listed apart find their threats by id', () => {
    const { threats } = read(
      `# M\n\n## Threats\n\n${table('ID | Threat | STRIDE', 'T1 | The dam is opened by a stranger | E', 'T2 | The gauge lies | T')}\n\n## Mitigations\n\n${table('Mitigation | Threats mitigating', 'A lock on the wheel | T1')}\n\n### M2: A second gauge\n\n**Addresses**: T2\n`,
    );
    expect(threats.map((one) => one.mitigations.map((m) => m.text))).toEqual([
      ['A lock on the wheel'],
      ['A second gauge'],
    ]);
  });
});

describe('cells', () => {
  test.each([
    ['S/I', 'IS'],
    ['E, I', 'EI'],
    ['**S**poofing', 'S'],
    ['Info Disclosure', 'I'],
    ['Spoofing, Tampering', 'ST'],
    ['Manipulation', 'T'],
    ['なりすまし', 'S'],
    ['Rechteausweitung', 'E'],
    ['Weather', ''],
  ])('category %s', (cell, letters) => {
    expect(
      threat('Threat | STRIDE | Mitigation', `A whale swallows the buoy | ${cell} | A net`)?.stride.join(''),
    ).toBe(letters);
  });

  test.each([
    ['**HIGH**', 'high'],
    ['P0', 'critical'],
    ['🟠 Moderate', 'medium'],
    ['Low (with a net)', 'low'],
    ['9.1', 'critical'],
    ['4/5', 'high'],
    ['TBD', 'unrated'],
    ['', 'unrated'],
    ['Hoch', 'high'],
  ])('rating %s', (cell, level) => {
    expect(
      threat('Threat | Severity | Mitigation', `A whale swallows the buoy | ${cell} | A net`)?.severity.level,
    ).toBe(level);
  });

  test.each([
    ['✅ Implemented', 'mitigated'],
    ['Not Mitigated', 'open'],
    ['Designed, unimplemented', 'in-progress'],
    ['Accepted by the harbour', 'accepted'],
    ['N/A', 'not-applicable'],
    ['❌', 'open'],
    ['Offen', 'open'],
    ['blue', 'unset'],
  ])('status %s', (cell, state) => {
    expect(
      threat('Threat | Status | Mitigation', `A whale swallows the buoy | ${cell} | A net`)?.status,
    ).toEqual({ state, raw: cell });
  });

  test('numbers are read on the scale of their column', () => {
    const rows = ['A | 20 | x', 'B | 12 | x', 'C | 3 | x'];
    const { threats } = read(`# M\n\n## Threats\n\n${table('Threat | Risk Score | Mitigation', ...rows)}\n`);
    expect(threats.map((one) => one.severity.level)).toEqual(['high', 'high', 'low']);
  });

  test('likelihood and impact make a rating', () => {
    expect(
      threat('Threat | Likelihood | Impact', 'A whale swallows the buoy | low | critical')?.severity,
    ).toEqual({ level: 'high', likelihood: 'low', impact: 'critical' });
  });

  test('escaped pipes, code and line breaks stay in their cell', () => {
    const one = threat('Threat | Mitigation', 'A \\| B is swapped by `a\\|b` | first<br>second');
    expect(one?.name).toBe('A | B is swapped by a|b');
    expect(one?.mitigations.map((m) => m.text)).toEqual(['first', 'second']);
  });

  test('tables in HTML count like others', () => {
    const { threats } = read(
      '# M\n\n## Threats\n\n<table>\n<tr><th>Threat</th><th>Mitigation</th></tr>\n<tr><td>The <b>buoy</b> drifts &amp; sinks</td><td>A chain</td></tr>\n</table>\n',
    );
    expect(threats).toMatchObject([
      { name: 'The buoy drifts & sinks', mitigations: [{ text: 'A chain' }], location: { line: 7 } },
    ]);
  });
});

describe('components, flows and boundaries', () => {
  test('a Mermaid flowchart is merged with the lists', () => {
    const model = format.read(fixture('markdown', 'styles'), []);
    expect(model.components.map((one) => [one.name, one.kind])).toEqual([
      ['Desk terminal', 'process'],
      ['Loan ledger', 'data-store'],
      ['Reader', 'external-entity'],
      ['Backup tape', 'data-store'],
    ]);
    expect(endsOf(model)).toEqual([
      'Desk terminal → Loan ledger',
      'Loan ledger → Backup tape',
      'Reader → Desk terminal',
    ]);
    expect(model.boundaries).toMatchObject([{ name: 'Cellar network', membership: 'declared' }]);
    expect(namesOf(model, model.boundaries[0]?.members ?? [])).toEqual([
      'Backup tape',
      'Desk terminal',
      'Loan ledger',
    ]);
    expect(model.flows.find((one) => one.protocol === 'HTTPS')?.crosses).toEqual(['boundary:cellar network']);
    expect(model.components.map((one) => one.refs.map((ref) => `${ref.from} ${ref.value}`).join())).toEqual([
      'explicit aws_instance.desk',
      '',
      '',
      'text aws_s3_bucket.tapes',
    ]);
    expect(model.components[1]?.owner).toBe('@ledger-team');
  });

  test('a model that lists only components and flows is one, and so is a diagram', () => {
    const listed = at(
      `# Pump\n\n## Components\n\n- Pump (process)\n- Tank (data store)\n\n## Data flows\n\n- Pump -> Tank\n`,
    );
    const drawn = at('# Pump\n\n```mermaid\ngraph LR\nA[Pump] --> B[(Tank)]\n```\n');
    expect(readModels([listed]).models.map(endsOf)).toEqual([['Pump → Tank']]);
    expect(readModels([drawn]).models.map(endsOf)).toEqual([['Pump → Tank']]);
  });

  test('sequence diagrams give participants and messages; answers are no flows', () => {
    const model = read(
      '# M\n\n```mermaid\nsequenceDiagram\n  actor U as User\n  participant A as API\n  U->>A: asks\n  A-->>U: answers\n  A-)Q: tells\n```\n',
    );
    expect(endsOf(model)).toEqual(['API → Q', 'User → API']);
    expect(model.components.find((one) => one.name === 'User')?.kind).toBe('external-entity');
  });

  test('flows in inner boundaries cross only what lies between', () => {
    const model = read(
      '# M\n\n```mermaid\ngraph LR\nsubgraph out[Outer]\n A --> B\n subgraph in[Inner]\n  B\n end\nend\nC --> B\n```\n',
    );
    expect(model.flows.map((one) => namesOf(model, one.crosses))).toEqual([['Inner'], ['Inner', 'Outer']]);
  });

  test('what only a flow names is a component too', () => {
    const model = read(
      `# M\n\n## Data flows\n\n${table('Flow | Source | Target', 'Tide data | Gauge | Harbour office')}\n`,
    );
    expect(model.components.map((one) => one.name)).toEqual(['Gauge', 'Harbour office']);
  });

  test('headings, lists and tables of vendors, assets and assumptions', () => {
    const model = read(
      `# M\n\n## External dependencies\n\n- Mapsmith (external entity): maps\n  Resource: npm:mapsmith\n\n## Assets\n\n### A01: Tide tables\n\nYears of work.\n\n## Assumptions\n\n${table('ID | Assumption', 'A1 | The moon stays')}\n`,
    );
    expect(model.vendors).toMatchObject([
      { name: 'Mapsmith', refs: [{ value: 'npm:mapsmith', from: 'explicit' }] },
    ]);
    expect(model.dataAssets).toMatchObject([
      { name: 'Tide tables', nativeId: 'A01', description: 'Years of work.' },
    ]);
    expect(model.assumptions).toEqual(['The moon stays']);
  });

  test('properties of a flow in a list of pairs', () => {
    const model = read(
      '# M\n\n## Dataflows\n- **Scan**: from="Gauge", to="Office", protocol="HTTPS", is_encrypted=True, bidirectional=True\n',
    );
    expect(model.flows).toMatchObject([
      { name: 'Scan', protocol: 'HTTPS', encrypted: true, bidirectional: true },
    ]);
    expect(endsOf(model)).toEqual(['Gauge → Office']);
  });

  test('headings and tables in other languages', () => {
    const model = read(
      `# Pegel\n\n## Komponenten\n\n${table('Komponente | Beschreibung', 'Pegel | misst')}\n\n## Datenflüsse\n\n${table('Flow ID | Beschreibung | Quelle | Ziel', 'F1 | Messwerte | Pegel | Amt')}\n\n## Vertrauensgrenzen\n\n- Ufer\n\n## Bedrohungen\n\n${table('Bedrohung | Gegenmaßnahmen | Status | Priorität', 'Der Pegel wird verstellt | Plombe | Behoben | Hoch')}\n`,
    );
    expect(endsOf(model)).toEqual(['Pegel → Amt']);
    expect(model.boundaries.map((one) => one.name)).toEqual(['Ufer']);
    expect(model.threats).toMatchObject([{ severity: { level: 'high' }, status: { state: 'mitigated' } }]);
  });
});

describe('what is no threat model', () => {
  test('a document about threat modelling', () => {
    const file = fixture('markdown', 'process');
    expect(format.recognises(file)).toBe(false);
    expect(readModels([file])).toEqual({ models: [], doubts: [], notModels: [file.path] });
  });

  test.each([
    ['prose', '# Threat model\n\nWe will write one soon. There are threats.\n'],
    [
      'a template',
      `# Threat model\n\n## Components\n\n- <component>\n\n## Threats\n\n${table('Threat | STRIDE | Mitigation', '<threat> | | ', '[Describe] | S | …')}\n`,
    ],
    ['an empty table', `# Threat model\n\n## Threats\n\n${table('Threat | STRIDE | Mitigation')}\n`],
    [
      'a table in a code block',
      `# M\n\n\`\`\`\n${table('Threat | STRIDE | Mitigation', 'a | S | b')}\n\`\`\`\n`,
    ],
    [
      'a list of definitions',
      `# M\n\n${table('Threat | Property violated', 'Spoofing | Authentication', 'Tampering | Integrity')}\n`,
    ],
    [
      'a list of attackers',
      `# M\n\n## Threat actors\n\n${table('Threat actor | Description | Impact', 'Insider | works here | high')}\n`,
    ],
  ])('%s', (_, text) => {
    expect(format.recognises(at(text))).toBe(false);
  });

  test('a security policy, unless it lists threats', () => {
    const policy = `# Security\n\n## Supported components\n\n${table('Component | Description', 'A | a', 'B | b')}\n`;
    expect(format.recognises(at(policy, 'SECURITY.md'))).toBe(false);
    const listing = `${policy}\n## Threats\n\n${table('Threat | Mitigation', 'The buoy drifts | A chain')}\n`;
    expect(format.recognises(at(listing, 'SECURITY.md'))).toBe(true);
  });
});

describe('keys', () => {
  test('renumbering changes ids, not keys', () => {
    const rows = ['The buoy drifts | A chain', 'The lamp goes out | A spare'];
    const numbered = (first: number): ThreatModel =>
      read(
        `# M\n\n## Threats\n\n${table('ID | Threat | Mitigation', ...rows.map((row, index) => `T${index + first} | ${row}`))}\n`,
      );
    expect(numbered(7).threats.map((one) => one.key)).toEqual(numbered(1).threats.map((one) => one.key));
  });

  test('the same title about two things is two threats', () => {
    const { threats } = read(
      `# M\n\n## Threats\n\n${table('Threat | Component | Mitigation', 'Cut off | Buoy | a', 'Cut off | Lamp | b', 'Cut off | Lamp | c')}\n`,
    );
    expect(new Set(threats.map((one) => one.key)).size).toBe(3);
  });
});
