import type { Delivery } from '../review/work.ts';
import { mergeGroups, push } from './events/branches.ts';
import { checkRuns, checkSuites } from './events/checks.ts';
import { lineComments, remarks } from './events/discussions.ts';
import { installationRepositories, installations, repositories } from './events/installations.ts';
import { issues } from './events/issues.ts';
import { pullRequests, reviews } from './events/pull-requests.ts';
import type { Identity, Reading } from './events/reading.ts';

export type { Identity } from './events/reading.ts';

/** What a delivery comes to. */
export type Routing =
  | ({ readonly kind: 'relevant' } & Pick<Delivery, 'action' | 'work' | 'signals'>)
  | { readonly kind: 'irrelevant' }
  | { readonly kind: 'malformed'; readonly what: string };

/**
 * Every event that matters, by name and action; everything else costs nothing. `app.yml` subscribes to exactly these, as
 * far as they have to be subscribed to. Whoever may approve is looked up when they do, so that changes of teams and
 * memberships are no events for us.
 */
const EVENTS: ReadonlyMap<string, Reading | Readonly<Record<string, Reading>>> = new Map<
  string,
  Reading | Readonly<Record<string, Reading>>
>([
  ['check_run', checkRuns],
  ['check_suite', checkSuites],
  ['installation', installations],
  ['installation_repositories', installationRepositories],
  ['issue_comment', remarks],
  ['issues', issues],
  ['merge_group', mergeGroups],
  ['pull_request', pullRequests],
  ['pull_request_review', reviews],
  ['pull_request_review_comment', lineComments],
  ['push', push],
  ['repository', repositories],
]);

/** Events of which at least one action matters. */
export const ROUTED: ReadonlySet<string> = new Set(EVENTS.keys());

/** Event name and payload → where to look. Pure, and never throws: every payload gets an answer. */
export function route(event: string, payload: unknown, self: Identity): Routing {
  const action = actionOf(payload);
  const entry = EVENTS.get(event);
  const read = typeof entry === 'function' ? entry : actionIn(entry, action);
  if (!read) return { kind: 'irrelevant' };
  const result = read(payload, self);
  if ('wrong' in result) return { kind: 'malformed', what: result.wrong };
  return result.found ? { kind: 'relevant', action, ...result.found } : { kind: 'irrelevant' };
}

function actionOf(payload: unknown): string {
  const action = (payload as { readonly action?: unknown } | null)?.action;
  return typeof action === 'string' ? action : '';
}

function actionIn(entry: Readonly<Record<string, Reading>> | undefined, action: string): Reading | undefined {
  return entry && Object.hasOwn(entry, action) ? entry[action] : undefined;
}
