import { describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { occasionOf } from '../../src/action/events.ts';
import { parseCommand } from '../../src/core/commands/parse-command.ts';
import { UserError } from '../../src/review/errors.ts';
import { usePolicy } from '../../src/review/read-policy.ts';

const root = join(import.meta.dirname, '../..');
const GUIDE = 'docs/guides/action.md';
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const guide = read(GUIDE);

const metadata = z
  .object({
    inputs: z.record(z.string(), z.object({ description: z.string(), default: z.string() })),
    outputs: z.record(z.string(), z.object({ description: z.string() })),
  })
  .parse(parse(read('action.yml')));

/** What ours may have: so no `concurrency`, no `strategy`, and no `if` on a job, which is passed when it is skipped. */
const workflow = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.enum(['read', 'write'])),
  jobs: z.record(
    z.string(),
    z.strictObject({
      name: z.string().optional(),
      'runs-on': z.unknown(),
      'timeout-minutes': z.number().max(10),
      steps: z.array(
        z.object({
          id: z.string().optional(),
          uses: z.string(),
          with: z.record(z.string(), z.unknown()).optional(),
        }),
      ),
    }),
  ),
});

const blocksIn = (text: string): readonly string[] =>
  [...text.matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, block = '']) => block);
const isWorkflow = (block: string): boolean => /^jobs:/m.test(block);
const headingBefore = (text: string, block: string): string =>
  [...text.slice(0, text.indexOf(block)).matchAll(/^#+ (.*)$/gm)].at(-1)?.[1] ?? '';

const shown = ['README.md', GUIDE].flatMap((file) => {
  const text = read(file);
  return blocksIn(text)
    .filter(isWorkflow)
    .map((block) => ({ file, under: headingBefore(text, block), block }));
});
const shortest = blocksIn(guide)[0] ?? '';

/** A part of the guide between its two marks; `UPDATE_GOLDEN=1` writes it. */
function expectSection(name: string, content: string): void {
  const section = new RegExp(`(<!-- ${name} -->\\n)([^]*?)(<!-- /${name} -->)`);
  if (process.env['UPDATE_GOLDEN'] === '1')
    writeFileSync(
      join(root, GUIDE),
      read(GUIDE).replace(section, (_, from: string, __, to: string) => from + content + to),
    );
  else expect(section.exec(guide)?.[2]).toBe(content);
}

function table(rows: readonly (readonly string[])[]): string {
  const [head = [], ...rest] = rows;
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((c) => c.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return `\n${[head, head.map(() => '---'), ...rest].map(line).join('')}\n`;
}

describe('what the guide says of action.yml', () => {
  test('the inputs', () => {
    const rows = Object.entries(metadata.inputs).map(([name, input]) => [
      `\`${name}\``,
      input.default === '' ? '' : `\`${input.default}\``,
      input.description,
    ]);
    expectSection('inputs', table([['Input', 'Default', 'What it is'], ...rows]));
  });

  test('the outputs', () => {
    const rows = Object.entries(metadata.outputs).map(([name, o]) => [`\`${name}\``, o.description]);
    expectSection('outputs', table([['Output', 'What it is'], ...rows]));
  });
});

describe('the workflows', () => {
  test('there is one in README and all that the guide promises', () => {
    expect(shown.map(({ file, under }) => [file, under])).toEqual([
      ['README.md', 'As a GitHub Action'],
      [GUIDE, 'The shortest workflow'],
      [GUIDE, 'Required by a ruleset'],
      [GUIDE, 'With a merge queue'],
      [GUIDE, 'As a required workflow'],
      [GUIDE, 'SARIF and evidence'],
      [GUIDE, 'Together with the App'],
      [GUIDE, 'Monorepo'],
      [GUIDE, 'Teams'],
      [GUIDE, 'GitHub Enterprise Server'],
      [GUIDE, 'Direct pushes'],
      [GUIDE, 'On request'],
    ]);
  });

  test('the shortest has twelve lines at most, and README shows the same', () => {
    expect(shortest.trimEnd().split('\n').length).toBeLessThanOrEqual(12);
    expect(guide).toContain(`<!-- shortest -->\n\`\`\`yaml\n${shortest}\`\`\`\n<!-- /shortest -->`);
    expect(blocksIn(read('README.md'))).toEqual([shortest]);
  });

  // The shape above asks for permissions and a limit in time.
  test.each(shown)('$file, $under', ({ block }) => {
    const { on, jobs } = workflow.parse(parse(block));
    expect(block).not.toMatch(/pull_request_target|cancel-in-progress|^ +(?:paths|paths-ignore):/m);
    expect(Object.keys(on).filter((event) => !events().includes(event))).toEqual([]);
    for (const [id, job] of Object.entries(jobs)) {
      expect([id, job.name ?? id].map((n) => n.trim().toLowerCase())).not.toContain('threatgate');
      const ours = job.steps.filter((s) => s.uses === 'threatgate/threatgate@v1');
      expect(ours).toHaveLength(1);
      for (const input of Object.keys(ours[0]?.with ?? {})) expect(metadata.inputs).toHaveProperty([input]);
      const own = ours[0]?.id ?? '';
      for (const [, step = '', output = ''] of block.matchAll(/steps\.([\w-]+)\.outputs\.([\w-]+)/g))
        if (step === own) expect(metadata.outputs).toHaveProperty([output]);
        else expect(job.steps.map((s) => s.id)).toContain(step);
    }
  });

  /** GitHub looks up a required check by commit and name, and one commit may be the head of two pull requests. */
  test.each(shown)('$file, $under: a job that gates names its base branch', ({ block }) => {
    const { on, jobs } = workflow.parse(parse(block));
    if (!('pull_request_review' in on || 'issue_comment' in on)) return;
    expect(on).not.toHaveProperty('push');
    expect(on).not.toHaveProperty('workflow_dispatch');
    for (const job of Object.values(jobs))
      expect(job.name).toContain('${{ github.event.pull_request.base.ref ');
  });

  test('steps after a job that is blocked run all the same', () => {
    const later = shown.flatMap(({ block }) => [
      ...block.matchAll(/uses: (?:github\/codeql-action|actions\/upload)[^]*?(?=\n +- |$)/g),
    ]);
    expect(later).toHaveLength(4);
    for (const [step] of later) expect(step).toMatch(/\n +if: always\(\) &&/);
  });
});

test('the events of the guide are those that are understood, but for the one that it warns of', () => {
  const rows = [...section('Events').matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, event = '']) => event);
  expect(rows.toSorted()).toEqual(events().toSorted());
});

test('the permissions line grants nothing that the table does not explain', () => {
  const text = section('Permissions');
  const [, line = ''] = /`(permissions: \{[^`]*\})`/.exec(text) ?? [];
  const granted = z.object({ permissions: z.record(z.string(), z.string()) }).parse(parse(line)).permissions;
  expect(Object.keys(granted)).toHaveLength(3);
  const known = new Set([...text.matchAll(/^\| `([a-z-]+: (?:read|write))` \|/gm)].map(([, right]) => right));
  for (const [name, level] of Object.entries(granted)) expect(known).toContain(`${name}: ${level}`);
  for (const { block } of shown)
    for (const [name, level] of Object.entries(workflow.parse(parse(block)).permissions))
      expect([...known, 'actions: read']).toContain(`${name}: ${level}`);
});

test('the policy is a policy, and the command a command', async () => {
  const [, policy = ''] = /<!-- policy -->\n```yaml\n([^]*?)```/.exec(guide) ?? [];
  expect((await usePolicy(policy, '.github/threatgate.yml')).doubts).toEqual([]);
  const [, command = ''] = /`(\/threatgate approve [^`]+)`/.exec(guide) ?? [];
  expect(parseCommand(command)).toEqual({ kind: 'approve', digest: 'sha256:93a6d749b5' });
});

