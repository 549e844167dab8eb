/** One request from arrival to answer: faults, token, budget, route, contract. */
import { createHash } from 'node:crypto';
import { executeGraphql } from '../graphql/execution.ts';
import { ROUTES } from '../rest/routes.ts';
import type { RequestFault, RequestInfo } from '../state/faults.ts';
import { notFound, Refusal } from '../state/refusal.ts';
import type { World } from '../state/world.ts';
import { authorise, callerOf } from './authentication.ts';
import { Budget, secondaryLimit, type Resource } from './budget.ts';
import type { Answer, Call, Caller } from './call.ts';
import { createRouter, type Found } from './routing.ts';
import { assertAnswer, requestFault } from './validation.ts';

/** What a test counts. */
export interface RequestRecord extends RequestInfo {
  readonly status: number;
  readonly caller: Caller['kind'];
  /** Points for a GraphQL request, 1 for any other, 0 for one answered with 304. */
  readonly cost: number;
}

export interface Pipeline {
  readonly handle: (request: Request) => Promise<Response>;
  readonly requests: RequestRecord[];
}

/** A request that got no answer. */
export class NoAnswer extends TypeError {
  constructor() {
    super('fetch failed', { cause: new Error('the double gave no answer') });
  }
}

interface Arrived {
  readonly info: RequestInfo;
  readonly request: Request;
  readonly url: URL;
  readonly text: string;
  readonly found: Found | undefined;
}

const route = createRouter(ROUTES);

export function createPipeline(world: World, options: { validate: boolean }): Pipeline {
  const budget = new Budget(world);
  const requests: RequestRecord[] = [];
  let count = 0;

  async function handle(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const path = url.pathname.replace(/^\/api\/v3(?=\/|$)/, '') || '/';
    const graphql = request.method === 'POST' && (path === '/graphql' || path === '/api/graphql');
    const found = graphql ? undefined : route(request.method, path);
    const text = await request.text();
    const info = {
      count: ++count,
      method: request.method,
      route: nameOf(request.method, path, graphql, found),
      path,
      at: world.now,
    };
    const fault = world.faults.request?.(info);
    const arrived = { info, request, url, text, found };
    if (fault?.when === 'before') return faulty(fault, record(arrived, 'anonymous', 0));
    const response = answer(arrived, graphql);
    return fault ? faulty(fault, () => undefined) : response;
  }

  /** Writes the request down once its answer is known. */
  function record({ info }: Arrived, caller: Caller['kind'], cost: number): (status: number) => void {
    return (status) => requests.push({ ...info, status, caller, cost });
  }

  function faulty(fault: RequestFault, note: (status: number) => void): Response {
    if (fault.answer === 'timeout') {
      note(0);
      throw new NoAnswer();
    }
    const refusal =
      fault.answer === 'secondary-limit'
        ? secondaryLimit(fault.retryAfter ?? world.limits.retryAfter)
        : new Refusal(fault.answer, fault.answer === 422 ? 'Validation Failed' : 'Server Error');
    note(refusal.status);
    return responseOf(refused(refusal), dated());
  }

  function answer(arrived: Arrived, graphql: boolean): Response {
    let caller: Caller = { kind: 'anonymous' };
    const resource: Resource = graphql ? 'graphql' : 'core';
    let result: Answer;
    let cost = 0;
    try {
      caller = callerOf(world, arrived.request.headers.get('authorization'));
      if (graphql) {
        const executed = executeGraphql({ world, caller, budget, text: arrived.text, at: momentOf(arrived) });
        cost = executed.cost;
        result = executed.answer;
      } else {
        cost = budgeted(caller, arrived) ? 1 : 0;
        result = rest(arrived, caller);
      }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      result = refused(error);
    }
    const fresh = unlessKnown(arrived, result);
    if (fresh.status === 304) cost = 0;
    budget.spend(caller, resource, graphql ? 0 : cost);
    record(arrived, caller.kind, cost)(fresh.status);
    return responseOf(fresh, { ...budget.headers(caller, resource), ...dated() });
  }

  /** Clients correct their own clock by this. */
  function dated(): Record<string, string> {
    return { date: world.clock().toUTCString() };
  }

  function budgeted(caller: Caller, { info }: Arrived): boolean {
    if (info.path === '/rate_limit') return false;
    if (budget.isSpent(caller, 'core')) throw budget.exceeded(caller);
    return true;
  }

  function rest(arrived: Arrived, caller: Caller): Answer {
    const { found, url, info } = arrived;
    if (info.path === '/rate_limit' && info.method === 'GET') return standing(caller);
    if (!found) throw notFound();
    const repository = repositoryIn(found);
    // A token of the app itself is refused before anything is told about the repository.
    if (
      repository === undefined &&
      found.route.template.startsWith('/repos/') &&
      found.route.access !== 'app'
    )
      throw notFound();
    authorise(world, caller, found.route, repository);
    const call: Call = {
      world,
      caller,
      url,
      params: found.params,
      query: Object.fromEntries(url.searchParams),
      body: bodyOf(arrived.text),
      accept: arrived.request.headers.get('accept') ?? '',
      at: momentOf(arrived),
    };
    const fault = options.validate ? requestFault(info.route, call.query, call.body) : undefined;
    if (fault) throw fault;
    if (found.route.content) budget.create(caller);
    const result = found.route.run(call);
    if (options.validate && result.raw === undefined)
      assertAnswer(info.route, result.status, plain(result.body));
    return result;
  }

  function repositoryIn(found: Found) {
    const { owner, repo } = found.params;
    if (owner === undefined || repo === undefined) return undefined;
    return world.repositories.get(`${owner}/${repo}`.toLowerCase());
  }

  function standing(caller: Caller): Answer {
    const [core, graphql] = [budget.standing(caller, 'core'), budget.standing(caller, 'graphql')];
    return { status: 200, body: { resources: { core, graphql, search: core }, rate: core } };
  }

  /** Only reads see the past. */
  function momentOf({ info }: Arrived): number {
    const reads = info.method === 'GET' || info.route === 'POST /graphql';
    return world.now - (reads ? (world.faults.lag?.(info) ?? 0) : 0);
  }

  return { handle, requests };
}

