import type { KeyObject } from 'node:crypto';
import { headsText } from '../audit/head-statement.ts';
import { fingerprintOfPrivate, idOf, readSigningKey } from '../audit/keys.ts';
import { UserError } from '../review/errors.ts';
import type { HeadSigner } from '../review/heads.ts';
import type { Problem } from './config.ts';
import type { Values } from './variables.ts';

export type SigningKeyReading = { readonly key: KeyObject | undefined } | { readonly problem: Problem };

/** The key that ends of chains are signed with; there need not be one. */
export function readSigningKeyValue(values: Values, readFile: (path: string) => string): SigningKeyReading {
  const { SIGNING_KEY: text, SIGNING_KEY_PATH: path } = values;
  if (text !== undefined && path !== undefined)
    return wrong('SIGNING_KEY_PATH', 'is set together with SIGNING_KEY', 'Keep one of the two.');
  if (text !== undefined) return checked('SIGNING_KEY', text);
  if (path === undefined) return { key: undefined };
  try {
    return checked('SIGNING_KEY_PATH', readFile(path));
  } catch {
    return wrong(
      'SIGNING_KEY_PATH',
      'names a file that cannot be read',
      'Check the path and its permissions.',
    );
  }
}

function checked(name: Problem['name'], text: string): SigningKeyReading {
  try {
    return { key: readSigningKey(text, name) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return wrong(name, 'is not an Ed25519 private key', error.remedy);
  }
}

const wrong = (name: Problem['name'], what: string, remedy: string): SigningKeyReading => ({
  problem: { name, what, remedy },
});

export function headSigner(key: KeyObject): HeadSigner {
  return {
    keyId: idOf(fingerprintOfPrivate(key)),
    sign: ({ sequence, hash }, { id, name }, at) => {
      const statement = headsText(at, [{ repository: { id, name }, sequence, hash }], key);
      const { signatures } = JSON.parse(statement) as {
        readonly signatures: readonly { readonly sig: string }[];
      };
      return { statement, signature: signatures[0]?.sig ?? '' };
    },
  };
}
