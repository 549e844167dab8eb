import { fileSubject, folderOf } from '../facts/file-subject.ts';
import { makeFact } from '../facts/make-fact.ts';
import type { ChangedFile } from '../model/change.ts';
import type { Fact } from '../model/fact.ts';
import type { PathRule } from '../model/policy.ts';
import { pathMatcher } from '../paths.ts';
import type { Detector } from './detector.ts';

/** Paths that the repository's own policy declares to matter. */
export const detector: Detector = {
  id: 'path-rules',
  title: 'Paths that the policy names',
  rules: [
    {
      id: 'path-rules/touched',
      title: 'A path that the policy names was touched',
      why: 'The repository says by a rule of its own that changes here matter to the threat model; the rule gives its reason.',
      categories: [],
    },
  ],
  detect: ({ change, pathRules }) => pathRules.flatMap((rule) => touched(rule, change.files)),
};

/** One fact per rule and folder: twenty files of one folder are one observation. */
function touched(rule: PathRule, files: readonly ChangedFile[]): readonly Fact[] {
  const matches = pathMatcher(rule.paths);
  const byFolder = new Map<string, ChangedFile[]>();
  for (const file of [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))) {
    if (!matches(file.path)) continue;
    const folder = folderOf(file.path);
    const found = byFolder.get(folder);
    if (found) found.push(file);
    else byFolder.set(folder, [file]);
  }
  return [...byFolder].flatMap(([folder, found]) => factOf(rule, folder, found));
}

function factOf(rule: PathRule, folder: string, files: readonly ChangedFile[]): readonly Fact[] {
  const first = files.find((f) => f.status !== 'removed') ?? files[0];
  if (!first) return [];
  const place = folder === '' ? 'the root folder' : `\`${folder}\``;
  const count = files.length === 1 ? `\`${first.path}\`` : `${files.length} files in ${place}`;
  return [
    makeFact({
      rule: 'path-rules/touched',
      kind: 'path-touched',
      categories: rule.categories,
      signals: ['path-touched'],
      resource: fileSubject({
        stack: 'paths',
        type: 'path',
        address: `${rule.id} ${folder === '' ? '.' : folder}`,
        scope: folder,
        file: first.path,
      }),
      side: first.status === 'removed' ? 'base' : 'head',
      statement: `${count} touched, which the policy's rule ${rule.id} names: ${rule.reason}`,
      deciding: true,
      detail: rule.id,
    }),
  ];
}
