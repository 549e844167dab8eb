import type { IncomingMessage, ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { answerOf } from './answers.ts';
import { createPagesApp, type PagesDeps } from './pages-app.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The pages behind a server of Node. */
export function createPages(deps: PagesDeps): Handler {
  const app = createPagesApp(deps);
  return getRequestListener((request, env) => app(request, env as Parameters<typeof app>[1]), {
    // Addresses are made of what was configured; what a stranger calls us is of no interest.
    hostname: 'localhost',
    overrideGlobalObjects: false,
    errorHandler: () => answerOf(400, 'The request cannot be read.\n', 'text/plain; charset=utf-8'),
  });
}
