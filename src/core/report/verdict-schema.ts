import { z } from 'zod';
import { CATEGORIES, FACT_KINDS, SIGNALS } from '../model/fact.ts';
import type { Judgement, Verdict } from '../model/verdict.ts';
import { coverage, line, modelDelta, path, place } from './schema-model.ts';

/**
 * The verdict document for those who read it: strict, described, and the source of the JSON schema and the reference
 * page. It says the same as the types in `core/model`; the compiler checks that at the end of this file.
 */
const factIds = z.array(z.string()).readonly();
const sha256 = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const side = z.enum(['base', 'head']).describe('Version of the repository it was seen in.');

const fact = z
  .strictObject({
    id: z.string().describe('Identity within the verdict, free of line numbers and commit ids.'),
    rule: z.string().describe('Rule that saw it; `threatgate explain` tells more.'),
    kind: z.enum(FACT_KINDS),
    categories: z.array(z.enum(CATEGORIES)).readonly(),
    signals: z.array(z.enum(SIGNALS)).readonly().describe('What it means for the choice of questions.'),
    stack: z.string().describe('Reader that saw the resource.'),
    address: z.string().describe('Address of the resource, as people of its stack write it.'),
    scope: z.string().describe('Folder or file in which the address is unique.'),
    type: z.string(),
    family: z.string().exactOptional().describe('Family of the question catalogue.'),
    element: z
      .enum(['process', 'data-store', 'external-entity', 'data-flow', 'trust-boundary'])
      .exactOptional()
      .describe('What it is in a data-flow diagram.'),
    statement: z.string().describe('The observation in one sentence.'),
    file: path,
    line,
    side,
    before: z.string().exactOptional(),
    after: z.string().exactOptional(),
    reaches: z.array(z.string()).readonly().exactOptional().describe('Addresses that it concerns as well.'),
    deciding: z.boolean().describe('Whether it alone makes the change relevant.'),
  })
  .readonly();

const resource = z
  .strictObject({
    kind: z.enum(['resource-added', 'resource-removed', 'resource-changed', 'resource-moved']),
    stack: z.string(),
    address: z.string(),
    previousAddress: z.string().exactOptional(),
    type: z.string(),
    file: path,
    line,
    side,
  })
  .readonly();

const question = z
  .strictObject({
    id: z.string().describe('Id in the catalogue.'),
    address: z.string(),
    scope: z.string(),
    because: factIds,
    file: path,
    line,
  })
  .readonly();

const doubt = z
  .strictObject({
    code: z.enum([
      'file-list-incomplete',
      'file-missing',
      'file-too-large',
      'file-binary',
      'file-not-utf8',
      'file-is-symlink',
      'file-is-submodule',
      'unsafe-path',
      'parse-error',
      'parse-limit',
      'template-not-rendered',
      'model-unreadable',
      'model-missing',
      'linked-model-unreadable',
      'policy-invalid',
      'policy-unreadable',
      'too-many-files',
      'too-many-facts',
      'discussion-incomplete',
      'internal-error',
    ]),
    message: z.string(),
    remedy: z.string(),
    file: path.exactOptional(),
    line: line.exactOptional(),
    column: z.int().min(0).exactOptional(),
    weight: z.enum(['doubt', 'note']).describe('`doubt` withholds a pass; `note` is only shown.'),
  })
  .readonly();

/** Recursive: the type has to be named, or the compiler gives up on inferring it. */
const judgement: z.ZodType<Judgement> = z
  .strictObject({
    id: z.string(),
    title: z.string(),
    state: z.enum(['pass', 'fail', 'pending', 'doubt', 'info', 'not-applicable']),
    reason: z.string(),
    remedy: z.string().exactOptional(),
    because: factIds.describe('Ids of the facts it rests on.'),
    at: place.exactOptional(),
    children: z.array(z.lazy(() => judgement)),
  })
  .meta({ id: 'Judgement' });

const examined = z
  .strictObject({
    files: z
      .array(
        z
          .strictObject({
            path,
            reader: z.string().exactOptional(),
            outcome: z.enum(['read', 'not-read', 'ignored', 'unreadable', 'model', 'policy']),
          })
          .readonly(),
      )
      .readonly(),
    resources: z.strictObject({ base: z.int(), head: z.int() }).readonly(),
    models: z
      .array(
        z
          .strictObject({
            file: path,
            format: z.string(),
            components: z.int(),
            flows: z.int(),
            threats: z.int(),
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly();

export const verdictSchema = z
  .strictObject({
    schema: z
      .string()
      .regex(/^\d+\.\d+$/)
      .describe('Version of this document: a new major version may break readers.'),
    tool: z
      .strictObject({
        name: z.literal('threatgate'),
        version: z.string(),
        rules: z.string().describe('Version of everything that classifies.'),
        catalogue: z.string().describe('Version of the question catalogue.'),
      })
      .readonly(),
    repository: z.string().describe('`owner/name`, or the name of the folder.'),
    base: z.string().describe('Commit id of the merge base.'),
    head: z.string().describe('Commit id of the head, or `worktree`.'),
    mode: z.enum(['observe', 'enforce']),
    conclusion: z.enum(['success', 'action_required', 'failure']),
    applicable: z.boolean().describe('Whether a deciding fact, or a doubt, made the change relevant.'),
    title: z.string().describe('The state in one line.'),
    digest: sha256.describe('Delta digest: what approvals are bound to.'),
    policy: z.strictObject({ origin: z.string(), digest: sha256 }).readonly(),
    judgement: judgement.describe('The tree of judgements: every surface renders it, none computes it anew.'),
    facts: z.array(fact).readonly().describe('What was observed, sorted by file and line.'),
    resources: z.array(resource).readonly().describe('Every resource that differs, relevant or not.'),
    coverage: coverage.describe('Which facts the threat model covers, and by what.'),
    model: modelDelta.describe('How the threat model differs in meaning.'),
    questions: z.array(question).readonly().describe('STRIDE questions that the facts fired.'),
    doubts: z.array(doubt).readonly().describe('What could not be read, listed or parsed.'),
    examined: examined.describe('What was looked at, so that every "no" is explained.'),
  })
  .readonly()
  .meta({ title: 'Threatgate verdict' });

type Schema = z.output<typeof verdictSchema>;
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
/** Fails to compile when the schema and the types drift apart. */
export const SCHEMA_IS_THE_TYPE: Same<Schema, Verdict> = true;
