/** Who hears of an event, and the deliveries that are queued for them. */
import { accountShape, nodeId, type Shape } from '../shapes/account.ts';
import { repositoryShape } from '../shapes/repository.ts';
import type { Account, App, Installation, Repository } from '../state/nouns.ts';
import type { World } from '../state/world.ts';
import type { Delivery } from './delivery.ts';

/** Event → the permission without which no app gets it. */
const PERMISSION: Readonly<Record<string, string>> = {
  pull_request: 'pull_requests',
  pull_request_review: 'pull_requests',
  pull_request_review_comment: 'pull_requests',
  issue_comment: 'issues',
  issues: 'issues',
  check_run: 'checks',
  check_suite: 'checks',
  merge_group: 'merge_queues',
  push: 'contents',
};

const ALWAYS = new Set(['installation', 'installation_repositories']);
/** An app that may write checks is told about them without asking. */
const WITH_CHECKS = new Set(['check_run', 'check_suite']);

export function subscribes(app: Pick<App, 'permissions' | 'events'>, event: string): boolean {
  if (ALWAYS.has(event)) return true;
  if (WITH_CHECKS.has(event) && app.permissions['checks'] === 'write') return true;
  const permission = PERMISSION[event];
  return app.events.includes(event) && (permission === undefined || permission in app.permissions);
}

export interface Emission {
  readonly event: string;
  readonly action?: string;
  readonly sender: Account;
  readonly body: Shape;
  /** Only this app hears of it, as of a click on its button. */
  readonly only?: App;
}

export function emit(world: World, repository: Repository, emission: Emission): void {
  const guid = world.nextGuid();
  const { only } = emission;
  for (const installation of world.installationsOn(repository)) {
    const { app } = installation;
    if (only && only !== app) continue;
    if (installation.suspendedAt === undefined && subscribes(app, emission.event))
      queue(world, { guid, installation, repository, emission });
  }
}

/** Events about an installation itself go to its app, whatever its state. */
export function emitToInstallation(world: World, installation: Installation, emission: Emission): void {
  queue(world, { guid: world.nextGuid(), installation, repository: undefined, emission });
}

interface Queued {
  readonly guid: string;
  readonly installation: Installation;
  readonly repository: Repository | undefined;
  readonly emission: Emission;
}

function queue(world: World, { guid, installation, repository, emission }: Queued): void {
  if (!installation.app.webhook) return;
  const organisation = repository?.owner.type === 'Organization' ? repository.owner : undefined;
  const payload = {
    ...(emission.action === undefined ? {} : { action: emission.action }),
    ...emission.body,
    ...(repository ? { repository: repositoryShape(world, repository) } : {}),
    ...(organisation ? { organization: accountShape(world, organisation) } : {}),
    installation: {
      id: installation.id,
      node_id: nodeId('MDIz', installation.id),
      ...(emission.body['installation'] as Shape | undefined),
    },
    sender: accountShape(world, emission.sender),
  };
  enqueueDelivery(world, {
    guid,
    app: installation.app,
    event: emission.event,
    action: emission.action,
    installationId: installation.id,
    repositoryId: repository?.id,
    payload: JSON.stringify(payload),
    redelivery: false,
  });
}

type Fresh = Pick<
  Delivery,
  'guid' | 'app' | 'event' | 'action' | 'installationId' | 'repositoryId' | 'payload' | 'redelivery'
>;

export function enqueueDelivery(world: World, fresh: Fresh): void {
  const first = attempt(world, fresh, 0);
  const fault = world.faults.delivery?.(first) ?? {};
  const delayed = { ...first, dueAt: first.createdAt + (fault.delay ?? 0) };
  world.deliveries.push(delayed);
  for (let n = 0; n < (fault.duplicates ?? 0); n++)
    world.deliveries.push(attempt(world, fresh, fault.delay ?? 0));
  if (fault.drop === 'lost') delayed.state = 'lost';
  if (fault.drop === 'unreachable') {
    delayed.state = 'done';
    delayed.outcome = {
      at: world.now,
      status: 'failed to connect to host',
      statusCode: 502,
      duration: 10,
      body: undefined,
    };
  }
}

function attempt(world: World, fresh: Fresh, delay: number): Delivery {
  const createdAt = world.now;
  return {
    ...fresh,
    id: world.nextId(),
    createdAt,
    dueAt: createdAt + delay,
    state: 'pending',
    outcome: undefined,
  };
}
