import type { Value } from '../../model/value.ts';
import { entries, entry, map, scalar, text } from '../../values/value.ts';

/**
 * What the token may do, as a map scope → `read` | `write` | `none`; `*` for `read-all` and `write-all`. The scalar
 * `default` when nothing is written: then the repository's own setting decides, which no file shows.
 */
export function permissionsOf(written: Value | undefined, line: number): Value {
  if (!written || (written.kind === 'scalar' && written.value === null)) return scalar('default', line);
  const word = text(written);
  if (word === 'write-all' || word === 'read-all') {
    return map(
      [entry('*', scalar(word === 'write-all' ? 'write' : 'read', written.line), written.line)],
      written.line,
    );
  }
  return map(
    entries(written).map((e) => entry(e.key, scalar(text(e.value) ?? 'none', e.line), e.line)),
    written.line,
  );
}
