/**
 * Scores the classifier on labelled real changes:
 *   npm run bench:corpus -- --labels FILE --repos DIR [--json FILE] [--verbose]
 * `DIR/owner+name/repo` are bare git directories. A label whose repository is absent is reported, never dropped silently.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { assess } from '../src/core/assess.ts';
import { BUILT_IN_POLICY } from '../src/core/policy/defaults.generated.ts';
import type { Verdict } from '../src/core/model/verdict.ts';
import { openRepository } from '../src/local/git-repository.ts';
import { gather } from '../src/review/gather.ts';
import { loadParsers } from '../src/runtime/load-parsers.ts';
import { factMatches, predictedProgramFacts, expectedProgramFacts } from './facts.ts';
import { isInScope, label, type Label } from './labels.ts';
import { pathRule } from './path-rule.ts';
import { compareSets, line, tally, type Tally } from './score.ts';

const { values: args } = parseArgs({
  options: {
    labels: { type: 'string' },
    repos: { type: 'string' },
    json: { type: 'string' },
    only: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});
if (!args.labels || !args.repos) {
  console.error(
    'usage: npm run bench:corpus -- --labels FILE --repos DIR [--json FILE] [--only ID] [--verbose]',
  );
  process.exit(64);
}
const repos = args.repos;

const labels = readFileSync(args.labels, 'utf8')
  .split('\n')
  .filter((l) => l.trim() !== '')
  .map((l) => label.parse(JSON.parse(l)))
  .filter((l) => !args.only || l.id === args.only);

interface Scored {
  readonly label: Label;
  readonly verdict: Verdict;
  readonly predicted: boolean;
  readonly byPath: boolean;
}

await loadParsers();
const scored: Scored[] = [];
const absent: string[] = [];
for (const l of labels) {
  const path = join(repos, l.repo.replace('/', '+'), 'repo');
  if (!existsSync(path)) {
    absent.push(`${l.id} (${l.repo})`);
    continue;
  }
  const repository = { ...(await openRepository(path)), name: l.repo };
  const policy = BUILT_IN_POLICY;
  const { change, models } = await gather(repository, l.base, l.head, policy);
  const verdict = assess(change, models, { entries: [] }, policy, '2026-01-01T00:00:00Z');
  scored.push({
    label: l,
    verdict,
    predicted: verdict.facts.some((f) => f.deciding),
    byPath: change.files.some((f) => pathRule(f.path)),
  });
}

const inScope = scored.filter((s) => isInScope(s.label));
const later = scored.filter((s) => !isInScope(s.label));

function relevance(of: readonly Scored[], predicted: (s: Scored) => boolean): Tally {
  const t = tally();
  for (const s of of) {
    const p = predicted(s);
    if (p && s.label.relevant) t.tp++;
    else if (p) t.fp++;
    else if (s.label.relevant) t.fn++;
  }
  return t;
}

const sure = (s: Scored): boolean => s.label.confidence !== 'low';
console.log(
  `${labels.length} labels, ${scored.length} scored, ${inScope.length} in the stacks read so far, ${later.length} in stacks that come later.`,
);
if (absent.length > 0) console.log(`NOT SCORED, repository absent: ${absent.join(', ')}`);

console.log('\nRelevance (a deciding fact was found)');
console.log(
  line(
    '  stacks read',
    relevance(inScope, (s) => s.predicted),
  ),
);
console.log(
  line(
    '  stacks read, without low conf.',
    relevance(inScope.filter(sure), (s) => s.predicted),
  ),
);
console.log(
  line(
    '  all stacks',
    relevance(scored, (s) => s.predicted),
  ),
);
console.log(
  line(
    '  plain path globs, stacks read',
    relevance(inScope, (s) => s.byPath),
  ),
);
console.log(
  line(
    '  plain path globs, all stacks',
    relevance(scored, (s) => s.byPath),
  ),
);

const categories = tally();
const program = tally();
const reader = tally();
const notes: string[] = [];
for (const s of inScope) {
  const got = new Set(
    s.verdict.facts.filter((f) => f.deciding).flatMap((f) => f.categories as readonly string[]),
  );
  const c = compareSets(new Set(s.label.categories), s.label.relevant ? got : new Set(), categories);
  const p = compareSets(expectedProgramFacts(s.label), predictedProgramFacts(s.verdict), program);
  const missedReader = s.label.facts.filter((f) => f.source === 'reader' && !factMatches(f, s.verdict));
  reader.tp += s.label.facts.filter((f) => f.source === 'reader').length - missedReader.length;
  reader.fn += missedReader.length;
  if (args.verbose && c.missed.length + c.extra.length > 0)
    notes.push(
      `  ${s.label.id} categories: missed ${c.missed.join(', ') || '-'}; extra ${c.extra.join(', ') || '-'}`,
    );
  for (const m of p.missed) notes.push(`  ${s.label.id} program fact missed: ${m}`);
  for (const m of p.extra) notes.push(`  ${s.label.id} program fact too much: ${m}`);
  for (const f of missedReader)
    notes.push(
      `  ${s.label.id} reader fact missed: ${f.file}:${String(f.line_in_head ?? f.line_in_base)} ${f.kind} ${f.address} (${f.note ?? ''})`,
    );
}
console.log('\nCategories and facts, stacks read');
console.log(line('  categories (micro)', categories));
console.log(line('  program-derived facts', program));
console.log(
  `${'  reader facts'.padEnd(34)} recall ${(reader.tp / Math.max(1, reader.tp + reader.fn)).toFixed(3)}  (${reader.tp} of ${reader.tp + reader.fn})`,
);

console.log('\nMisses and false alarms, stacks read');
for (const s of inScope.filter((s) => s.predicted !== s.label.relevant)) {
  console.log(
    `  ${s.label.id} ${s.label.relevant ? 'MISSED' : 'FALSE ALARM'} [${s.label.stack.join(', ')}] ${s.label.confidence}/${s.label.difficulty ?? '?'}: ${s.label.why ?? ''}`,
  );
  for (const f of s.verdict.facts.filter((f) => f.deciding).slice(0, 6))
    console.log(`      ${f.rule}: ${f.statement} (${f.file}:${f.line})`);
}
console.log('\nRelevant, found nothing: stack comes later');
for (const s of later.filter((s) => s.label.relevant && !s.predicted))
  console.log(`  ${s.label.id} [${s.label.stack.join(', ')}] ${s.label.why ?? ''}`);
if (notes.length > 0) console.log(`\nDetails\n${notes.join('\n')}`);
if (args.verbose)
  for (const s of scored) {
    console.log(
      `\n${s.label.id} ${s.label.relevant ? 'relevant' : 'not relevant'} → ${s.verdict.title} [${s.label.categories.join(', ')}] ${s.label.why ?? ''}`,
    );
    for (const f of s.verdict.facts)
      console.log(
        `   ${f.deciding ? '*' : ' '} ${f.rule} [${f.categories.join(',')}] ${f.statement} (${f.file}:${f.line})`,
      );
    for (const d of s.verdict.doubts)
      console.log(`   ? ${d.code} ${d.weight} ${d.message} ${d.file ?? ''}:${d.line ?? ''}`);
  }
if (args.json)
  writeFileSync(
    args.json,
    JSON.stringify(
      scored.map((s) => ({
        id: s.label.id,
        predicted: s.predicted,
        facts: s.verdict.facts.filter((f) => f.deciding).length,
      })),
      null,
      1,
    ),
  );
