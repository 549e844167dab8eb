// Preloaded by bench/parse.ts: prints the process's peak resident memory when it ends.
process.on('exit', () =>
  process.stderr.write(`\npeak-rss-mb=${Math.round(process.resourceUsage().maxRSS / 1024)}\n`),
);
