/**
 * Test files run in Node itself (jest-light-runner), which loads each module once for all of them: Jest's own module system
 * loads Probot and the parsers anew for every file, which took longer than the tests. What that runner lacks is here: the
 * import of `@jest/globals`, and an end to tests that hang.
 */
import { registerHooks } from 'node:module';
import { addEventHandler } from 'jest-circus';

const GLOBALS = new URL('./globals.mjs', import.meta.url).href;
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === '@jest/globals' ? { url: GLOBALS, shortCircuit: true } : next(specifier, context),
});

/** A bound on hanging, not on speed: machines are busy. */
const PATIENCE_MS = 120_000;

addEventHandler((event, { currentDescribeBlock }) => {
  const list = event.name === 'add_test' ? 'children' : event.name === 'add_hook' ? 'hooks' : undefined;
  const added = list && currentDescribeBlock[list].at(-1);
  if (added?.fn) added.fn = bounded(added.fn, event.timeout ?? PATIENCE_MS);
});

function bounded(run, ms) {
  return async () => {
    let timer;
    const late = new Promise((_, fail) => {
      timer = setTimeout(() => fail(new Error(`Not done after ${ms} ms.`)), ms);
    });
    try {
      await Promise.race([run(), late]);
    } finally {
      clearTimeout(timer);
    }
  };
}
