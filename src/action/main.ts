import { run } from './run.ts';

// Whatever is still open (a connection kept alive) must not keep the job waiting.
process.exit(await run(process.env));
