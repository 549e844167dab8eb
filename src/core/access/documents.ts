import type { Graph } from '../graph/graph.ts';
import type { Resource } from '../model/resource.ts';
import { policyDocuments, type Elsewhere, type PolicyDocument } from './aws-policy.ts';
import { renameStatement, type Statement } from './statement.ts';

/** The policies of one resource at one place, both sides, ready to be compared. */
export interface DocumentPair {
  readonly path: string;
  readonly base: readonly Statement[];
  readonly head: readonly Statement[];
  /** Documents that only one side names and that cannot be read here: base, then head. */
  readonly unread: readonly [readonly Elsewhere[], readonly Elsewhere[]];
}

export interface Side {
  readonly resource: Resource;
  readonly graph: Graph;
}

/** Documents that lead to documents are followed this far. */
const HOPS = 8;

/**
 * Pairs the policy documents of a resource by place. A document that both sides merely mention is left to the fact of
 * that document; one that only one side mentions is read in its place, so that moving statements is no difference.
 */
export function pairDocuments(
  base: Side,
  head: Side,
  rename: (text: string) => string,
): readonly DocumentPair[] {
  const before = byPath(policyDocuments(base.resource));
  const after = byPath(policyDocuments(head.resource));
  return [...new Set([...before.keys(), ...after.keys()])].sort().map((path): DocumentPair => {
    const [b, h] = [gather(before.get(path)), gather(after.get(path))];
    const kept = new Set(h.elsewhere.map((e) => e.text));
    const known = new Set(b.elsewhere.map((e) => rename(e.text)));
    const fromBase = follow(
      b.elsewhere.filter((e) => !kept.has(rename(e.text))),
      base,
    );
    const fromHead = follow(
      h.elsewhere.filter((e) => !known.has(e.text)),
      head,
    );
    return {
      path,
      base: [...b.statements, ...fromBase.statements].map((s) => renameStatement(s, rename)),
      head: [...h.statements, ...fromHead.statements],
      unread: [fromBase.elsewhere, fromHead.elsewhere],
    };
  });
}

function byPath(documents: readonly PolicyDocument[]): Map<string, PolicyDocument[]> {
  const out = new Map<string, PolicyDocument[]>();
  for (const d of documents) (out.get(d.path) ?? out.set(d.path, []).get(d.path))?.push(d);
  return out;
}

type Gathered = Pick<PolicyDocument, 'statements' | 'elsewhere'>;

function gather(documents: readonly PolicyDocument[] = []): Gathered {
  return {
    statements: documents.flatMap((d) => d.statements),
    elsewhere: documents.flatMap((d) => d.elsewhere),
  };
}

/** Reads the documents that are mentioned, with the line of the mention. */
function follow(mentions: readonly Elsewhere[], side: Side): Gathered {
  const read = mentions.map((m) => followOne(m, side, new Set(), 0) ?? { statements: [], elsewhere: [m] });
  return { statements: read.flatMap((r) => r.statements), elsewhere: read.flatMap((r) => r.elsewhere) };
}

function followOne(mention: Elsewhere, side: Side, seen: Set<Resource>, hops: number): Gathered | undefined {
  const target = mention.references
    .map((r) => side.graph.find(side.resource.scope, documentAddress(r)))
    .find((r) => r && isDocument(r));
  if (!target || seen.has(target) || hops > HOPS) return undefined;
  seen.add(target);
  const own = gather(policyDocuments(target));
  const further = own.elsewhere.map(
    (e) => followOne(e, side, seen, hops + 1) ?? { statements: [], elsewhere: [e] },
  );
  return {
    statements: [...own.statements, ...further.flatMap((f) => f.statements)].map((s) => ({
      ...s,
      line: mention.line,
    })),
    elsewhere: further.flatMap((f) => f.elsewhere).map((e) => ({ ...e, line: mention.line })),
  };
}

const isDocument = (r: Resource): boolean => r.type === 'aws_iam_policy_document';

/** A mention without the attribute that is read of it. */
const documentAddress = (reference: string): string =>
  /^data\.[\w-]+\.[\w-]+/.exec(reference)?.[0] ?? reference;
