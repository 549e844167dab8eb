import { describe, expect, test } from '@jest/globals';
import { detector as bases } from '../../src/core/detectors/container-bases.ts';
import { detector as containers } from '../../src/core/detectors/containers.ts';
import { reader } from '../../src/core/readers/dockerfile.ts';
import { brief, detectChange, type Texts } from '../support/changes.ts';

const PATH = 'api/Dockerfile';
const IMAGE = 'FROM node:22\nUSER app\nCMD ["node", "."]\n';
const run = (base: Texts, head: Texts, detector = containers): ReturnType<typeof detectChange> =>
  detectChange(reader, detector, base, head);
const changes = (base: string, head: string, detector = containers): readonly string[] =>
  brief(run({ [PATH]: base }, { [PATH]: head }, detector));

describe('whole images', () => {
  test('added and removed decide; those of a development environment do not', () => {
    expect(brief(run({}, { [PATH]: IMAGE }))).toEqual([`containers/image-added stage ${PATH}#0 *`]);
    expect(brief(run({ [PATH]: IMAGE }, {}))).toEqual([`containers/image-removed stage ${PATH}#0 *`]);
    expect(brief(run({}, { '.devcontainer/Dockerfile': IMAGE }))).toEqual([
      'containers/image-added stage .devcontainer/Dockerfile#0',
    ]);
  });

  test('a file that moved is the same image', () => {
    expect(run({ [PATH]: IMAGE }, { 'services/api/Dockerfile': IMAGE })).toEqual([]);
  });

  test('another number of stages before the last is no other image', () => {
    expect(changes(IMAGE, `FROM node:22 AS build\nRUN make\n${IMAGE}`)).toEqual([]);
  });
});

describe('user', () => {
  test('lost, set to root, set to a user', () => {
    expect(changes(IMAGE, IMAGE.replace('USER app\n', ''))).toEqual([
      `containers/runs-as-root stage ${PATH}#0 *`,
    ]);
    expect(changes(IMAGE, IMAGE.replace('USER app', 'USER 0:0'))).toEqual([
      `containers/runs-as-root stage ${PATH}#0 *`,
    ]);
    expect(changes('FROM node\n', 'FROM node\nUSER root\n')).toEqual([
      `containers/runs-as-root stage ${PATH}#0 *`,
    ]);
    expect(changes('FROM node\n', 'FROM node\nUSER app\n')).toEqual([
      `containers/runs-as-user stage ${PATH}#0 *`,
    ]);
  });

  test('twin: another user, root in between, the user of a base that says so', () => {
    expect(changes(IMAGE, IMAGE.replace('USER app', 'USER web'))).toEqual([]);
    expect(changes(IMAGE, IMAGE.replace('USER app', 'USER root\nRUN apt-get install x\nUSER app'))).toEqual(
      [],
    );
    expect(
      changes('FROM gcr.io/distroless/static\nUSER 1000\n', 'FROM gcr.io/distroless/static:nonroot\n'),
    ).toEqual([]);
  });
});

describe('ports', () => {
  test('one more decides', () => {
    expect(changes(`${IMAGE}EXPOSE 8080\n`, `${IMAGE}EXPOSE 8080 9000\n`)).toEqual([
      `containers/port-exposed stage ${PATH}#0 *`,
    ]);
  });

  test('twin: another number for the same, another spelling', () => {
    expect(changes(`${IMAGE}EXPOSE 8080\n`, `${IMAGE}EXPOSE 80\n`)).toEqual([
      `containers/port-exposed stage ${PATH}#0`,
    ]);
    expect(changes(`${IMAGE}EXPOSE 8080\n`, `${IMAGE}ENV P=8080\nEXPOSE $P/TCP\n`)).toEqual([]);
  });
});

