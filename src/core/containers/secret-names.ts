import type { Resource } from '../model/resource.ts';
import { at, entries, text } from '../values/value.ts';

/** Names that say of themselves that they hold a secret; those that only point to one (`…_FILE`, `…_URL`) do not end so. */
const SECRET_NAME =
  /(?:^|_)(?:password|passwd|passphrase|secret|token|api_?key|apikey|private_?key|access_?key|credentials?|auth_?key|client_?secret)(?:_?(?:value|b64|base64|content|json|id))?$/i;

/**
 * Names of variables that take a secret from outside the file, with the line. A secret that is written out is seen by
 * the rules for secrets in code, wherever it stands.
 */
export function secretNames(
  stages: readonly Resource[],
  key: 'env' | 'arg',
): Map<string, { stage: Resource; line: number }> {
  const found = new Map<string, { stage: Resource; line: number }>();
  for (const stage of stages)
    for (const e of entries(at(stage.values, key))) {
      const value = text(e.value);
      const fromOutside = value === undefined || value.includes('$');
      if (SECRET_NAME.test(e.key) && fromOutside && !found.has(e.key))
        found.set(e.key, { stage, line: e.line });
    }
  return found;
}
