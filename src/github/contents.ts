import { z } from 'zod';
import type { Content } from '../core/model/change.ts';
import { contentOf, missing, tooLarge } from '../review/content.ts';
import { NotThere } from '../review/hosting-errors.ts';
import type { RepositoryRef } from '../review/work.ts';
import type { Client } from './client.ts';
import type { KnownContent, Memory } from './memory.ts';
import { inParallel } from './parallel.ts';
import { rawContent } from './raw-content.ts';
import { id as number, sha } from './shapes.ts';
import { provenContent, TEXT, textShape, type BlobText } from './texts.ts';

/** One query holds so many contents and so many bytes of them: it has ten seconds on GitHub's side. */
const BATCH = { contents: 100, bytes: 2_000_000 };

/** Where the listing has no size. */
const ASSUMED_BYTES = 16_384;

/** GraphQL cuts texts here; longer ones are read byte by byte at once. */
const CUT_BYTES = 512_000;

/** Contents read one by one, at most: each is a request, and nobody may make us send thousands. */
const MOST_RAW = 60;

/** Requests under way at the same time. */
const WIDTH = 3;

export interface Wanted {
  readonly repository: RepositoryRef;
  readonly ids: readonly string[];
  readonly limitBytes: number;
  /** From the listings, where they tell. */
  readonly sizes: ReadonlyMap<string, number>;
}

/** Every id that was asked for has its content or the reason why not. */
export async function readContents(
  client: Client,
  wanted: Wanted,
  memory: Memory,
): Promise<ReadonlyMap<string, Content>> {
  const { repository, limitBytes, sizes } = wanted;
  const contents = new Map<string, Content>();
  const keep = (id: string, known: KnownContent) => {
    const bytes = 200 + (known.content.kind === 'text' ? 2 * known.content.text.length : 0);
    memory.contents.set(`${repository.id}/${id}`, known, bytes);
    contents.set(id, known.size > limitBytes ? tooLarge(known.size, limitBytes) : known.content);
  };
  const toRead: string[] = [];
  for (const id of new Set(wanted.ids)) {
    const known = memory.contents.get(`${repository.id}/${id}`);
    const size = known?.size ?? sizes.get(id) ?? 0;
    if (size > limitBytes) contents.set(id, tooLarge(size, limitBytes));
    else if (known) contents.set(id, known.content);
    else {
      contents.set(id, missing(id));
      if (sha.safeParse(id).success) toRead.push(id);
    }
  }
  const long = toRead.filter((id) => (sizes.get(id) ?? 0) > CUT_BYTES);
  const raw = [...long];
  const batches = batchesOf(
    toRead.filter((id) => !long.includes(id)),
    sizes,
  );
  await inParallel(batches, WIDTH, async (batch) => {
    for (const [id, blob] of await readBatch(client, repository, batch)) {
      const proven = provenContent(blob, id);
      if (proven) keep(id, { content: proven, size: blob.byteSize });
      else if (blob.byteSize > limitBytes) contents.set(id, tooLarge(blob.byteSize, limitBytes));
      else raw.push(id);
    }
  });
  await inParallel(raw.slice(0, MOST_RAW), WIDTH, async (id) => {
    const bytes = await rawContent(client, repository.name, id);
    if (bytes) keep(id, { content: contentOf(bytes), size: bytes.length });
  });
  return contents;
}

function batchesOf(ids: readonly string[], sizes: ReadonlyMap<string, number>): string[][] {
  const batches: string[][] = [];
  let bytes = 0;
  for (const id of ids) {
    const size = sizes.get(id) ?? ASSUMED_BYTES;
    const batch = batches.at(-1);
    if (batch && batch.length < BATCH.contents && bytes + size <= BATCH.bytes) {
      batch.push(id);
      bytes += size;
    } else {
      batches.push([id]);
      bytes = size;
    }
  }
  return batches;
}

/** Ids are nothing but hex digits by now, so that they can stand in the text of the query. */
export function contentsQuery(ids: readonly string[]): string {
  const objects = ids.map((id, index) => `\n    c${index}: object(oid: "${id}") { ...Text }`).join('');
  return `query Contents($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { databaseId${objects}
  }
}${TEXT}`;
}

const batchAnswer = z.object({
  repository: z.object({ databaseId: number }).catchall(textShape.nullable()),
});

async function readBatch(
  client: Client,
  repository: RepositoryRef,
  ids: readonly string[],
): Promise<ReadonlyMap<string, BlobText>> {
  const [owner, name] = repository.name.split('/');
  const query = { name: 'Contents', text: contentsQuery(ids) };
  const { value } = await client.graphql(batchAnswer, query, { owner, name });
  const { databaseId, ...objects } = value.repository;
  if (databaseId !== repository.id)
    throw new NotThere(`Contents: ${repository.name} is another repository now`);
  return new Map(
    ids.flatMap((id, index): [string, BlobText][] => {
      const found = objects[`c${index}`];
      return found?.__typename === 'Blob' ? [[id, found]] : [];
    }),
  );
}
