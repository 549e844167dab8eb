import { unzipSync, strFromU8 } from 'fflate';
import { z } from 'zod';
import { canonicalJson, digestOf } from '../core/digest.ts';
import { readVerdict, type CheckRunText } from '../core/report/read-check-run-text.ts';

/** What a run of the Action uploads: two files, small beside what is allowed here. */
export const MOST_ZIP = 16 * 1024 * 1024;
const MOST_FILE = 64 * 1024 * 1024;

const evidence = z.object({
  schema: z.string().regex(/^1\.\d+$/),
  kind: z.literal('threatgate-action-run'),
  pullRequest: z.number(),
  verdict: z.object({ sha256: z.string(), head: z.string() }),
});

/**
 * The verdict in an artifact of the Action, where its two files belong together and are about just this. They say what was
 * judged, and not who judged it: that is for whoever asks which workflow uploaded them.
 */
export function verdictIn(
  zip: Uint8Array,
  about: { readonly pullRequest: number; readonly head: string },
): CheckRunText | { readonly why: string } {
  const files = filesIn(zip);
  if (!files) return { why: 'has an artifact that cannot be unpacked' };
  const said = evidence.safeParse(json(files.get('evidence.json')));
  if (!said.success) return { why: 'has no `evidence.json` in its artifact that can be read' };
  const whole = readVerdict(json(files.get('verdict.json')));
  if (!whole) return { why: 'has no `verdict.json` in its artifact that can be read' };
  if (
    said.data.pullRequest !== about.pullRequest ||
    said.data.verdict.head !== about.head ||
    whole.head !== about.head
  )
    return { why: 'has an artifact about something else' };
  if (digestOf(canonicalJson(whole)) !== said.data.verdict.sha256)
    return { why: 'has a verdict in its artifact that is not the one its evidence names' };
  return { head: whole, whole, record: undefined };
}

const NAMES: ReadonlySet<string> = new Set(['evidence.json', 'verdict.json']);
const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

function filesIn(zip: Uint8Array): ReadonlyMap<string, string> | undefined {
  try {
    const unpacked = unzipSync(zip, {
      filter: ({ name, originalSize }) => NAMES.has(baseOf(name)) && originalSize <= MOST_FILE,
    });
    return new Map(Object.entries(unpacked).map(([name, bytes]) => [baseOf(name), strFromU8(bytes)]));
  } catch {
    return undefined;
  }
}

function json(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
