import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../review/errors.ts';

const MOST = 64 * 1024 * 1024;

const manifest = z.object({
  query: z.object({ from: z.iso.datetime(), to: z.iso.datetime() }),
  files: z.array(z.object({ name: z.string(), sha256: z.string() })),
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
});
export type Package = z.output<typeof manifest>;

/** What a package says of itself. That it is true is for `threatgate verify` to say, before and after. */
export async function packageOf(folder: string): Promise<Package> {
  const file = join(folder, 'manifest.json');
  const wrong = (cause?: unknown): UserError =>
    new UserError(
      `${folder} is not an evidence package.`,
      'Name the folder that `threatgate evidence` wrote.',
      {
        cause,
      },
    );
  const handle = await open(file, 'r').catch((error: unknown) => {
    throw wrong(error);
  });
  try {
    if ((await handle.stat()).size > MOST) throw wrong();
    return manifest.parse(JSON.parse(await handle.readFile('utf8')));
  } catch (error) {
    throw error instanceof UserError ? error : wrong(error);
  } finally {
    await handle.close();
  }
}
