import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findLinks } from '../../src/core/linked/find-links.ts';
import type { Policy } from '../../src/core/model/policy.ts';
import { BUILT_IN_POLICY } from '../../src/core/policy/defaults.generated.ts';

const allowing = (...repositories: readonly string[]): Policy => ({
  ...BUILT_IN_POLICY,
  linked: { repositories, mustBeMerged: false },
});
const policy = allowing('Acme/Models');
const link = (number = 12, repository = 'acme/models') => ({ repository, number });
const found = (body: string, messages: readonly string[] = []) => findLinks(body, messages, policy);

describe('links in the description', () => {
  test.each([
    'Threat-Model: acme/models#12',
    'threat-model:acme/models#12',
    'Threat-Model: acme/models#12 (the new flow)',
    'Threat-Model: acme/models#12.',
    'Threat-Model: https://github.com/acme/models/pull/12',
    'Threat-Model: <https://github.com/acme/models/pull/12>',
    'Threat-Model: https://GitHub.com/acme/models/pull/12/files?w=1',
    'Adds a store.\r\n\r\nThreat-Model: acme/models#12\r\n',
    '- Closes #3\n- Threat-Model: acme/models#12',
    'Threat-Model: acme/models#12\nThreat-Model: ACME/models#12',
  ])('%j', (body) => {
    expect(found(body)).toEqual({ links: [link()], problems: [] });
  });

  test.each([
    '',
    'Threat-Model:',
    'Threat-Model: n/a',
    'Threat-Model: docs/threat-model.md',
    'Threat-Model: #12',
    'Threat-Model: acme/models',
    'Threat-Model: acme/models#0',
    'Threat-Model: acme/models#12x',
    'Threat-Model: acme/../models#12',
    'Threat-Model: http://github.com/acme/models/pull/12',
    'Threat-Model: https://github.com.evil.example/acme/models/pull/12',
    'Threat-Model: https://github.com@evil.example/acme/models/pull/12',
    'Threat-Model: https://github.com/acme/models/issues/12',
    'see Threat-Model: acme/models#12',
    '> Threat-Model: acme/models#12',
    '```\nThreat-Model: acme/models#12\n```',
    '`Threat-Model: acme/models#12`',
    '<!-- Threat-Model: acme/models#12 -->',
    '    Threat-Model: acme/models#12',
  ])('nothing in %j', (body) => {
    expect(found(body)).toEqual({ links: [], problems: [] });
  });

  test('on a server of one’s own', () => {
    const body = 'Threat-Model: https://git.acme.example:8443/acme/models/pull/12';
    expect(findLinks(body, [], policy, 'git.acme.example:8443').links).toEqual([link()]);
    expect(found(body).links).toEqual([]);
  });
});

describe('trailers of commits', () => {
  test('the last paragraph of a message', () => {
    expect(
      found('', ['Add a store\n\nWhy.\n\nThreat-Model: acme/models#12\nSigned-off-by: A <a@example.com>\n'])
        .links,
    ).toEqual([link()]);
    expect(found('', ['Add a store\r\n\r\nThreat-Model: acme/models#12']).links).toEqual([link()]);
  });

  test.each([
    ['the subject', 'Threat-Model: acme/models#12'],
    ['an earlier paragraph', 'Add\n\nThreat-Model: acme/models#12\n\nSigned-off-by: A'],
    ['indented', 'Add\n\n  Threat-Model: acme/models#12'],
    ['quoted', 'Add\n\n> Threat-Model: acme/models#12'],
  ])('not %s', (_, message) => {
    expect(found('', [message])).toEqual({ links: [], problems: [] });
  });
});

describe('what is not followed says why', () => {
  test('a repository that the policy does not name', () => {
    const { links, problems } = found('Threat-Model: other/models#3\nThreat-Model: acme/models#12');
    expect(links).toEqual([link()]);
    expect(problems).toEqual([
      {
        code: 'linked-model-unreadable',
        message: expect.stringContaining('`other/models#3`'),
        remedy: expect.stringContaining('Add `other/models` to `linked.repositories`'),
        weight: 'doubt',
      },
    ]);
  });

  test('more than five', () => {
    const body = Array.from({ length: 40 }, (_, i) => `Threat-Model: acme/models#${i + 1}`).join('\n');
    const { links, problems } = found(body);
    expect(links.map((l) => l.number)).toEqual([1, 2, 3, 4, 5]);
    expect(problems).toHaveLength(10);
    expect(problems[0]).toMatchObject({ weight: 'note', message: expect.stringContaining('one too many') });
  });

  test('a description that cannot be read', () => {
    const { links, problems } = found(`Threat-Model: acme/models#12\n${'> '.repeat(40)}x`);
    expect([links, problems.map((p) => p.weight)]).toEqual([[], ['note']]);
  });
});

test('only allowed repositories are followed, at most five, whatever is written', () => {
  const word = fc.constantFrom(
    'Threat-Model: ',
    'acme/models',
    'x/y',
    '#',
    '1',
    '23',
    '\n',
    '\n\n',
    ' ',
    '> ',
    '```',
    'https://github.com/',
    '/pull/',
    '<',
    '\ud800',
  );
  const text = fc.array(word, { maxLength: 40 }).map((words) => words.join(''));
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 3 }), (body, messages) => {
      const { links } = found(body, messages);
      expect(links.length).toBeLessThanOrEqual(5);
      for (const l of links) expect(l.repository.toLowerCase()).toBe('acme/models');
    }),
    { numRuns: 500 },
  );
});
