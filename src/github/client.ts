import type { Octokit } from '@octokit/core';
import type { ZodType } from 'zod';
import {
  failureOf,
  fieldsOf,
  graphqlFailureOf,
  isLimit,
  misshapen,
  unreachable,
  type GraphqlError,
  type Headers,
} from './errors.ts';
import { parsedJson } from './json.ts';
import { graphqlAnswer } from './shapes.ts';

export type Method = 'GET' | 'POST' | 'PATCH';
export type Route = `${Method} /${string}`;
export type Parameters = Readonly<Record<string, unknown>>;

/** One request as it went, for metrics. */
export interface RequestInfo {
  readonly installation?: number;
  /** Template of the route, or the name of the query. */
  readonly route: string;
  /** 0 when there was no answer. */
  readonly status: number;
  readonly kind: 'rest' | 'graphql';
  readonly durationMs: number;
}

export interface Answer<T> {
  readonly value: T;
  readonly headers: Headers;
}

export interface Query {
  readonly name: string;
  readonly text: string;
}

export interface GraphqlAnswer<T> {
  readonly value: T;
  /** Those that were said to be bearable. */
  readonly errors: readonly GraphqlError[];
}

/** What every file of this folder asks GitHub with: checked answers, and errors of the port only. */
export interface Client {
  rest<T>(shape: ZodType<T>, route: Route, parameters?: Parameters): Promise<Answer<T>>;
  /** Errors that `bearable` takes are handed over with the rest of the answer; any other is thrown. */
  graphql<T>(
    shape: ZodType<T>,
    query: Query,
    variables: Parameters,
    bearable?: (error: GraphqlError) => boolean,
  ): Promise<GraphqlAnswer<T>>;
}

/** The one thing that is wanted of an Octokit, whichever it is. */
export type Requester = Pick<Octokit, 'request'>;

/** How a client gets at an Octokit: the App has one, an installation has one per token. */
export interface Access {
  readonly installation?: number;
  octokit(): Promise<Requester>;
  /** GitHub did not take what this one signs with. True when another one may do better. */
  renounce(octokit: Requester): Promise<boolean>;
}

export interface ClientOptions {
  readonly access: Access;
  readonly graphqlUrl: string;
  readonly now: () => Date;
  readonly onRequest?: ((info: RequestInfo) => void) | undefined;
}

interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly data: unknown;
}

interface Sending {
  readonly label: string;
  readonly kind: RequestInfo['kind'];
  readonly method: string;
  readonly url: string;
  readonly parameters: Parameters;
}

export function createClient(options: ClientOptions): Client {
  return {
    async rest(shape, route, parameters = {}) {
      const [method = 'GET', url = '/'] = route.split(' ');
      const answer = await send(options, { label: route, kind: 'rest', method, url, parameters });
      return { value: shaped(shape, answer.data, route, answer.headers), headers: answer.headers };
    },
    async graphql(shape, { name, text }, variables, bearable = () => false) {
      const answer = await send(options, {
        label: name,
        kind: 'graphql',
        method: 'POST',
        url: options.graphqlUrl,
        parameters: { query: text, variables },
      });
      const { headers } = answer;
      const { data, errors = [] } = shaped(graphqlAnswer, answer.data, name, headers);
      const unbearable = errors.filter((e) => isLimit(e) || !bearable(e));
      if (unbearable.length > 0) throw graphqlFailureOf(unbearable, { label: name, headers }, options.now());
      return { value: shaped(shape, data, name, headers), errors };
    },
  };
}

function shaped<T>(shape: ZodType<T>, data: unknown, label: string, headers: Headers): T {
  const read = shape.safeParse(data);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw misshapen({ label, headers }, `${issue?.path.join('.') ?? ''} (${issue?.code ?? 'unknown'})`);
}

/** A 401 means that nothing was done, so that another try is safe, for writes too. */
async function send(options: ClientOptions, sending: Sending): Promise<RawAnswer> {
  const octokit = await options.access.octokit();
  const answer = await sendOnce(options, octokit, sending);
  if (answer.status === 401 && (await options.access.renounce(octokit)))
    return successful(options, sending, await sendOnce(options, await options.access.octokit(), sending));
  return successful(options, sending, answer);
}

function successful(options: ClientOptions, { label }: Sending, answer: RawAnswer): RawAnswer {
  if (answer.status >= 200 && answer.status < 300) return answer;
  throw failureOf({ label, ...answer }, options.now());
}

async function sendOnce(options: ClientOptions, octokit: Requester, sending: Sending): Promise<RawAnswer> {
  const { label, kind, method, url, parameters } = sending;
  const started = performance.now();
  const seen = (status: number) => {
    const { installation } = options.access;
    const durationMs = performance.now() - started;
    options.onRequest?.({
      ...(installation === undefined ? {} : { installation }),
      route: label,
      status,
      kind,
      durationMs,
    });
  };
  try {
    const answer = await octokit.request({
      ...parameters,
      method,
      url,
      request: { parseSuccessResponseBody: false },
    });
    const { status, headers } = answer;
    seen(status);
    const data = answer.data as ReadableStream | '';
    return { status, headers, data: parsedJson(await new Response(data).text()) };
  } catch (error) {
    const answer = answerIn(error);
    seen(answer?.status ?? 0);
    if (answer) return answer;
    throw unreachable(label, error);
  }
}

/** Octokit throws answers that say no; an error without an answer is another matter. */
function answerIn(error: unknown): RawAnswer | undefined {
  const { response } = fieldsOf(error);
  const { status, headers, data } = fieldsOf(response);
  return typeof status === 'number' ? { status, headers: fieldsOf(headers) as Headers, data } : undefined;
}
