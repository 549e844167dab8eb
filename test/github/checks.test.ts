import { describe, expect, test } from '@jest/globals';
import type { Annotation } from '../../src/core/report/check-run.ts';
import { Refused, Rejected, Unavailable } from '../../src/review/hosting-errors.ts';
import type { CheckDraft } from '../../src/review/hosting.ts';
import type { Json } from './answers.ts';
import {
  API,
  asInstallation,
  github,
  grantToken,
  sha,
  SHOP,
  thrown,
  withoutNetwork,
} from './github-under-test.ts';
import nock from 'nock';

withoutNetwork();

const RUNS = '/repos/acme/shop/check-runs';

const annotations = (count: number, from = 0): Annotation[] =>
  Array.from({ length: count }, (_, i) => ({
    path: 'main.tf',
    startLine: from + i + 1,
    endLine: from + i + 2,
    level: 'warning',
    title: `Fact ${from + i}`,
    message: 'Opened to everybody',
  }));

const draft = (of: readonly Annotation[], over: Partial<CheckDraft> = {}): CheckDraft => ({
  head: sha('c'),
  externalId: 'pull/12/sha256:abc',
  report: {
    conclusion: 'action_required',
    title: 'Waits for approval',
    summary: 'What to do',
    text: '{}',
    annotations: of,
    buttons: [{ identifier: 'approve', label: 'Approve', description: 'As somebody independent' }],
  },
  ...over,
});

const sentAnnotation = (a: Annotation): Json => ({
  path: a.path,
  start_line: a.startLine,
  end_line: a.endLine,
  annotation_level: a.level,
  title: a.title,
  message: a.message,
});

const body = (over: Json, of?: readonly Annotation[]): Json => ({
  external_id: 'pull/12/sha256:abc',
  status: 'completed',
  conclusion: 'action_required',
  actions: [{ label: 'Approve', description: 'As somebody independent', identifier: 'approve' }],
  output: output(of),
  ...over,
});

const output = (of?: readonly Annotation[]): Json => ({
  title: 'Waits for approval',
  summary: 'What to do',
  text: '{}',
  ...(of ? { annotations: of.map(sentAnnotation) } : {}),
});

const created = (over: Json, of?: readonly Annotation[]) =>
  asInstallation().post(
    RUNS,
    body({ name: 'Threatgate', head_sha: sha('c'), ...over }, of) as nock.DataMatcherMap,
  );
const patched = (expected: Json) => asInstallation().patch(`${RUNS}/9`, expected as nock.DataMatcherMap);

describe('creating', () => {
  test('one request; the instant is GitHub’s', async () => {
    const { hosting, requests } = github();
    grantToken();
    created({ details_url: 'https://gate.example.org/12' }).reply(201, { id: 9 });
    const check = draft([], { detailsUrl: 'https://gate.example.org/12' });
    expect(await hosting.createCheck(SHOP, check)).toEqual({ id: 9, at: '2026-11-02T10:05:00.000Z' });
    expect(requests).toHaveLength(2);
  });

  test('fifty annotations at once, the others appended by further requests', async () => {
    const { hosting } = github();
    grantToken();
    const all = annotations(120);
    created({}, all.slice(0, 50)).reply(201, { id: 9 });
    patched({ output: output(all.slice(50, 100)) }).reply(200, { id: 9 });
    patched({ output: output(all.slice(100)) }).reply(
      200,
      { id: 9 },
      { date: 'Mon, 02 Nov 2026 10:05:07 GMT' },
    );
    expect(await hosting.createCheck(SHOP, draft(all))).toEqual({ id: 9, at: '2026-11-02T10:05:07.000Z' });
  });

  test('under the name that the service goes by', async () => {
    const { hosting } = github({ checkName: 'Gate' });
    grantToken();
    created({ name: 'Gate' }).reply(201, { id: 9 });
    await hosting.createCheck(SHOP, draft([]));
  });

  test('an answer without a date does not tell since when it is shown', async () => {
    const { hosting } = github();
    grantToken();
    nock(API).post(RUNS).reply(201, { id: 9 });
    const error = await thrown(hosting.createCheck(SHOP, draft([])));
    expect(error).toBeInstanceOf(Unavailable);
    expect(error.message).toContain('was written');
  });

  test.each([
    [422, Rejected],
    [403, Refused],
    [500, Unavailable],
  ])('%i', async (status, type) => {
    const { hosting } = github();
    grantToken();
    created({}).reply(status, { message: 'no' });
    expect(await thrown(hosting.createCheck(SHOP, draft([])))).toBeInstanceOf(type);
  });
});

