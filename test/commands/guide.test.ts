import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parseAnswers } from '../../src/core/commands/parse-answers.ts';
import { parseCommand } from '../../src/core/commands/parse-command.ts';

const guide = readFileSync(new URL('../../docs/guides/reviewer.md', import.meta.url), 'utf8');

test('the answers in the reviewers’ guide are answers', () => {
  const block = /```\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
  expect(parseAnswers(block, ['OBJ-I1', 'OBJ-T1', 'NET-E2']).map((a) => a.kind)).toEqual([
    'control',
    'ticket',
    'not-applicable',
    'accept',
  ]);
});

test('its commands exist, and it names all of them', () => {
  const commands = [...guide.matchAll(/`(\/threatgate [^`]+)`/g)].map((m) =>
    parseCommand(`${m[1] ?? ''} the reason for it`),
  );
  const kinds = new Set(commands.map((c) => c?.kind));
  expect(kinds).toEqual(new Set(['approve', 'waive', 'emergency', 'revoke', 'recheck', 'help']));
});
