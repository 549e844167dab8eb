export function lines(bytes: Buffer): string[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** NUL-terminated records. */
export function records(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0, at);
    const stop = end < 0 ? bytes.length : end;
    found.push(bytes.subarray(at, stop));
    at = stop + 1;
  }
  return found;
}
