import { z } from 'zod';
import { MODEL_ELEMENT_KINDS } from '../model/model-delta.ts';

/** The parts of the verdict document about the threat model, and the places that all parts share. */
export const line = z.int().min(0).describe('1-based line.');
export const path = z.string().describe('Path from the repository root, with `/`.');
export const place = z.strictObject({ file: path, line }).readonly();

const element = z.enum(MODEL_ELEMENT_KINDS);

const coveredBy = z
  .strictObject({
    model: path,
    element,
    key: z.string(),
    name: z.string(),
    file: path,
    line,
    basis: z.enum(['explicit-reference', 'policy-mapping', 'native-address', 'name-similarity']),
    score: z.number().min(0).max(1),
    inDelta: z.boolean().describe('Whether the element is part of the model change.'),
    through: z.string().exactOptional().describe('What carried the match.'),
  })
  .readonly();

const factCoverage = z
  .strictObject({
    fact: z.string(),
    demand: z.enum(['new', 'present', 'removed']),
    state: z.enum(['covered', 'stale', 'uncovered']),
    by: z.array(coveredBy).readonly(),
    reason: z.string(),
  })
  .readonly();

const refused = z
  .strictObject({
    model: path,
    element,
    key: z.string(),
    name: z.string(),
    file: path,
    line,
    reference: z.string(),
    reason: z.string(),
  })
  .readonly();

export const coverage = z
  .strictObject({
    facts: z.array(factCoverage).readonly(),
    unexplained: z
      .array(z.strictObject({ model: path, element, key: z.string(), name: z.string() }).readonly())
      .readonly()
      .describe('Model changes that this change does not explain: information, not an error.'),
    refused: z.array(refused).readonly().describe('References too broad to mean anything.'),
  })
  .readonly();

export const modelDelta = z
  .strictObject({
    touched: z.array(path).readonly().describe('Model files whose bytes changed.'),
    changes: z
      .array(
        z
          .strictObject({
            op: z.enum(['added', 'removed', 'changed']),
            element,
            key: z.string(),
            name: z.string(),
            properties: z.array(z.string()).readonly(),
            details: z.array(z.string()).readonly(),
            location: place,
            meaning: z.string(),
          })
          .readonly(),
      )
      .readonly(),
  })
  .readonly();
