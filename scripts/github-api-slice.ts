/**
 * Writes `test/double/openapi.generated.json`: the part of GitHub's own API description that the double is checked
 * against, without its prose. Run by hand when the endpoints or the pinned version change:
 * `node scripts/github-api-slice.ts [already downloaded tarball]`. Needs npm and tar.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = '@octokit/openapi@23.0.2';
const FILE = 'package/generated/api.github.com.json';
const REPO = '/repos/{owner}/{repo}';

const OPERATIONS = [
  'GET /app',
  'GET /app/installations',
  'GET /app/installations/{installation_id}',
  'POST /app/installations/{installation_id}/access_tokens',
  'GET /app/hook/deliveries',
  'GET /app/hook/deliveries/{delivery_id}',
  'POST /app/hook/deliveries/{delivery_id}/attempts',
  'POST /app-manifests/{code}/conversions',
  'GET /installation/repositories',
  'GET /orgs/{org}/teams/{team_slug}/memberships/{username}',
  'GET /rate_limit',
  'GET /user',
  'GET /user/installations',
  'GET /user/installations/{installation_id}/repositories',
  `GET ${REPO}`,
  `GET ${REPO}/installation`,
  `GET ${REPO}/actions/artifacts/{artifact_id}/{archive_format}`,
  `GET ${REPO}/actions/runs`,
  `GET ${REPO}/actions/runs/{run_id}/artifacts`,
  `GET ${REPO}/actions/workflows/{workflow_id}/runs`,
  `POST ${REPO}/actions/runs/{run_id}/rerun`,
  `GET ${REPO}/activity`,
  `GET ${REPO}/branches`,
  `GET ${REPO}/branches/{branch}`,
  `POST ${REPO}/check-runs`,
  `GET ${REPO}/check-runs/{check_run_id}`,
  `PATCH ${REPO}/check-runs/{check_run_id}`,
  `GET ${REPO}/check-runs/{check_run_id}/annotations`,
  `POST ${REPO}/check-runs/{check_run_id}/rerequest`,
  `GET ${REPO}/collaborators/{username}/permission`,
  `GET ${REPO}/commits/{commit_sha}/pulls`,
  `GET ${REPO}/commits/{ref}`,
  `GET ${REPO}/commits/{ref}/check-runs`,
  `GET ${REPO}/commits/{ref}/check-suites`,
  `GET ${REPO}/compare/{basehead}`,
  `GET ${REPO}/contents/{path}`,
  `GET ${REPO}/git/blobs/{file_sha}`,
  `GET ${REPO}/git/commits/{commit_sha}`,
  `GET ${REPO}/git/matching-refs/{ref}`,
  `GET ${REPO}/git/trees/{tree_sha}`,
  `GET ${REPO}/issues`,
  `POST ${REPO}/issues`,
  `GET ${REPO}/issues/{issue_number}/comments`,
  `POST ${REPO}/issues/{issue_number}/comments`,
  `GET ${REPO}/issues/comments/{comment_id}`,
  `PATCH ${REPO}/issues/comments/{comment_id}`,
  `DELETE ${REPO}/issues/comments/{comment_id}`,
  `POST ${REPO}/issues/comments/{comment_id}/reactions`,
  `GET ${REPO}/pulls`,
  `GET ${REPO}/pulls/{pull_number}`,
  `GET ${REPO}/pulls/{pull_number}/files`,
  `GET ${REPO}/pulls/{pull_number}/commits`,
  `PUT ${REPO}/pulls/{pull_number}/merge`,
  `GET ${REPO}/pulls/{pull_number}/reviews`,
  `POST ${REPO}/pulls/{pull_number}/reviews`,
  `GET ${REPO}/pulls/{pull_number}/reviews/{review_id}`,
  `PUT ${REPO}/pulls/{pull_number}/reviews/{review_id}`,
  `PUT ${REPO}/pulls/{pull_number}/reviews/{review_id}/dismissals`,
  `GET ${REPO}/pulls/{pull_number}/reviews/{review_id}/comments`,
  `GET ${REPO}/pulls/{pull_number}/comments`,
  `POST ${REPO}/pulls/{pull_number}/comments`,
  `GET ${REPO}/pulls/comments/{comment_id}`,
  `PATCH ${REPO}/pulls/comments/{comment_id}`,
  `DELETE ${REPO}/pulls/comments/{comment_id}`,
  `POST ${REPO}/pulls/comments/{comment_id}/reactions`,
  `GET ${REPO}/rules/branches/{branch}`,
  `GET ${REPO}/rulesets/{ruleset_id}`,
];

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Node = Readonly<Record<string, Json>>;

const isNode = (value: Json | undefined): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const nodeAt = (value: Json | undefined, ...path: readonly string[]): Node => {
  let at = value;
  for (const key of path) at = isNode(at) ? at[key] : undefined;
  return isNode(at) ? at : {};
};
const textAt = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const listAt = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : []);

/** Words for people, and what a JSON Schema validator does not use. */
const PROSE = new Set(
  'description summary example examples title externalDocs deprecated default discriminator'.split(' '),
);

