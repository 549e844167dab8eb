import { z } from 'zod';

/** What we read of GitHub's answers. Unknown fields are of no interest; a field that is read has to be there. */

export const sha = z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/);
/** Always with milliseconds and in UTC, so that instants sort as text. */
export const instant = z.iso.datetime({ offset: true }).transform((at) => new Date(at).toISOString());
export const id = z.number().int().nonnegative();

/** GraphQL's `BigInt` is a string of digits; ids of comments no longer fit its `Int`. */
export const bigId = z
  .union([z.string().regex(/^\d{1,16}$/), z.number().int().nonnegative()])
  .transform(Number)
  .refine(Number.isSafeInteger);

/** Ids that may be beyond what JavaScript counts exactly. */
export const hugeId = z.union([z.string().regex(/^\d+$/), id]).transform(String);

export const graphqlAnswer = z.object({
  data: z.unknown().optional(),
  errors: z
    .array(
      z.object({
        type: z.string().optional(),
        path: z.array(z.union([z.string(), z.number()])).optional(),
        message: z.string(),
      }),
    )
    .optional(),
});

/** A list that is read from its end: GitHub's newest are last. */
export function connection<T extends z.ZodType>(node: T) {
  return z.object({
    totalCount: z.number().int(),
    pageInfo: z.object({ hasPreviousPage: z.boolean(), startCursor: z.string().nullable() }),
    nodes: z.array(node),
  });
}

export const repositoryRef = z.object({ databaseId: id, nameWithOwner: z.string() });
