import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { reader } from '../../src/core/readers/dockerfile.ts';
import { parseImage, imageRepository } from '../../src/core/syntax/image.ts';
import { at, show, text, texts } from '../../src/core/values/value.ts';
import { find, meaning, readTexts } from '../support/readings.ts';
import { stopwatch } from '../stopwatch.ts';

const read = (source: string): ReturnType<typeof readTexts> =>
  readTexts(reader, { 'api/Dockerfile': source });
const stage = (source: string, name: string): ReturnType<typeof find> =>
  find(read(source), `stage api/Dockerfile#${name}`);

const API = `# syntax=docker/dockerfile:1
ARG GO=1.25
FROM golang:\${GO}-alpine AS build
WORKDIR /src
RUN apk add --no-cache \\
    # build tools
    make && \\
    make all
ADD --checksum=sha256:00 https://files.example/tool.tgz /opt/
ADD https://cdn.example/raw.sh local.txt /opt/

FROM gcr.io/distroless/static@sha256:11 AS base
USER 65532:65532

FROM base
ARG PORT=8080
ENV PORT=$PORT MODE="live now" OLD=\${NOPE:-x}
EXPOSE $PORT 9090/UDP
COPY --from=build /src/api /api
HEALTHCHECK --interval=5s CMD /api health
ENTRYPOINT ["/api", "serve"]
`;

describe('stages', () => {
  test('each stage is a resource; the last one is final', () => {
    const { resources, doubts } = read(API);
    expect(doubts).toEqual([]);
    expect(
      resources.map((r) => [r.address, r.span.startLine, r.span.endLine, text(at(r.values, 'final'))]),
    ).toEqual([
      ['stage api/Dockerfile#build', 3, 10, undefined],
      ['stage api/Dockerfile#base', 12, 13, undefined],
      ['stage api/Dockerfile#2', 15, 21, 'true'],
    ]);
  });

  test('the base image is taken apart and variables are filled in', () => {
    expect(show(at(stage(API, 'build').values, 'from'))).toBe('{image: golang, tag: 1.25-alpine}');
    expect(show(at(stage(API, 'base').values, 'from'))).toBe(
      '{image: gcr.io/distroless/static, digest: sha256:11}',
    );
    expect(show(at(stage(API, '2').values, 'from'))).toBe('{stage: base}');
    expect(stage(API, '2').references).toEqual([{ to: 'stage api/Dockerfile#base', path: 'from' }]);
  });

  test('a stage runs as the user of the stage it comes from', () => {
    expect(text(at(stage(API, '2').values, 'user'))).toBe('65532:65532');
    expect(text(at(stage(`${API}USER root\n`, '2').values, 'user'))).toBe('root');
  });

  test('ports, remote sources, commands and environment', () => {
    const final = stage(API, '2').values;
    expect(texts(at(final, 'expose'))).toEqual(['8080/tcp', '9090/udp']);
    expect(show(at(final, 'env'), 200)).toBe('{PORT: $PORT, MODE: live now, OLD: ${NOPE:-x}}');
    expect(text(at(final, 'entrypoint'))).toBe('["/api", "serve"]');
    const build = stage(API, 'build').values;
    expect(texts(at(build, 'run'))).toEqual(['apk add --no-cache make && make all']);
    expect(show(at(build, 'add-remote'), 200)).toBe(
      '[{url: https://files.example/tool.tgz, verified: true}, {url: https://cdn.example/raw.sh, verified: false}]',
    );
  });

  test('a here-document belongs to its instruction', () => {
    const run = texts(
      at(stage('FROM a\nRUN <<EOF\ncurl https://x.example | sh\nEOF\nUSER app\n', '0').values, 'run'),
    );
    expect(run).toHaveLength(1);
    expect(run[0]).toContain('curl https://x.example | sh');
    expect(text(at(stage('FROM a\nRUN <<EOF\nUSER root\nEOF\nUSER app\n', '0').values, 'user'))).toBe('app');
  });

  test('layout does not change the meaning', () => {
    const other = API.replace(
      'RUN apk add --no-cache \\\n    # build tools\n    make && \\\n    make all',
      'run  apk add --no-cache make && make all',
    ).replaceAll('\n', '\r\n');
    expect(meaning(read(other))).toEqual(meaning(read(API)));
  });
});

