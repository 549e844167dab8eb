import { createUserLogin } from '../github/user-login.ts';
import type { RequestInfo } from '../github/client.ts';
import { webUrlOf } from '../github/web-address.ts';
import type { Log } from '../review/deps.ts';
import type { Store } from '../review/store.ts';
import { openAccess } from '../store/open-access.ts';
import { openView } from '../store/open-view.ts';
import { cookiesOf } from '../web/cookies.ts';
import { PackageExports } from '../web/create-exports.ts';
import { createPages } from '../web/create-pages.ts';
import { ASSETS } from '../web/layout/assets.ts';
import { renderPage } from '../web/layout/layout.ts';
import { keepFresh } from '../web/keep-fresh.ts';
import { loginEntrance } from '../web/login-entrance.ts';
import { PAGES } from '../web/pages/index.ts';
import { BASE } from '../web/paths.ts';
import { createPolicyAuditors } from '../web/policy-auditors.ts';
import { createViewers } from '../web/scope.ts';
import { createSessions } from '../web/sessions.ts';
import { now } from './clock.ts';
import type { Config, LoginConfig } from './config.ts';
import type { Handler } from './intake.ts';
import type { Metrics } from './metrics.ts';
import { placeOf } from './parts.ts';

export interface AuditPages {
  readonly handle: Handler;
  close(): Promise<void>;
}

export interface PagesParts {
  readonly config: Config;
  readonly store: Pick<Store, 'repositories' | 'document'>;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly onRequest: (request: RequestInfo) => void;
}

/** The pages of the audit trail, with people logging in; undefined where that is not set up. */
export async function openPages(parts: PagesParts): Promise<AuditPages | undefined> {
  const { login, publicUrl } = parts.config;
  return login === undefined || publicUrl === undefined ? undefined : open(parts, login, publicUrl);
}

async function open(
  { config, store, log, metrics, onRequest }: PagesParts,
  { clientId, clientSecret, sessionSecret: secret }: LoginConfig,
  origin: string,
): Promise<AuditPages> {
  const { appId, apiUrl: baseUrl } = config;
  const webUrl = webUrlOf(baseUrl);
  const place = placeOf(config);
  const access = await openAccess(place);
  const view = await openView(place);
  const exports = new PackageExports({ place, base: config.dataDir, view, now, log });
  const clock = (): Date => new Date(now());
  const github = createUserLogin({
    appId,
    clientId,
    clientSecret,
    baseUrl,
    webUrl,
    now: clock,
    log,
    onRequest,
  });
  const entrance = loginEntrance({
    github,
    access,
    sessions: createSessions(access, secret),
    viewerOf: createViewers({ github, access, auditors: createPolicyAuditors(store), now, log }),
    jar: cookiesOf(origin),
    origin,
    secret,
    now,
    log,
  });
  const handle = createPages({
    pages: PAGES,
    render: renderPage,
    assets: ASSETS,
    entrance,
    view,
    exports,
    githubUrl: webUrl,
    now,
    log,
    seen: (page, status) => metrics.pages.inc({ page, status: String(status) }),
  });
  const keeping = keepFresh(view, log);
  log.info({ url: origin + BASE }, 'the pages of the audit trail are open');
  return {
    handle,
    close: async () => {
      await keeping.stop();
      await exports.close();
      await view.close();
      await access.close();
    },
  };
}
