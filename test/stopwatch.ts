/**
 * For tests that hostile input ends soon: the processor time that something took, in milliseconds of a quiet machine. It is
 * measured against a piece of work of known size done just before, so that a slow or busy machine changes nothing.
 */
export function stopwatch(): () => number {
  const slowness = Math.max(1, processorMs(knownWork) / KNOWN_MS);
  const started = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1_000 / slowness;
  };
}

/** What `knownWork` takes on a quiet machine. */
const KNOWN_MS = 40;

function processorMs(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1_000;
}

function knownWork(): void {
  const texts = Array.from({ length: 20_000 }, (_, i) => `${(i * 7_919) % 20_011}`);
  for (let round = 0; round < 3; round++) JSON.parse(JSON.stringify([...texts].sort()));
}
