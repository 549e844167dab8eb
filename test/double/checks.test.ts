import { describe, expect, test } from '@jest/globals';
import { idOf, namesOf, openedPull, pluck, read, scene } from './scene.ts';

const RUNS = '/repos/acme/shop/check-runs';
const output = { title: 'Fine', summary: 'Nothing to see.' };

describe('check runs', () => {
  test('a run is created, found by its name, completed and told about', async () => {
    const { gh, api, app, inbox } = scene();
    const pull = openedPull(gh);
    const made = await api('POST', RUNS, {
      name: 'Threatgate',
      head_sha: pull.headSha,
      external_id: 'shop/1',
      output,
    });
    expect([made.status, read(made.body, 'status'), read(made.body, 'conclusion')]).toEqual([
      201,
      'queued',
      null,
    ]);
    const done = await api('PATCH', `${RUNS}/${idOf(made)}`, { conclusion: 'success' });
    expect([done.status, read(done.body, 'status'), read(done.body, 'external_id')]).toEqual([
      200,
      'completed',
      'shop/1',
    ]);
    const list = await api('GET', `/repos/acme/shop/commits/${pull.headSha}/check-runs?app_id=${app.id}`);
    expect(pluck(read(list.body, 'check_runs'), 'id')).toEqual([idOf(made)]);
    expect(read(list.body, 'check_runs', 0, 'pull_requests', 0, 'number')).toBe(pull.number);
    await gh.deliverPending();
    expect(namesOf(inbox.received.filter(({ event }) => event.startsWith('check_')))).toEqual([
      'check_suite.requested',
      'check_run.created',
      'check_run.completed',
      'check_suite.completed',
    ]);
  });

  test('only the app that made a run may change it', async () => {
    const { gh, api } = scene();
    const pull = openedPull(gh);
    const made = await api('POST', RUNS, { name: 'Threatgate', head_sha: pull.headSha });
    const token = gh.control.createActionsToken({ repo: 'acme/shop', permissions: { checks: 'write' } });
    const other = await api('PATCH', `${RUNS}/${idOf(made)}`, { output }, token);
    expect(other.status).toBe(403);
    expect(read(other.body, 'message')).toBe(
      'Invalid app_id 15368 - check run can only be modified by the GitHub App that created it.',
    );
    const person = await api(
      'POST',
      RUNS,
      { name: 'x', head_sha: pull.headSha },
      gh.control.createUserToken('ada'),
    );
    expect([person.status, read(person.body, 'message')]).toEqual([
      403,
      'You must authenticate via a GitHub App.',
    ]);
  });

  test('a workflow may create a run with its conclusion and not change it afterwards', async () => {
    const { gh, api } = scene();
    const pull = openedPull(gh);
    const token = gh.control.createActionsToken({ repo: 'acme/shop', permissions: { checks: 'write' } });
    const made = await api(
      'POST',
      RUNS,
      { name: 'Threatgate', head_sha: pull.headSha, conclusion: 'failure', output },
      token,
    );
    expect([made.status, read(made.body, 'app', 'id')]).toEqual([201, 15368]);
    const later = await api('PATCH', `${RUNS}/${idOf(made)}`, { conclusion: 'success' }, token);
    expect(later.status).toBe(403);
  });

  test.each([
    ['completed without a conclusion', { status: 'completed' }],
    ['a conclusion only GitHub may set', { conclusion: 'stale' }],
    [
      'a summary of too many bytes, though not characters',
      { output: { ...output, summary: 'ä'.repeat(32768) } },
    ],
    ['a text too long', { output: { ...output, text: 'a'.repeat(65536) } }],
    ['a label too long', { actions: [{ label: 'a'.repeat(21), description: 'b', identifier: 'c' }] }],
    [
      'four buttons',
      { actions: Array.from({ length: 4 }, () => ({ label: 'a', description: 'b', identifier: 'c' })) },
    ],
    [
      'fifty-one annotations',
      { output: { ...output, annotations: Array.from({ length: 51 }, () => annotation(1)) } },
    ],
    ['an annotation that ends before it starts', { output: { ...output, annotations: [annotation(5, 4)] } }],
    ['a date that is none', { started_at: 'yesterday' }],
  ])('refuses %s', async (_, wrong) => {
    const { gh, api } = scene();
    const { headSha } = openedPull(gh);
    const answer = await api('POST', RUNS, { name: 'Threatgate', head_sha: headSha, ...wrong });
    expect(answer.status).toBe(422);
    expect(gh.observe.allCheckRuns('acme/shop', headSha)).toEqual([]);
  });

  test('refuses a run without a commit, or on one that is not there', async () => {
    const { api } = scene();
    expect((await api('POST', RUNS, { name: 'Threatgate' })).status).toBe(422);
    const unknown = await api('POST', RUNS, { name: 'Threatgate', head_sha: 'a'.repeat(40) });
    expect(read(unknown.body, 'message')).toBe(`No commit found for SHA: ${'a'.repeat(40)}`);
  });

  test('each update adds its annotations to those before', async () => {
    const { gh, api } = scene();
    const { headSha } = openedPull(gh);
    const batch = Array.from({ length: 50 }, (_, line) => annotation(line + 1));
    const made = await api('POST', RUNS, {
      name: 'Threatgate',
      head_sha: headSha,
      output: { ...output, annotations: batch },
    });
    const more = await api('PATCH', `${RUNS}/${idOf(made)}`, {
      output: { ...output, annotations: [annotation(51)] },
    });
    expect(read(more.body, 'output', 'annotations_count')).toBe(51);
    const second = await api('GET', `${RUNS}/${idOf(made)}/annotations?per_page=50&page=2`);
    expect(pluck(second.body, 'start_line')).toEqual([51]);
  });

  test('the list has the latest of a name; `all` has every one', async () => {
    const { gh, api } = scene();
    const { headSha } = openedPull(gh);
    const first = await api('POST', RUNS, { name: 'Threatgate', head_sha: headSha });
    const second = await api('POST', RUNS, { name: 'Threatgate', head_sha: headSha });
    const ids = async (query: string) =>
      pluck(
        read(
          (await api('GET', `/repos/acme/shop/commits/${headSha}/check-runs?${query}`)).body,
          'check_runs',
        ),
        'id',
      );
    expect(await ids('')).toEqual([idOf(second)]);
    expect(await ids('filter=all')).toEqual([idOf(second), idOf(first)]);
    expect(await ids('status=completed')).toEqual([]);
    expect(await ids('check_name=Other')).toEqual([]);
  });

  test('a fork has no pull requests in its runs, and no suite of its own accord', async () => {
    const { gh, api } = scene();
    gh.control.fork({ repo: 'acme/shop', owner: 'eve' });
    gh.control.pushCommit({ by: 'eve', repo: 'eve/shop', branch: 'x', files: { a: 'a\n' } });
    const pull = gh.control.openPullRequest({ by: 'eve', repo: 'acme/shop', head: 'eve/shop:x' });
    const suites = await api('GET', `/repos/acme/shop/commits/${pull.headSha}/check-suites`);
    expect(read(suites.body, 'total_count')).toBe(0);
    const made = await api('POST', RUNS, { name: 'Threatgate', head_sha: pull.headSha });
    expect([made.status, read(made.body, 'pull_requests')]).toEqual([201, []]);
  });

  test('buttons: only offered ones, only by writers, only to their app', async () => {
    const { gh, api, inbox } = scene();
    const { headSha } = openedPull(gh);
    const made = await api('POST', RUNS, {
      name: 'Threatgate',
      head_sha: headSha,
      conclusion: 'action_required',
      actions: [{ label: 'Approve', description: 'Say yes', identifier: 'approve' }],
    });
    const click = (by: string, identifier: string) => () => {
      gh.control.clickButton({ by, checkRunId: idOf(made), identifier });
    };
    expect(click('eve', 'approve')).toThrow('write access');
    expect(click('ada', 'waive')).toThrow('no button');
    await gh.deliverPending();
    inbox.received.length = 0;
    click('ada', 'approve')();
    await gh.deliverPending();
    expect(inbox.received).toHaveLength(1);
    expect(inbox.received[0]?.payload).toMatchObject({
      action: 'requested_action',
      requested_action: { identifier: 'approve' },
      sender: { login: 'ada' },
      check_run: { id: idOf(made) },
    });
  });

  test('asking again leaves the run as it is and tells its app', async () => {
    const { gh, api, inbox } = scene();
    const { headSha } = openedPull(gh);
    const made = await api('POST', RUNS, { name: 'Threatgate', head_sha: headSha, conclusion: 'success' });
    gh.control.rerequestCheckRun({ by: 'bob', checkRunId: idOf(made) });
    gh.control.rerequestCheckSuite({ by: 'bob', suiteId: Number(read(made.body, 'check_suite', 'id')) });
    expect(gh.observe.checkRuns('acme/shop', headSha)[0]?.conclusion).toBe('success');
    const suites = await api('GET', `/repos/acme/shop/commits/${headSha}/check-suites`);
    expect(read(suites.body, 'check_suites', 0, 'status')).toBe('queued');
    expect((await api('POST', `${RUNS}/${idOf(made)}/rerequest`)).status).toBe(201);
    await gh.deliverPending();
    const rerequests = inbox.received.filter(({ payload }) => read(payload, 'action') === 'rerequested');
    expect(rerequests.map(({ event }) => event)).toEqual(['check_run', 'check_suite', 'check_run']);
  });
});

function annotation(start: number, end = start) {
  return { path: 'main.tf', start_line: start, end_line: end, annotation_level: 'warning', message: 'Look' };
}