describe('recognition', () => {
  test.each([
    ['Dockerfile.dockerignore', 'FROM x', false],
    ['Dockerfile.md', 'FROM x', false],
    ['Dockerfile', 'nothing here', false],
    ['Dockerfile', '# c\n  from scratch', true],
    ['web.dockerfile', 'FROM x', true],
  ])('%s with %j: %s', (path, source, yes) => {
    expect(reader.recognises({ path, text: source })).toBe(yes);
  });
});

describe('image names', () => {
  test.each([
    ['node', 'node', undefined],
    ['docker.io/library/node:22', 'node', '22'],
    ['index.docker.io/acme/api:1', 'acme/api', '1'],
    ['localhost:5000/a/b:c', 'localhost:5000/a/b', 'c'],
    ['$REG/a:${V:-1.0}', '$REG/a', '${V:-1.0}'],
    ['ghcr.io/a/b@sha256:12', 'ghcr.io/a/b', undefined],
  ])('%s', (reference, repository, tag) => {
    const image = parseImage(reference);
    expect([imageRepository(image), image.tag]).toEqual([repository, tag]);
  });
});

describe('what cannot be read', () => {
  test('a word that is no instruction is told; the rest is kept', () => {
    const { doubts, resources } = read('FROM a\nBUILD all\nUSER app\n');
    expect(doubts).toMatchObject([{ code: 'parse-error', line: 2, file: 'api/Dockerfile' }]);
    expect(text(at(resources[0]?.values, 'user'))).toBe('app');
  });

  const hostile: Readonly<Record<string, string>> = {
    'long word': `RUN ${'a'.repeat(900_000)}`,
    'long words': `COPY ${'--a=b '.repeat(150_000)}x y`,
    continuations: `RUN a ${'\\\n b'.repeat(60_000)}`,
    'many instructions': 'RUN x\n'.repeat(60_000),
    'variables in variables': `ENV A=xx\n${'ENV A=$A$A\n'.repeat(200)}`,
    'unclosed braces': `RUN ${'${A'.repeat(60_000)}`,
    'comments between stages': `${'FROM x\n#\n'.repeat(15_000)}FROM a`,
    quotes: `ENV A="${'\\"'.repeat(90_000)}`,
    'here-documents': `RUN ${'<<E '.repeat(2_000)}\n${'x\n'.repeat(4_000)}`,
    NUL: 'RUN \0\0\nUSER \ud800\n',
    spaces: `RUN${' '.repeat(900_000)}`,
  };
  test.each(Object.keys(hostile))('%s', (name) => {
    const took = stopwatch();
    const { resources, doubts } = reader.read([
      { path: 'Dockerfile', text: `FROM a\n${hostile[name] ?? ''}\nUSER app\n` },
    ]);
    // Not a measurement: quadratic work takes half a minute and more.
    expect(took()).toBeLessThan(10_000);
    expect(resources.at(-1)?.values.kind).toBe('map');
    expect(doubts.every((d) => d.code === 'parse-error' || d.code === 'parse-limit')).toBe(true);
  });

  test('an instruction beyond the bound is a named doubt', () => {
    const { doubts } = reader.read([{ path: 'Dockerfile', text: `FROM a\nRUN ${'a'.repeat(60_000)}\n` }]);
    expect(doubts).toMatchObject([{ code: 'parse-limit', line: 2 }]);
  });

  test('arbitrary instructions', () => {
    const word = fc.oneof(
      fc.string({ maxLength: 8 }),
      fc.constantFrom('FROM', 'AS', '$X', '${X:-', '"', '\\', '[', '<<E', 'a=b', '--x=y', '#', '@', ':'),
    );
    const line = fc
      .tuple(
        fc.constantFrom('FROM', 'RUN', 'ENV', 'ARG', 'USER', 'EXPOSE', 'ADD', 'HEALTHCHECK', 'ONBUILD', 'x'),
        fc.array(word, { maxLength: 5 }),
      )
      .map(([k, w]) => `${k} ${w.join(' ')}`);
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
        const source = lines.join('\n');
        const last = source.split('\n').length;
        for (const r of reader.read([{ path: 'Dockerfile', text: source }]).resources) {
          expect(r.span.startLine).toBeGreaterThanOrEqual(1);
          expect(r.span.endLine).toBeLessThanOrEqual(last);
        }
      }),
      { seed: 11, numRuns: 400 },
    );
  });
});
