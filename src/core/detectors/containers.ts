import type { Fact } from '../model/fact.ts';
import type { Resource } from '../model/resource.ts';
import type { Detector, Evidence, Rule } from './detector.ts';
import { imageFact } from '../containers/image-fact.ts';
import { finalOf, imageFiles, rootImage, userKind, type ImageFile } from '../containers/image-files.ts';
import { remotes } from '../containers/remote-content.ts';
import { secretNames } from '../containers/secret-names.ts';
import { get, items, text } from '../values/value.ts';

const ADDED: Rule = {
  id: 'containers/image-added',
  title: 'New container image',
  why: 'A new image is a new process, with a base image and a user of its own.',
  categories: ['new-component'],
};
const REMOVED: Rule = {
  id: 'containers/image-removed',
  title: 'Container image removed',
  why: 'A process went away; the model should no longer show it.',
  categories: ['removed-component'],
};
const ROOT: Rule = {
  id: 'containers/runs-as-root',
  title: 'Container runs as root',
  why: 'Root in the container is one kernel flaw or one mount away from root on the host.',
  categories: ['trust-boundary', 'identity-access'],
};
const NOT_ROOT: Rule = {
  id: 'containers/runs-as-user',
  title: 'Container no longer runs as root',
  why: 'The wall between the process and its host got thicker.',
  categories: ['trust-boundary', 'identity-access'],
};
const PORT: Rule = {
  id: 'containers/port-exposed',
  title: 'Container listens on another port',
  why: 'A further port is a further way in, often an administrative one.',
  categories: ['exposure'],
};
const REMOTE: Rule = {
  id: 'containers/remote-content',
  title: 'Image takes unverified content from the network',
  why: 'Whoever controls the address decides what runs in the image.',
  categories: ['external-dependency', 'ci-supply-chain'],
};
const SECRET: Rule = {
  id: 'containers/secret-in-build',
  title: 'Secret in a build argument or the environment of an image',
  why: 'Build arguments and environment stay readable in the image’s history for everybody who can pull it.',
  categories: ['secrets-crypto'],
};

/** Images are compared whole: what their last stage comes to. Other versions of the same base are no facts. */
export const detector: Detector = {
  id: 'containers',
  title: 'Container images',
  rules: [ADDED, REMOVED, ROOT, NOT_ROOT, PORT, REMOTE, SECRET],
  detect(evidence: Evidence) {
    return imageFiles(evidence).flatMap((f) => {
      if (!f.base.length) return wholeFact(f, true);
      if (!f.head.length) return wholeFact(f, false);
      return [...userFacts(f), ...portFacts(f), ...remoteFacts(f), ...secretFacts(f)];
    });
  },
};

/** Images of development environments, documentation and trials are tools of people, not parts of the system. */
const isForDevelopers = (path: string): boolean =>
  /(?:^|\/)(?:\.(?:devcontainer|gitpod|codespaces)|(?:docs?|hack|examples?|samples?)\/)/i.test(path);

function wholeFact(f: ImageFile, added: boolean): Fact[] {
  const stage = finalOf(added ? f.head : f.base);
  if (!stage) return [];
  const image = rootImage(stage, added ? f.head : f.base).name;
  const rule = added ? ADDED : REMOVED;
  return [
    imageFact(rule, stage, {
      kind: added ? 'resource-added' : 'resource-removed',
      signals: [added ? 'resource-added' : 'resource-removed'],
      statement: added
        ? `new container image \`${f.path}\`, built on \`${image}\``
        : `container image \`${f.path}\` removed`,
      deciding: !isForDevelopers(f.path),
      side: added ? 'head' : 'base',
    }),
  ];
}

function userFacts(f: ImageFile): Fact[] {
  const before = finalOf(f.base);
  const after = finalOf(f.head);
  if (!before || !after) return [];
  const b = userKind(before, f.base);
  const a = userKind(after, f.head);
  const written = text(get(after.values, 'user'));
  const shown = { before: text(get(before.values, 'user')) ?? '', after: written ?? '' };
  const line = get(after.values, 'user')?.line;
  if (a === 'user' && b !== 'user')
    return [
      imageFact(NOT_ROOT, after, {
        signals: ['privilege-lowered'],
        statement: `image \`${f.path}\` now runs as \`${written ?? 'nonroot'}\` instead of root`,
        deciding: true,
        line,
        ...shown,
      }),
    ];
  const lost = b === 'user' && a !== 'user';
  if (!lost && !(a === 'root' && b === 'unknown')) return [];
  const statement =
    lost && a === 'unknown'
      ? `image \`${f.path}\` no longer names a user: it runs as its base image's, usually root`
      : `image \`${f.path}\` now runs as root`;
  return [
    imageFact(ROOT, after, { signals: ['privilege-raised'], statement, deciding: true, line, ...shown }),
  ];
}

function portFacts(f: ImageFile): Fact[] {
  const ports = (stages: readonly Resource[]): Map<string, number> =>
    new Map(
      items(get(finalOf(stages)?.values, 'expose')).flatMap((v) =>
        text(v) === undefined ? [] : [[text(v) ?? '', v.line] as const],
      ),
    );
  const before = ports(f.base);
  const after = ports(f.head);
  const fresh = [...after].filter(([p]) => !before.has(p));
  const gone = [...before.keys()].filter((p) => !after.has(p));
  const stage = finalOf(f.head);
  if (!stage) return [];
  return fresh.map(([port, line], i) =>
    imageFact(PORT, stage, {
      signals: ['listener-added'],
      // A port that takes the place of another is the same way in at another number.
      statement:
        gone[i] === undefined
          ? `image \`${f.path}\` also exposes port ${port}`
          : `image \`${f.path}\` exposes port ${port} instead of ${gone[i]}`,
      deciding: gone[i] === undefined,
      line,
      detail: port,
    }),
  );
}

function remoteFacts(f: ImageFile): Fact[] {
  const before = remotes(f.base);
  const after = remotes(f.head);
  return [...after].flatMap(([from, r]) => {
    const known = before.get(from);
    if (known && (known.verified === r.verified || r.verified)) return [];
    const moved = [...before].find(
      ([other, b]) => !after.has(other) && b.file.length > 1 && b.file === r.file,
    );
    const shown = from.replace(/ \|$/, '');
    const statement = known
      ? `image \`${f.path}\` no longer verifies what it takes from \`${shown}\``
      : `image \`${f.path}\` ${r.how} from \`${shown}\`${r.verified ? ', verified by checksum' : ''}${moved ? `, until now from \`${moved[0]}\`` : ''}`;
    return [
      imageFact(REMOTE, r.stage, {
        signals: ['dependency-added'],
        statement,
        deciding: !r.verified && !moved && !isForDevelopers(f.path),
        line: r.line,
        after: shown,
        detail: from,
      }),
    ];
  });
}

function secretFacts(f: ImageFile): Fact[] {
  const before = new Set([...secretNames(f.base, 'env').keys(), ...secretNames(f.base, 'arg').keys()]);
  const args = secretNames(f.head, 'arg');
  const all = new Map([...secretNames(f.head, 'env'), ...args]);
  return [...all].flatMap(([name, { stage, line }]) => {
    if (before.has(name)) return [];
    const where = args.has(name) ? 'as a build argument' : 'in its environment';
    return [
      imageFact(SECRET, stage, {
        signals: ['secret-added'],
        statement: `image \`${f.path}\` is given the secret \`${name}\` ${where}`,
        deciding: true,
        line,
        detail: name,
      }),
    ];
  });
}