function nameOf(method: string, path: string, graphql: boolean, found: Found | undefined): string {
  if (graphql) return 'POST /graphql';
  if (path === '/rate_limit') return `${method} /rate_limit`;
  return found ? `${method} ${found.route.template}` : 'unknown';
}

function bodyOf(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal(400, 'Problems parsing JSON');
  }
}

/** As a client will see it: without what JSON leaves out. */
const plain = (body: unknown): unknown =>
  body === undefined ? undefined : (JSON.parse(JSON.stringify(body)) as unknown);

function refused(refusal: Refusal): Answer {
  return {
    status: refusal.status,
    body: {
      message: refusal.message,
      ...(refusal.errors ? { errors: refusal.errors } : {}),
      documentation_url: 'https://docs.github.com/rest',
      status: String(refusal.status),
    },
    headers: refusal.headers,
  };
}

/** A client that shows it has the answer already gets 304, which costs nothing. */
function unlessKnown({ request }: Arrived, answer: Answer): Answer {
  if (request.method !== 'GET' || answer.status !== 200 || answer.raw) return answer;
  const etag = `W/"${createHash('sha256').update(JSON.stringify(answer.body)).digest('hex').slice(0, 32)}"`;
  const headers = { ...answer.headers, etag };
  if (request.headers.get('if-none-match') === etag) return { status: 304, headers };
  return { ...answer, headers };
}

function responseOf(answer: Answer, headers: Readonly<Record<string, string>>): Response {
  const all = new Headers({ ...headers, ...answer.headers, 'x-github-media-type': 'github.v3; format=json' });
  if (answer.raw) {
    // GitHub claims UTF-8 even for bytes that are not: a client that believes it breaks binary files.
    all.set('content-type', 'application/vnd.github.raw; charset=utf-8');
    return new Response(answer.raw, { status: answer.status, headers: all });
  }
  if (answer.body === undefined) return new Response(null, { status: answer.status, headers: all });
  all.set('content-type', 'application/json; charset=utf-8');
  return new Response(JSON.stringify(answer.body), { status: answer.status, headers: all });
}
