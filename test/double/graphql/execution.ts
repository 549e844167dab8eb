import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSchema, executeSync, parse, validate, type GraphQLError, type GraphQLSchema } from 'graphql';
import type { Budget } from '../http/budget.ts';
import type { Answer, Caller } from '../http/call.ts';
import { Refusal } from '../state/refusal.ts';
import type { World } from '../state/world.ts';
import { measure } from './cost.ts';
import { GraphqlFault, type Context } from './context.ts';
import { rootOf } from './root.ts';

export interface GraphqlRequest {
  readonly world: World;
  readonly caller: Caller;
  readonly budget: Budget;
  readonly text: string;
  readonly at: number;
}

export interface Executed {
  readonly answer: Answer;
  readonly cost: number;
}

let known: GraphQLSchema | undefined;

/** GitHub's names and nullability, of the part that is asked for here. */
export function schema(): GraphQLSchema {
  const file = join(dirname(fileURLToPath(import.meta.url)), 'schema.graphql');
  return (known ??= buildSchema(readFileSync(file, 'utf8')));
}

/** Documents are few and sent often. */
const documents = new Map<string, ReturnType<typeof parse> | readonly GraphQLError[]>();

function documentOf(query: string): ReturnType<typeof parse> | readonly GraphQLError[] {
  const before = documents.get(query);
  if (before) return before;
  const document = parse(query);
  const errors = validate(schema(), document);
  const result = errors.length > 0 ? errors : document;
  documents.set(query, result);
  return result;
}

export function executeGraphql(request: GraphqlRequest): Executed {
  const { caller, budget } = request;
  if (caller.kind === 'anonymous' || caller.kind === 'app')
    throw new Refusal(401, 'This endpoint requires you to be authenticated.');
  if (budget.isSpent(caller, 'graphql'))
    // Unlike over REST this is a success for HTTP.
    return failed([{ type: 'RATE_LIMITED', message: budget.exceeded(caller).message }]);
  const { query, variables, operationName } = payloadOf(request.text);
  let document: ReturnType<typeof documentOf>;
  try {
    document = documentOf(query);
  } catch (error) {
    return failed([{ message: error instanceof Error ? error.message : 'Parse error' }]);
  }
  if (Array.isArray(document)) return failed((document as GraphQLError[]).map(shapeOf));
  const parsed = document as ReturnType<typeof parse>;
  const cost = measure(parsed, variables);
  budget.spend(caller, 'graphql', cost);
  const context: Context = { world: request.world, caller, at: request.at, budget, cost };
  const { data, errors } = executeSync({
    schema: schema(),
    document: parsed,
    rootValue: rootOf(context),
    contextValue: context,
    variableValues: variables,
    ...(operationName === undefined ? {} : { operationName }),
  });
  const body = errors ? { data: data ?? null, errors: errors.map(shapeOf) } : { data };
  return { answer: { status: 200, body }, cost };
}

const failed = (errors: readonly unknown[]): Executed => ({
  answer: { status: 200, body: { errors } },
  cost: 0,
});

function payloadOf(text: string): {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | undefined;
} {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Refusal(400, 'Problems parsing JSON');
  }
  const { query, variables, operationName } = body as {
    query?: unknown;
    variables?: Record<string, unknown> | null;
    operationName?: string | null;
  };
  if (typeof query !== 'string')
    throw new Refusal(400, 'A query attribute must be specified and must be a string.');
  return { query, variables: variables ?? {}, operationName: operationName ?? undefined };
}

/** GitHub's errors carry their type beside the message; an error that is no refusal is a bug of the double. */
function shapeOf(error: GraphQLError): unknown {
  const { cause } = error;
  if (cause instanceof Error && !(cause instanceof GraphqlFault) && cause.name !== 'GraphQLError')
    throw cause;
  return {
    ...(cause instanceof GraphqlFault ? { type: cause.type } : {}),
    ...(error.path ? { path: error.path } : {}),
    ...(error.locations ? { locations: error.locations } : {}),
    message: error.message,
  };
}