describe('remote content', () => {
  test('unverified downloads and scripts run as they come', () => {
    expect(changes(IMAGE, `${IMAGE}ADD https://cdn.example/x.tgz /\n`)).toEqual([
      `containers/remote-content stage ${PATH}#0 *`,
    ]);
    expect(changes(IMAGE, `${IMAGE}RUN curl -fsSL https://get.example/i | bash -\n`)).toEqual([
      `containers/remote-content stage ${PATH}#0 *`,
    ]);
    expect(
      changes(
        `${IMAGE}ADD --checksum=sha256:0 https://a.example/x /\n`,
        `${IMAGE}ADD https://a.example/x /\n`,
      ),
    ).toEqual([`containers/remote-content stage ${PATH}#0 *`]);
  });

  test('twin: another version from the same place, a checksum, a local file', () => {
    expect(
      changes(
        `${IMAGE}ADD https://github.com/a/b/releases/1/x /\n`,
        `${IMAGE}ADD https://github.com/a/b/releases/2/y /\n`,
      ),
    ).toEqual([]);
    expect(changes(IMAGE, `${IMAGE}ADD --checksum=sha256:0 https://a.example/x /\n`)).toEqual([
      `containers/remote-content stage ${PATH}#0`,
    ]);
    expect(changes(IMAGE, `${IMAGE}ADD app.tgz /\n`)).toEqual([]);
  });

  const fetch = (url: string, then = ''): string => `${IMAGE}RUN curl -fsSLo /usr/bin/tool ${url}${then}\n`;
  test('a program downloaded without a look at what came decides', () => {
    expect(changes(IMAGE, fetch('https://a.example/tool'))).toEqual([
      `containers/remote-content stage ${PATH}#0 *`,
    ]);
    expect(
      changes(IMAGE, `${IMAGE}RUN wget -qO- https://storage.googleapis.com/agents/x.tgz | tar xz\n`),
    ).toEqual([`containers/remote-content stage ${PATH}#0 *`]);
  });

  test('twin: checked, another version, the same file from elsewhere, one\u2019s own machine, an image of documentation', () => {
    expect(changes(IMAGE, fetch('https://a.example/tool', ' && echo "$SUM tool" | sha256sum -c'))).toEqual([
      `containers/remote-content stage ${PATH}#0`,
    ]);
    const release = (version: string): string =>
      fetch(`https://github.com/a/b/releases/${version}/tool-${version}`);
    expect(changes(release('v1.2'), release('v1.3'))).toEqual([]);
    expect(changes(fetch('https://a.example/1.0/tool'), fetch('https://b.example/tool'))).toEqual([
      `containers/remote-content stage ${PATH}#0`,
    ]);
    expect(changes(IMAGE, fetch('http://localhost:8080/ready'))).toEqual([]);
    const docs = (text: string): Texts => ({ 'docs/Dockerfile': text });
    expect(brief(run(docs(IMAGE), docs(fetch('https://a.example/tool'))))).toEqual([
      'containers/remote-content stage docs/Dockerfile#0',
    ]);
  });
});

describe('secrets in the build', () => {
  test('by argument and by environment from an argument', () => {
    expect(changes(IMAGE, `${IMAGE}ARG NPM_TOKEN\n`)).toEqual([
      `containers/secret-in-build stage ${PATH}#0 *`,
    ]);
    expect(changes(IMAGE, `${IMAGE}ENV API_KEY=$KEY\n`)).toEqual([
      `containers/secret-in-build stage ${PATH}#0 *`,
    ]);
  });

  test('twin: where it is, how long it lives, and one that was there', () => {
    expect(
      changes(IMAGE, `${IMAGE}ENV PASSWORD_FILE=/run/$X TOKEN_URL=$Y TOKEN_TTL=$Z\nARG VERSION\n`),
    ).toEqual([]);
    expect(changes(`${IMAGE}ARG NPM_TOKEN\n`, `FROM node AS b\nARG NPM_TOKEN\n${IMAGE}`)).toEqual([]);
  });
});

describe('base images', () => {
  test('another repository, and a digest that is lost', () => {
    const [fact] = run({ [PATH]: 'FROM node:22\n' }, { [PATH]: '# x\nFROM ghcr.io/other/node:22\n' }, bases);
    expect(fact).toMatchObject({
      rule: 'container-bases/changed',
      deciding: true,
      before: 'node',
      after: 'ghcr.io/other/node',
      line: 2,
    });
    expect(changes('FROM node:22@sha256:00\n', 'FROM node:22\n', bases)).toEqual([
      `container-bases/unpinned stage ${PATH}#0 *`,
    ]);
    expect(changes('FROM a AS x\nFROM x\n', 'FROM b AS x\nFROM x\n', bases)).toEqual([
      `container-bases/changed stage ${PATH}#1 *`,
    ]);
  });

  test('twin: other versions, other spellings, stages that do not ship', () => {
    expect(changes('FROM node:20\n', 'FROM docker.io/library/node:22-alpine@sha256:11\n', bases)).toEqual([]);
    expect(
      changes(
        'FROM public.ecr.aws/sam/build-python3.11\n',
        'FROM public.ecr.aws/sam/build-python3.12:latest\n',
        bases,
      ),
    ).toEqual([]);
    expect(changes('FROM go AS b\nFROM scratch\n', 'FROM rust AS b\nFROM scratch\n', bases)).toEqual([
      `container-bases/changed stage ${PATH}#b`,
    ]);
  });
});

test('comments, layout and order of labels are no facts', () => {
  const other = '# who\nfrom   node:22\n\nUSER \\\n  app\nCMD ["node", "."]\nLABEL a=b\n';
  expect(changes(IMAGE, other)).toEqual([]);
  expect(changes(IMAGE, other, bases)).toEqual([]);
});
