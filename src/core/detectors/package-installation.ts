import type { Fact } from '../model/fact.ts';
import type { ResourceDelta } from '../model/resource-delta.ts';
import type { Detector, Evidence, Rule } from './detector.ts';
import { makeFact } from '../facts/make-fact.ts';
import { get, text } from '../values/value.ts';

const REGISTRY: Rule = {
  id: 'package-installation/registry-added',
  title: 'Further package registry',
  why: 'Names are looked up there too, so whoever controls it can answer for any package.',
  categories: ['external-dependency', 'ci-supply-chain'],
};
const SCRIPT: Rule = {
  id: 'package-installation/script',
  title: 'Script that runs on installation added or changed',
  why: 'It runs on every developer’s machine and in every build before anything was tested.',
  categories: ['ci-supply-chain'],
};

export const detector: Detector = {
  id: 'package-installation',
  title: 'Package registries and installation scripts',
  rules: [REGISTRY, SCRIPT],
  detect: (evidence) => evidence.deltas.flatMap((d) => [...registryFact(d, evidence), ...scriptFact(d)]),
};

function registryFact(d: ResourceDelta, evidence: Evidence): Fact[] {
  const { head } = d;
  if (d.kind !== 'added' || head?.type !== 'package-registry') return [];
  const known = evidence.base.resources.some((r) => r.type === 'package-registry' && r.name === head.name);
  return [
    makeFact({
      rule: REGISTRY.id,
      kind: 'dependency-added',
      categories: REGISTRY.categories,
      signals: ['external-host-added'],
      resource: head,
      statement: `packages of \`${head.file}\` may come from the registry \`${head.name}\`${known ? ', as those of other manifests here' : ''}`,
      after: text(get(head.values, 'url')),
      deciding: !known,
      family: 'third-party',
      element: 'external-entity',
    }),
  ];
}

/** What people use to set up hooks and patches; not worth a word each time. */
const USUAL =
  /^(?:npx )?(?:husky|patch-package|simple-git-hooks|lefthook|is-ci|ngcc|electron-builder install-app-deps)\b/;

function scriptFact(d: ResourceDelta): Fact[] {
  const { head, base } = d;
  if (head?.type !== 'npm-script' || d.kind === 'removed') return [];
  const command = text(get(head.values, 'command')) ?? '';
  const before = base ? text(get(base.values, 'command')) : undefined;
  if (command === before) return [];
  const fetches =
    /\b(?:curl|wget|https?:\/\/)/.test(command) && !/\b(?:curl|wget|https?:\/\/)/.test(before ?? '');
  const deciding = fetches || (before === undefined && head.name !== 'prepare' && !USUAL.test(command));
  return [
    makeFact({
      rule: SCRIPT.id,
      kind: 'setting-changed',
      categories: SCRIPT.categories,
      signals: ['setting-changed'],
      resource: head,
      statement: `npm script \`${head.name}\` of \`${head.file}\` ${before === undefined ? 'runs on installation' : 'changed'}${fetches ? ' and takes something from the network' : ''}`,
      before,
      after: command.slice(0, 200),
      deciding,
      family: 'third-party',
      element: 'process',
    }),
  ];
}
