import { z } from 'zod';

const fact = z.looseObject({
  file: z.string(),
  line_in_head: z.number().nullable().optional(),
  line_in_base: z.number().nullable().optional(),
  kind: z.string(),
  address: z.string(),
  note: z.string().optional(),
  source: z.enum(['program', 'reader']),
});

/** One labelled change, as in the corpus's own README. */
export const label = z.looseObject({
  id: z.string(),
  repo: z.string(),
  base: z.string(),
  head: z.string(),
  stack: z.array(z.string()),
  relevant: z.boolean(),
  categories: z.array(z.string()),
  facts: z.array(fact),
  difficulty: z.string().optional(),
  confidence: z.string(),
  why: z.string().optional(),
});
export type Label = z.infer<typeof label>;
export type LabelFact = z.infer<typeof fact>;

/** Stacks that have a reader. A label is in scope when at least one of its stacks is here, or it touches no stack at all. */
export const READ_STACKS: ReadonlySet<string> = new Set([
  'terraform',
  'terraform-aws',
  'terraform-azure',
  'terraform-gcp',
  'cloudformation',
  'sam',
  'kubernetes',
  'kustomize',
  'docker-compose',
  'dockerfile',
  'github-actions',
  'dependency-manifest',
  'docs',
]);

/** Stacks whose readers are still to come; changes in these alone are listed apart. */
export const isInScope = (l: Label): boolean => l.stack.some((s) => READ_STACKS.has(s));
