/** Where people log in through an app. Whoever looks says who they are: the double knows no passwords. */
import { askedBy, authorise, buyToken } from '../actions/authorisation.ts';
import { Refusal } from '../state/refusal.ts';
import type { World } from '../state/world.ts';
import { escape, page } from './html.ts';

export function authorizationPage(world: World, url: URL): Response {
  try {
    const { app } = askedBy(world, url.searchParams);
    const login = url.searchParams.get('login');
    const user = login === null ? undefined : world.accounts.get(login.toLowerCase());
    if (user) {
      const location = authorise(world, url.searchParams, user);
      return new Response(null, { status: 302, headers: { location } });
    }
    const people = [...world.accounts.values()].filter((account) => account.type === 'User');
    const choices = people.map((account) => {
      const as = new URL(url);
      as.searchParams.set('login', account.login);
      return `<li><a href="${escape(as.pathname + as.search)}">${escape(account.login)}</a></li>`;
    });
    return page('Log in', [
      `<h1>${escape(app.name)} wants to know who you are</h1>`,
      `<ul>${choices.join('\n')}</ul>`,
    ]);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return page('Refused', [`<p>${escape(error.message)}</p>`], error.status);
  }
}

export async function tokenAnswer(world: World, request: Request): Promise<Response> {
  const answer = buyToken(world, new URLSearchParams(await request.text()));
  return Response.json(answer, { headers: { 'cache-control': 'no-store' } });
}
