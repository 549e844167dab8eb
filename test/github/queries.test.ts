import { describe, expect, test } from '@jest/globals';
import { buildSchema, NoDeprecatedCustomRule, parse, specifiedRules, validate } from 'graphql';
import { readFileSync } from 'node:fs';
import { OWNED, WORKFLOW } from '../../src/github/artifacts.ts';
import { HISTORY } from '../../src/github/branch.ts';
import { contentsQuery } from '../../src/github/contents.ts';
import { ISSUE } from '../../src/github/issues.ts';
import { MERGED } from '../../src/github/remembered.ts';
import { RESOLVE } from '../../src/github/repository.ts';
import { REACT } from '../../src/github/reviews.ts';
import { askedTeams, OLDER_PAGES, pullRequestQuery, teamVariables } from '../../src/github/state-query.ts';
import { ticketsQuery } from '../../src/github/tickets.ts';
import { MORE_PULL_REQUESTS, REPOSITORY } from '../../src/github/sweep.ts';
import { VIEWER } from '../../src/github/viewer.ts';

const text = readFileSync(
  new URL('../../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url),
  'utf8',
);
const schema = buildSchema(text, { assumeValid: true });

const teams = askedTeams(['acme/security', 'acme/platform']);
const queries = [
  pullRequestQuery([]),
  pullRequestQuery(teams),
  OLDER_PAGES,
  REPOSITORY,
  MORE_PULL_REQUESTS,
  HISTORY,
  RESOLVE,
  REACT,
  ISSUE,
  VIEWER,
  MERGED,
  OWNED,
  WORKFLOW,
  ticketsQuery(2),
  { name: 'Contents', text: contentsQuery(['a'.repeat(40), 'b'.repeat(40)]) },
];

describe('every query is one that GitHub’s schema knows, without what it is about to drop', () => {
  test.each(queries.map((q) => [q.name, q.text]))('%s', (_, query) => {
    const errors = validate(schema, parse(query), [...specifiedRules, NoDeprecatedCustomRule]);
    expect(errors.map((e) => e.message)).toEqual([]);
  });

  test('the check would notice', () => {
    const wrong = HISTORY.text.replace('committedDate', 'commitedDate');
    expect(validate(schema, parse(wrong)).length).toBeGreaterThan(0);
  });
});

describe('teams', () => {
  test('are variables: a name cannot change the query', () => {
    expect(teamVariables(teams)).toEqual({
      team0Of: 'acme',
      team0: 'security',
      team1Of: 'acme',
      team1: 'platform',
    });
    expect(pullRequestQuery(teams).text).not.toContain('security');
  });

  test('what is no team is not asked for, and never too many', () => {
    expect(askedTeams(['security', 'a/b/c', 'acme/x") { id }', ''])).toEqual([]);
    expect(askedTeams(Array.from({ length: 60 }, (_, i) => `acme/t${i}`))).toHaveLength(40);
    expect(askedTeams(['acme/a', 'acme/a'])).toHaveLength(1);
  });
});
