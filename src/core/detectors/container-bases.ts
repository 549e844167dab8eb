import type { Fact } from '../model/fact.ts';
import type { Resource } from '../model/resource.ts';
import type { Detector, Rule } from './detector.ts';
import { imageFact } from '../containers/image-fact.ts';
import { finalOf, imageFiles, rootImage, type ImageFile } from '../containers/image-files.ts';

const BASE: Rule = {
  id: 'container-bases/changed',
  title: 'Image is built on something else',
  why: 'The base image brings its own publisher, packages and defaults.',
  categories: ['external-dependency', 'ci-supply-chain'],
};
const PIN_LOST: Rule = {
  id: 'container-bases/unpinned',
  title: 'Base image no longer fixed by digest',
  why: 'A tag can be moved to another image without a change in this repository.',
  categories: ['ci-supply-chain'],
};
/** Other versions of the same base are no facts. */
export const detector: Detector = {
  id: 'container-bases',
  title: 'Base images of containers',
  rules: [BASE, PIN_LOST],
  detect: (evidence) =>
    imageFiles(evidence).flatMap((f) => (f.base.length > 0 && f.head.length > 0 ? baseFacts(f) : [])),
};

function baseFacts(f: ImageFile): Fact[] {
  const old = finalOf(f.base);
  const now = finalOf(f.head);
  if (!old || !now) return [];
  const before = rootImage(old, f.base);
  const after = rootImage(now, f.head);
  const out: Fact[] = [];
  if (
    familyOf(before.name) !== familyOf(after.name) &&
    !before.name.includes('$') &&
    !after.name.includes('$')
  ) {
    const statement = `image \`${f.path}\` is built on \`${after.name}\` instead of \`${before.name}\``;
    out.push(
      imageFact(BASE, now, {
        signals: ['image-changed'],
        statement,
        deciding: true,
        line: after.line,
        before: before.name,
        after: after.name,
      }),
    );
  } else if (before.digest && !after.digest) {
    const statement = `image \`${f.path}\` takes its base \`${after.name}\` by tag instead of by digest`;
    out.push(
      imageFact(PIN_LOST, now, { signals: ['image-changed'], statement, deciding: true, line: after.line }),
    );
  }
  return [...out, ...builderFacts(f, before.name, after.name)];
}

/** `sam/build-python3.9` and `sam/build-python3.12` are versions of one image. */
const familyOf = (repository: string): string => repository.replace(/\d+(?:\.\d+)*/g, '#');

/** Other stages build what ships but do not ship themselves. */
function builderFacts(f: ImageFile, oldBase: string, newBase: string): Fact[] {
  const names = (stages: readonly Resource[]): Map<string, Resource> =>
    new Map(stages.map((s) => [familyOf(rootImage(s, stages).name), s]));
  const before = names(f.base);
  return [...names(f.head)].flatMap(([name, stage]) => {
    if (
      before.has(name) ||
      name === familyOf(newBase) ||
      name === familyOf(oldBase) ||
      name === '' ||
      name === 'scratch' ||
      name.includes('$')
    )
      return [];
    const image = rootImage(stage, f.head).name;
    const statement = `a stage of image \`${f.path}\` is built on \`${image}\``;
    return [
      imageFact(BASE, stage, {
        signals: ['image-changed'],
        statement,
        deciding: false,
        after: image,
        detail: image,
      }),
    ];
  });
}
