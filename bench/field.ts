/**
 * Field run: the classifier over many real commits of one mirrored repository, for people to read.
 *   npm run bench:field -- --repos DIR --repo owner/name [--count 40] [--skip 0] [--quiet]
 * Prints for every commit its subject (for the reader; the classifier never sees it) and what was found. Run it before and
 * after a change of rules and compare the two outputs.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { classify } from '../src/core/classify.ts';
import { BUILT_IN_POLICY } from '../src/core/policy/defaults.generated.ts';
import { openRepository } from '../src/local/git-repository.ts';
import { gather } from '../src/review/gather.ts';
import { loadParsers } from '../src/runtime/load-parsers.ts';

const { values: args } = parseArgs({
  options: {
    repos: { type: 'string' },
    repo: { type: 'string' },
    count: { type: 'string', default: '40' },
    skip: { type: 'string', default: '0' },
    only: { type: 'string' },
    quiet: { type: 'boolean', default: false },
  },
});
if (!args.repos || !args.repo) {
  console.error(
    'usage: npm run bench:field -- --repos DIR --repo owner/name [--count N] [--skip N] [--only COMMIT] [--quiet]',
  );
  process.exit(64);
}
const dir = join(args.repos, args.repo.replace('/', '+'), 'repo');
const log = execFileSync(
  'git',
  [
    '-C',
    dir,
    'log',
    '--first-parent',
    '--format=%H%x00%P%x00%s',
    ...(args.only ? ['-1', args.only] : ['--all', '-n', args.count, '--skip', args.skip]),
    '--',
    '*.tf',
    '*.tfvars',
    '*.json',
    '*.yml',
    '*.yaml',
    '*Dockerfile*',
    'go.mod',
    '*.toml',
    '*requirements*',
    'Gemfile',
  ],
  { encoding: 'utf8', maxBuffer: 1 << 28 },
);

await loadParsers();
const policy = BUILT_IN_POLICY;
const repository = { ...(await openRepository(dir)), name: args.repo };
const rules = new Map<string, number>();
let relevant = 0;
let total = 0;
for (const row of log.split('\n').filter((l) => l !== '')) {
  const [head = '', parents = '', subject = ''] = row.split('\0');
  const base = parents.split(' ')[0];
  if (!base) continue;
  const { change } = await gather(repository, base, head, policy);
  const { facts, head: side, doubts } = classify(change, policy);
  const deciding = facts.filter((f) => f.deciding);
  total++;
  if (deciding.length > 0) relevant++;
  for (const f of deciding) rules.set(f.rule, (rules.get(f.rule) ?? 0) + 1);
  if (args.quiet) continue;
  console.log(
    `\n${deciding.length > 0 ? '●' : '○'} ${head.slice(0, 10)} ${subject.slice(0, 100)}  (${change.files.length} files)`,
  );
  for (const f of facts.filter((f) => f.deciding || args.only).slice(0, 8))
    console.log(
      `    ${f.deciding ? '*' : '-'} ${f.rule} [${f.categories.join(',')}] ${f.statement.slice(0, 160)} (${f.file}:${f.line})`,
    );
  if (deciding.length > 8) console.log(`    … ${deciding.length - 8} more`);
  const changed = new Set(change.files.map((f) => f.path));
  for (const d of [...side.doubts.filter((d) => changed.has(d.file ?? '')), ...doubts].slice(0, 3))
    console.log(`    ? ${d.code} ${d.message.slice(0, 120)} ${d.file ?? ''}:${d.line ?? 0}`);
}
console.log(
  `\n${relevant} of ${total} commits have a deciding fact. Rules: ${[...rules]
    .sort((a, b) => b[1] - a[1])
    .map(([r, n]) => `${r} ${n}`)
    .join(', ')}`,
);
