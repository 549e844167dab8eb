import { createPrivateKey } from 'node:crypto';
import type { Problem } from './config.ts';
import type { Values } from './variables.ts';

export type KeyReading = { readonly pem: string } | { readonly problem: Problem };

const DOWNLOAD = 'Set it to the text of the .pem file that GitHub gave for the App.';

/** The App's private key, in any of the forms in which it survives a line of configuration. */
export function readPrivateKey(values: Values, readFile: (path: string) => string): KeyReading {
  const { PRIVATE_KEY: text, PRIVATE_KEY_PATH: path } = values;
  if (text !== undefined && path !== undefined)
    return wrong('PRIVATE_KEY_PATH', 'is set together with PRIVATE_KEY', 'Keep one of the two.');
  if (path === undefined)
    return text === undefined
      ? wrong('PRIVATE_KEY', 'is not set', `${DOWNLOAD} Or set PRIVATE_KEY_PATH to the file.`)
      : checked('PRIVATE_KEY', text);
  try {
    return checked('PRIVATE_KEY_PATH', readFile(path));
  } catch {
    return wrong(
      'PRIVATE_KEY_PATH',
      'names a file that cannot be read',
      'Check the path and its permissions.',
    );
  }
}

function checked(name: 'PRIVATE_KEY' | 'PRIVATE_KEY_PATH', text: string): KeyReading {
  const pem = pemOf(text);
  try {
    if (createPrivateKey(pem).asymmetricKeyType === 'rsa') return { pem };
  } catch {
    // Said below; the error of the parser could repeat a part of the key.
  }
  return wrong(name, 'is not an RSA private key', DOWNLOAD);
}

function pemOf(text: string): string {
  const unescaped = text
    .replace(/^(["'])(.*)\1$/s, '$2')
    .replaceAll('\\n', '\n')
    .trim();
  const decoded = unescaped.startsWith('-----')
    ? unescaped
    : Buffer.from(unescaped, 'base64').toString('utf8').trim();
  return `${decoded}\n`;
}

function wrong(name: Problem['name'], what: string, remedy: string): KeyReading {
  return { problem: { name, what, remedy } };
}