describe('updating in place', () => {
  const first = annotations(60);

  async function withRun() {
    const under = github();
    grantToken();
    created({}, first.slice(0, 50)).reply(201, { id: 9 });
    patched({ output: output(first.slice(50)) }).reply(200, { id: 9 });
    await under.hosting.createCheck(SHOP, draft(first));
    return under;
  }

  test('sends no annotation twice: GitHub would show it twice', async () => {
    const { hosting, requests } = await withRun();
    patched(body({})).reply(200, { id: 9 });
    await hosting.updateCheck(SHOP, 9, draft(first));
    expect(requests.filter((r) => r.route.includes('annotations'))).toEqual([]);
  });

  test('sends those that are new', async () => {
    const { hosting } = await withRun();
    const fresh = annotations(2, 500);
    patched(body({}, fresh)).reply(200, { id: 9 });
    await hosting.updateCheck(SHOP, 9, draft([...first.slice(5), ...fresh]));
    patched(body({})).reply(200, { id: 9 });
    await hosting.updateCheck(SHOP, 9, draft([...first, ...fresh]));
  });

  test('a run that another process wrote is asked which it has, once', async () => {
    const { hosting } = github();
    grantToken();
    const page = (n: number) =>
      asInstallation()
        .get(`${RUNS}/9/annotations`)
        .query({ per_page: '100', page: String(n) });
    const there = annotations(100).map(sentAnnotation);
    page(1).reply(200, there);
    page(2).reply(200, [
      { ...sentAnnotation(annotations(1, 100)[0] as Annotation), message: 'Opened to everybody ' },
    ]);
    patched(body({}, annotations(1, 101))).reply(200, { id: 9 });
    await hosting.updateCheck(SHOP, 9, draft(annotations(102)));
    patched(body({})).reply(200, { id: 9 });
    await hosting.updateCheck(SHOP, 9, draft(annotations(102)));
  });

  test('without annotations nothing is asked, and nothing is believed to be known', async () => {
    const { hosting } = github();
    grantToken();
    patched(body({})).reply(200, { id: 9 });
    await hosting.updateCheck(SHOP, 9, draft([]));
    asInstallation().get(`${RUNS}/9/annotations`).query(true).reply(200, annotations(1).map(sentAnnotation));
    patched(body({})).reply(200, { id: 9 });
    await hosting.updateCheck(SHOP, 9, draft(annotations(1)));
  });

  test('after a failure it is not known what the run has', async () => {
    const { hosting } = await withRun();
    const fresh = annotations(1, 500);
    patched(body({}, fresh)).reply(502, {});
    expect(await thrown(hosting.updateCheck(SHOP, 9, draft([...first, ...fresh])))).toBeInstanceOf(
      Unavailable,
    );
    asInstallation()
      .get(`${RUNS}/9/annotations`)
      .query(true)
      .reply(200, [...first, ...fresh].map(sentAnnotation));
    patched(body({})).reply(200, { id: 9 });
    await hosting.updateCheck(SHOP, 9, draft([...first, ...fresh]));
  });

  test('a run of another App is refused', async () => {
    const { hosting } = github();
    grantToken();
    patched(body({})).reply(403, { message: 'Invalid app_id 15368' });
    expect(await thrown(hosting.updateCheck(SHOP, 9, draft([])))).toBeInstanceOf(Refused);
  });
});

describe('finding', () => {
  const run = (id: number, over: Json = {}): Json => ({
    id,
    name: 'Threatgate',
    head_sha: sha('c'),
    external_id: `pull/${id}`,
    status: 'completed',
    conclusion: 'success',
    app: { id: 4711 },
    ...over,
  });
  const list = (page: number, runs: readonly Json[]) =>
    asInstallation()
      .get(`/repos/acme/shop/commits/${sha('c')}/check-runs`)
      .query({ check_name: 'Threatgate', app_id: '4711', filter: 'all', per_page: '100', page: String(page) })
      .reply(200, { total_count: runs.length, check_runs: runs });

  test('all of ours, superseded ones too; nobody else’s', async () => {
    const { hosting } = github();
    grantToken();
    list(1, [
      run(1),
      run(2, { status: 'in_progress', conclusion: null, external_id: null }),
      run(3, { app: { id: 15368 } }),
      run(4, { app: null }),
      run(5, { name: 'Threatgate ' }),
    ]);
    expect(await hosting.findChecks(SHOP, sha('c'))).toEqual([
      { id: 1, externalId: 'pull/1', head: sha('c'), completed: true, conclusion: 'success' },
      { id: 2, externalId: '', head: sha('c'), completed: false, conclusion: undefined },
    ]);
  });

  test('page by page', async () => {
    const { hosting } = github();
    grantToken();
    list(
      1,
      Array.from({ length: 100 }, (_, i) => run(i)),
    );
    list(2, [run(100)]);
    expect(await hosting.findChecks(SHOP, sha('c'))).toHaveLength(101);
  });

  test('a page that fails is a failure, not the end of the list', async () => {
    const { hosting } = github();
    grantToken();
    list(
      1,
      Array.from({ length: 100 }, (_, i) => run(i)),
    );
    asInstallation()
      .get(`/repos/acme/shop/commits/${sha('c')}/check-runs`)
      .query(true)
      .reply(500, {});
    expect(await thrown(hosting.findChecks(SHOP, sha('c')))).toBeInstanceOf(Unavailable);
  });
});
