/** Small pages to look at, for the demo: what people would see on GitHub. */
import type { World } from '../state/world.ts';
import { authorizationPage, tokenAnswer } from './authorization.ts';
import { page } from './html.ts';
import { listPage } from './list.ts';
import { registrationPage } from './registration.ts';
import { pullPage } from './pull.ts';

/** Answers a browser; nothing when the request is one for the API. */
export async function servePage(world: World, request: Request): Promise<Response | undefined> {
  const url = new URL(request.url);
  if (/^\/(?:organizations\/[^/]+\/)?settings\/apps\/new$/.test(url.pathname))
    return registrationPage(world, request, url);
  if (url.pathname === '/login/oauth/access_token' && request.method === 'POST')
    return tokenAnswer(world, request);
  if (request.method !== 'GET') return undefined;
  if (url.pathname === '/login/oauth/authorize') return authorizationPage(world, url);
  if (url.pathname === '/') return page('Repositories', listPage(world));
  const match = /^\/([^/]+)\/([^/]+)\/pull\/(\d+)$/.exec(url.pathname);
  if (!match || match[1] === 'repos') return undefined;
  const [, owner = '', name = '', number = ''] = match;
  const repository = world.repositories.get(`${owner}/${name}`.toLowerCase());
  const pull = repository && world.pullsOf(repository).find((each) => each.number === Number(number));
  return pull
    ? page(pull.title, pullPage(world, pull))
    : page('Not found', ['<p>There is no such pull request.</p>'], 404);
}
