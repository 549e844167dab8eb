import { describe, expect, test } from '@jest/globals';
import { NotThere, Unavailable } from '../../src/review/hosting-errors.ts';
import { API, asApp, github, thrown, withoutNetwork } from './github-under-test.ts';

withoutNetwork();

test('installations, page by page', async () => {
  const { app } = github();
  const list = (page: number, answer: object[]) =>
    asApp()
      .get('/app/installations')
      .query({ per_page: '100', page: String(page) })
      .reply(200, answer);
  list(
    1,
    Array.from({ length: 100 }, (_, id) => ({ id, suspended_at: null })),
  );
  list(2, [{ id: 100, suspended_at: '2026-01-01T00:00:00Z' }]);
  const found = await app.installations();
  expect(found).toHaveLength(101);
  expect([found[0], found[100]]).toEqual([
    { id: 0, suspended: false },
    { id: 100, suspended: true },
  ]);
});

describe('failed deliveries', () => {
  // Written as text: such a number is not the same number once JavaScript has read it.
  const ID = '186302041537298434';
  const item = (id: string, at: string) =>
    `{"id":${id},"guid":"g-${at}","event":"push","delivered_at":"2026-11-02T${at}Z","redelivery":false}`;
  const page = (query: Record<string, string>, items: readonly string[], next?: string) =>
    asApp()
      .get('/app/hook/deliveries')
      .query({ status: 'failure', per_page: '100', ...query })
      .reply(200, `[${items.join()}]`, {
        'content-type': 'application/json; charset=utf-8',
        ...(next === undefined
          ? {}
          : {
              link: `<${API}/app/hook/deliveries?per_page=100&cursor=${next}>; rel="next", <x>; rel="first"`,
            }),
      });

  test('newest first, exact ids, as far back as asked', async () => {
    const { app, requests } = github();
    page({}, [item(ID, '09:00:00'), item('2', '08:00:00')], 'v1_x%3D');
    page({ cursor: 'v1_x=' }, [item('3', '07:00:00'), item('4', '05:59:59')], 'v1_y');
    expect(await app.failedDeliveries('2026-11-02T06:00:00.000Z')).toEqual([
      { id: ID, guid: 'g-09:00:00', event: 'push', at: '2026-11-02T09:00:00.000Z' },
      { id: '2', guid: 'g-08:00:00', event: 'push', at: '2026-11-02T08:00:00.000Z' },
      { id: '3', guid: 'g-07:00:00', event: 'push', at: '2026-11-02T07:00:00.000Z' },
    ]);
    expect(requests).toHaveLength(2);
  });

  test('end with the last page', async () => {
    const { app } = github();
    page({}, [item('1', '09:00:00')]);
    expect(await app.failedDeliveries('2026-11-01T00:00:00.000Z')).toHaveLength(1);
  });

  test('of another form are not read', async () => {
    const { app } = github();
    page({}, ['{"id":1}']);
    expect(await thrown(app.failedDeliveries('2026-11-01T00:00:00.000Z'))).toBeInstanceOf(Unavailable);
  });

  test('one is sent again', async () => {
    const { app } = github();
    asApp().post(`/app/hook/deliveries/${ID}/attempts`).reply(202, {});
    await app.redeliver(ID);
    asApp().post(`/app/hook/deliveries/${ID}/attempts`).reply(404, {});
    expect(await thrown(app.redeliver(ID))).toBeInstanceOf(NotThere);
  });
});
