import { bareAnswer, redirectTo } from './answers.ts';
import { cookieIn, noCookie } from './cookies.ts';
import type { Admission, Entrance } from './entrance.ts';
import { readForm } from './form.ts';
import { createLogin, type LoginDeps } from './login.ts';
import { BASE } from './paths.ts';
import type { ViewerOf } from './scope.ts';
import type { Present } from './sessions.ts';

export interface LoginEntranceDeps extends LoginDeps {
  readonly viewerOf: ViewerOf;
}

/** People log in with GitHub. */
export function loginEntrance(deps: LoginEntranceDeps): Entrance {
  const { jar, origin, sessions, now } = deps;
  const login = createLogin(deps);
  const present = async (request: Request): Promise<Present | undefined> => {
    const id = cookieIn(request.headers.get('cookie'), jar.session);
    return id === undefined ? undefined : sessions.find(id, now());
  };
  return {
    local: false,
    originOf: () => origin,
    admit: async (request) => {
      const who = await present(request);
      if (who === undefined) return { kind: 'stranger' };
      const viewer = await deps.viewerOf(who.session, who.token);
      if (viewer !== undefined) return { kind: 'viewer', viewer, csrf: who.csrf };
      return goneAtGitHub(request, deps);
    },
    routes: [
      { path: '/login', method: 'GET', answer: login.start },
      { path: '/callback', method: 'GET', answer: login.finish },
      {
        path: '/logout',
        method: 'POST',
        answer: async (request) => logOut(request, await present(request), deps),
      },
    ],
  };
}

async function goneAtGitHub(request: Request, { jar, sessions, now }: LoginEntranceDeps): Promise<Admission> {
  await sessions.end(cookieIn(request.headers.get('cookie'), jar.session) ?? '', now());
  return {
    kind: 'stranger',
    why: 'GitHub does not take your login any more.',
    more: [['set-cookie', noCookie(jar, 'session')]],
  };
}

async function logOut(
  request: Request,
  who: Present | undefined,
  { jar, origin, sessions, now }: LoginEntranceDeps,
): Promise<Response> {
  if (who !== undefined) {
    const form = await readForm(request, { origin, csrf: who.csrf });
    if (form.kind === 'refused')
      return bareAnswer(form.status, { title: 'Not logged out', sentences: [form.why] });
    await sessions.end(cookieIn(request.headers.get('cookie'), jar.session) ?? '', now());
  }
  return redirectTo(BASE, [['set-cookie', noCookie(jar, 'session')]]);
}