/** OpenAPI 3.0 → JSON Schema, without prose. Names of properties are data: they are kept whatever they are. */
function schemaOf(value: Json): Json {
  if (Array.isArray(value)) return value.map((item) => schemaOf(item as Json));
  if (!isNode(value)) return value;
  const { nullable, ...rest } = value;
  const schema: Record<string, Json> = {};
  for (const [key, child] of Object.entries(rest)) {
    if (PROSE.has(key) || key.startsWith('x-')) continue;
    if (key === '$ref') schema['$ref'] = textAt(child).replace('#/components/schemas/', '#/schemas/');
    else if (key === 'properties' && isNode(child))
      schema[key] = Object.fromEntries(Object.entries(child).map(([name, of]) => [name, schemaOf(of)]));
    else schema[key] = key === 'enum' || key === 'required' ? child : schemaOf(child);
  }
  return nullable === true ? orNull(schema) : schema;
}

function orNull(schema: Record<string, Json>): Json {
  if (typeof schema['type'] !== 'string') return { anyOf: [schema, { type: 'null' }] };
  const values = listAt(schema['enum']);
  return {
    ...schema,
    type: [schema['type'], 'null'],
    ...(values.length > 0 && !values.includes(null) ? { enum: [...values, null] } : {}),
  };
}

/** One operation as the validator wants it: query, body and the JSON answers. */
function operationOf(document: Node, key: string): Json {
  const [method = '', path = ''] = key.split(' ');
  const resolved = (value: Json): Node => {
    const ref = nodeAt(value)['$ref'];
    return typeof ref === 'string' ? nodeAt(document, ...ref.slice(2).split('/')) : nodeAt(value);
  };
  const operation = nodeAt(document, 'paths', path, method.toLowerCase());
  if (Object.keys(operation).length === 0) throw new Error(`GitHub's description has no ${key}.`);
  const query = listAt(operation['parameters'])
    .map(resolved)
    .filter((parameter) => parameter['in'] === 'query');
  const body = nodeAt(operation, 'requestBody', 'content', 'application/json')['schema'];
  const responses: Record<string, Json> = {};
  for (const [status, response] of Object.entries(nodeAt(operation, 'responses'))) {
    const schema = nodeAt(resolved(response), 'content', 'application/json')['schema'];
    if (schema !== undefined) responses[status] = schemaOf(schema);
  }
  return {
    query: {
      type: 'object',
      properties: Object.fromEntries(
        query.map((parameter) => [textAt(parameter['name']), schemaOf(parameter['schema'] ?? {})]),
      ),
      required: query
        .filter((parameter) => parameter['required'] === true)
        .map((parameter) => textAt(parameter['name'])),
    },
    ...(body === undefined ? {} : { body: schemaOf(body) }),
    responses,
  };
}

function refsIn(value: Json, found: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) refsIn(item as Json, found);
  else if (isNode(value))
    for (const [key, child] of Object.entries(value))
      if (key === '$ref') found.add(textAt(child).replace('#/schemas/', ''));
      else refsIn(child, found);
}

/** The schemas that the operations mention, and those that these mention. */
function schemasFor(document: Node, operations: Json): Record<string, Json> {
  const schemas: Record<string, Json> = {};
  const open = new Set<string>();
  refsIn(operations, open);
  for (const name of open) {
    const schema = schemaOf(nodeAt(document, 'components', 'schemas', name));
    schemas[name] = schema;
    refsIn(schema, open);
  }
  return schemas;
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map((item) => sorted(item as Json));
  if (!isNode(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key] ?? null)]),
  );
}

/** One entry a line: compact, and a difference is readable. */
function lines(entries: Readonly<Record<string, Json>>): string {
  const rows = Object.keys(entries)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${JSON.stringify(sorted(entries[key] ?? null))}`);
  return `{\n${rows.join(',\n')}\n}`;
}

function readDocument(tarball: string | undefined): Node {
  const folder = mkdtempSync(join(tmpdir(), 'github-api-'));
  try {
    const run = (command: string, ...args: readonly string[]) =>
      execFileSync(command, [...args], {
        cwd: folder,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      });
    const file = tarball ?? run('npm', 'pack', '--silent', PACKAGE).trim();
    run('tar', '-xzf', file, FILE);
    return JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as Node;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const given = process.argv[2];
const description = readDocument(given === undefined ? undefined : resolve(given));
const operations = Object.fromEntries(OPERATIONS.map((key) => [key, operationOf(description, key)]));
const target = join(dirname(fileURLToPath(import.meta.url)), '../test/double/openapi.generated.json');
writeFileSync(
  target,
  `{"source":${JSON.stringify(PACKAGE)},\n"operations":${lines(operations)},\n"schemas":${lines(schemasFor(description, operations))}}\n`,
);
console.log(`wrote ${target}`);
