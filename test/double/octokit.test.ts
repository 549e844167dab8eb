/** The client that Threatgate uses, against the double: over `fetch`, without a socket. */
import { expect, test } from '@jest/globals';
import { App, Octokit } from 'octokit';
import { keyPair } from './key-pair.ts';
import { openedPull, read, scene } from './scene.ts';

/** No waiting for writes to be a second apart. */
const quick = { enabled: false };
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {
  // What Octokit logs about its clock is expected here.
}

test('an app finds its installation, pages through files and reports, though its clock is another', async () => {
  const { gh, app, installation } = scene();
  const { headSha } = openedPull(gh);
  const client = new App({
    appId: app.id,
    privateKey: keyPair().privateKey,
    Octokit: Octokit.defaults({ request: { fetch: gh.fetch }, throttle: quick, retry: quick, log: silent }),
    log: silent,
  });
  const octokit = await client.getInstallationOctokit(installation.id);
  const place = { owner: 'acme', repo: 'shop' };
  const files = await octokit.paginate(octokit.rest.pulls.listFiles, {
    ...place,
    pull_number: 1,
    per_page: 1,
  });
  expect(files.map((file) => file.filename)).toEqual(['added.txt', 'main.tf']);
  const answer: unknown = await octokit.graphql(
    'query ($n: Int!) { repository(owner: "acme", name: "shop") { pullRequest(number: $n) { headRefOid } } }',
    { n: 1 },
  );
  expect(read(answer, 'repository', 'pullRequest', 'headRefOid')).toBe(headSha);
  const made = await octokit.rest.checks.create({ ...place, name: 'Threatgate', head_sha: headSha });
  expect(made.data.app?.id).toBe(app.id);
  const raw = await octokit.rest.repos.getContent({
    ...place,
    path: 'README.md',
    mediaType: { format: 'raw' },
  });
  expect(raw.data).toBe('Shop\n');
});
