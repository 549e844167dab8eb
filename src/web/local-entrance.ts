import type { Entrance } from './entrance.ts';
import { csrfOf, randomId } from './seal.ts';

/** Names of this machine. A page elsewhere that gives its own name our address is not let in by them. */
const LOOPBACK = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;

/** Local mode: nobody logs in, everything is shown, and only to programs on this machine. */
export function localEntrance(): Entrance {
  const secret = randomId();
  const csrf = csrfOf('local', secret);
  const viewer = {
    login: 'local',
    id: undefined,
    role: 'local',
    scope: { kind: 'all' },
    notices: [],
  } as const;
  return {
    local: true,
    originOf: (request) => `http://${request.headers.get('host') ?? ''}`,
    admit: (request) =>
      Promise.resolve(
        LOOPBACK.test(request.headers.get('host') ?? '')
          ? { kind: 'viewer', viewer, csrf }
          : {
              kind: 'refused',
              status: 421,
              why: 'These pages are for this machine alone: open them as http://127.0.0.1 or http://localhost.',
            },
      ),
    routes: [],
  };
}
