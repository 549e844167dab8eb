#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { run } from './run.ts';

const { env, stdout, stderr } = process;

/**
 * Compiled code is kept between runs: it is a quarter of the time of a small check. In the user's own cache folder, not
 * in a shared temporary one, where somebody else could put code.
 */
const cache = env['XDG_CACHE_HOME'] ?? (env['HOME'] === undefined ? undefined : join(env['HOME'], '.cache'));
if (cache !== undefined && cache !== '') enableCompileCache(join(cache, 'threatgate'));

/** A reader that closed early (`| head`) is no failure; anything else about the streams is. */
for (const stream of [stdout, stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

const isPlain = env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '';

/** Package managers only warn about `engines`; an older Node would fail somewhere in the middle. */
const isOld = Number.parseInt(process.versions.node, 10) < 24;
if (isOld)
  stderr.write(
    `Threatgate needs Node 24 or later; this is ${process.version}.\n  → Install Node 24 and run it again.\n`,
  );

process.exitCode = isOld
  ? 2
  : await run(process.argv.slice(2), {
      out: (text) => void stdout.write(text),
      err: (text) => void stderr.write(text),
      cwd: process.cwd(),
      columns: stdout.isTTY ? Math.min(120, stdout.columns) : 100,
      colour: stdout.isTTY && !isPlain && env['TERM'] !== 'dumb',
      now: () => new Date().toISOString(),
    });
