/** Requests and answers against GitHub's own description of its API (`openapi.generated.json`). */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { invalid, type Refusal } from '../state/refusal.ts';

interface Operation {
  readonly query: unknown;
  readonly body?: unknown;
  readonly responses: Record<string, unknown>;
}

interface Description {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly schemas: Record<string, { properties?: Record<string, Record<string, unknown>> }>;
}

/** The double answered something that GitHub does not: a bug of the double, never of the project under test. */
export class ContractError extends Error {
  override readonly name = 'ContractError';
}

/** Where GitHub's description is narrower than its answers: an outdated or file-level comment has no line. */
const NULLABLE: Readonly<Record<string, readonly string[]>> = {
  'pull-request-review-comment': ['line', 'original_line', 'position', 'original_position'],
  'review-comment': ['line', 'original_line'],
};

/** GitHub's description asks that an account be a person and an enterprise at once; its answers are not. */
const INSTEAD: Readonly<Record<string, unknown>> = {
  'GET /app/installations': { type: 'array', items: { $ref: '#/schemas/installation' } },
};

let shared: { ajv: Ajv; query: Ajv; description: Description } | undefined;

function load(): NonNullable<typeof shared> {
  if (shared) return shared;
  const file = join(dirname(fileURLToPath(import.meta.url)), '../openapi.generated.json');
  const description = JSON.parse(readFileSync(file, 'utf8')) as Description;
  for (const [schema, properties] of Object.entries(NULLABLE))
    for (const property of properties) {
      const known = description.schemas[schema]?.properties?.[property];
      if (known) known['type'] = [known['type'], 'null'];
    }
  for (const [operation, schema] of Object.entries(INSTEAD)) {
    const responses = description.operations[operation]?.responses;
    if (responses) responses['200'] = schema;
  }
  const options = { strict: false, allErrors: false, validateFormats: true };
  const ajv = new Ajv(options);
  const query = new Ajv({ ...options, coerceTypes: 'array' });
  for (const each of [ajv, query]) {
    addFormats.default(each);
    each.addSchema({ $id: 'github', ...description });
  }
  return (shared = { ajv, query, description });
}

const compiled = new Map<string, ValidateFunction>();

function validator(kind: 'ajv' | 'query', operation: string, ...path: readonly string[]): ValidateFunction {
  const pointer = ['operations', operation, ...path]
    .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/');
  const known = compiled.get(pointer) ?? load()[kind].compile({ $ref: `github#/${pointer}` });
  compiled.set(pointer, known);
  return known;
}

export function isDescribed(operation: string): boolean {
  return operation in load().description.operations;
}

/** What is wrong with a request, as a 422; nothing when GitHub's description allows it. */
export function requestFault(operation: string, query: object, body: unknown): Refusal | undefined {
  const described = load().description.operations[operation];
  if (!described) return undefined;
  const forQuery = validator('query', operation, 'query');
  if (!forQuery({ ...query })) return invalid(words(forQuery.errors), 'Invalid request.');
  if (described.body === undefined) return undefined;
  const forBody = validator('ajv', operation, 'body');
  return forBody(body)
    ? undefined
    : invalid(words(forBody.errors), `Invalid request.\n\n${words(forBody.errors).join('\n')}`);
}

/** Throws when an answer is not what GitHub's description promises. */
export function assertAnswer(operation: string, status: number, body: unknown): void {
  const described = load().description.operations[operation];
  if (!described) return;
  const schema = described.responses[String(status)];
  if (schema === undefined) {
    const known = Object.keys(described.responses);
    if (status < 300 && body !== undefined && !known.includes(String(status)))
      throw new ContractError(`${operation} answered ${status}; GitHub answers ${known.join(', ')}.`);
    return;
  }
  const check = validator('ajv', operation, 'responses', String(status));
  if (!check(body))
    throw new ContractError(
      `${operation} → ${status} is not what GitHub answers: ${words(check.errors).join('; ')}`,
    );
}

function words(errors: readonly ErrorObject[] | null | undefined): string[] {
  return (errors ?? []).map((error) => `${error.instancePath || '/'} ${error.message ?? 'is wrong'}`);
}