test('links lead somewhere', () => {
  const anchors = [...guide.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );
  const folder = dirname(GUIDE);
  for (const [, target = '', anchor] of guide.matchAll(/\]\(([^)#]*)(?:#([^)]+))?\)/g)) {
    expect([target, existsSync(join(root, folder, target))]).toEqual([target, true]);
    if (target === '') expect(anchors).toContain(anchor);
  }
  for (const file of ['developer.md', 'reviewer.md', 'admin.md'])
    for (const [, anchor] of read(join(folder, file)).matchAll(/\]\(action\.md#([^)]+)\)/g))
      expect(anchors).toContain(anchor);
});

function section(heading: string): string {
  const [, text = ''] = new RegExp(`^## ${heading}\n([^]*?)(?=^## )`, 'm').exec(guide) ?? [];
  return text;
}

/** Events that a workflow may use: those that are named to whoever uses another, and the one that names no pull request. */
function events(): readonly string[] {
  const payload = { repository: { id: 1, full_name: 'acme/shop', default_branch: 'main' } };
  const surroundings = { event: 'schedule', payload } as unknown as Parameters<typeof occasionOf>[0];
  const inputs = { pullRequest: undefined } as Parameters<typeof occasionOf>[1];
  let named = '';
  try {
    occasionOf(surroundings, inputs);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    named = error.remedy;
  }
  const known = [...named.matchAll(/[a-z]+(?:_[a-z]+)+|push/g)].map(([event]) => event);
  return [...known.filter((event) => event !== 'pull_request_target'), 'workflow_dispatch'];
}
