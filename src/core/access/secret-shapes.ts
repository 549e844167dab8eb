import { splitWords } from '../semantics/words.ts';
import { SECRETS } from './data.generated.ts';

/** What a literal looks like, without the literal. */
export interface SecretLook {
  /** "GitHub token", "random-looking value": never the value. */
  readonly title: string;
  readonly length: number;
  /** Whether it is beyond reasonable doubt a credential; a short word under a key named password is not. */
  readonly strong: boolean;
}

/** Characters of a value that are looked at: a credential further in is the business of a scanner. */
const LOOKED_AT = 20_000;
const SHAPES = SECRETS.shapes.map((s) => ({ title: s.title, pattern: new RegExp(s.pattern) }));
const NAMES = new Set(SECRETS.names);
const PAIRS = new Set(SECRETS.pairs);
const NOT_THE_VALUE = new Set(SECRETS.notTheValue);

/** Whether a key announces a secret value: `db_password`, `ApiKey`, but not `password_secret_arn` or `token_ttl`. */
export function isSecretName(name: string): boolean {
  const words = splitWords(name);
  const last = words.at(-1);
  if (last === undefined || NOT_THE_VALUE.has(last)) return false;
  const announced =
    words.some((w) => NAMES.has(w) || w.endsWith('password') || w.endsWith('passwd')) ||
    words.some((w, i) => PAIRS.has(`${words[i - 1]} ${w}`));
  return announced && !words.slice(-3, -1).some((w) => w === 'no' || w === 'use' || w === 'rotate');
}

/** A credential by its own shape, whatever the key. */
export function shapeOf(text: string): SecretLook | undefined {
  const looked = text.slice(0, LOOKED_AT);
  for (const s of SHAPES) {
    const found = s.pattern.exec(looked);
    if (found) return { title: s.title, length: found[0].length, strong: true };
  }
  const password = passwordInAddress(looked);
  if (password === undefined || isPlaceholder(password)) return undefined;
  return { title: 'password inside an address', length: password.length, strong: looksRandom(password) };
}

/** What a literal under this key looks like; undefined when it is no secret, or stands in for one. */
export function secretLook(name: string, text: string): SecretLook | undefined {
  const shape = shapeOf(text);
  if (shape) return shape;
  if (!isSecretName(name) || isPlaceholder(text) || isReference(text)) return undefined;
  return looksRandom(text)
    ? { title: 'random-looking value', length: text.length, strong: true }
    : { title: 'literal value', length: text.length, strong: false };
}

/** The password of `scheme://user:password@host`, found without backtracking. */
function passwordInAddress(text: string): string | undefined {
  for (
    let at = text.indexOf('://'), tries = 0;
    at >= 0 && tries < 50;
    at = text.indexOf('://', at + 3), tries++
  ) {
    const authority = /^[^\s/?#"'`<>]{0,300}/.exec(text.slice(at + 3, at + 303))?.[0] ?? '';
    const end = authority.lastIndexOf('@');
    const colon = authority.indexOf(':');
    if (colon >= 0 && end > colon + 1) return authority.slice(colon + 1, end);
  }
  return undefined;
}

/** Values that stand in for a secret: templates, words such as "changeme", one character repeated. */
export function isPlaceholder(text: string): boolean {
  const lower = text.trim().toLowerCase();
  if (
    lower.length < 4 ||
    /^(?:true|false|yes|no|on|off|auto|default|disabled|enabled|required|optional)$/.test(lower)
  )
    return true;
  if (/\$\{|\{\{|<%|%\(|\$\(|^\$[A-Za-z_]|^<.*>$|^%.*%$|^\[.*\]$|^__.*__$/.test(lower)) return true;
  if (new Set(lower).size <= 2) return true;
  return lower.length < 60 && SECRETS.placeholders.some((p) => lower.includes(p));
}

/** The name of a secret kept elsewhere rather than the secret. */
function isReference(text: string): boolean {
  return (
    /^(?:arn:|projects\/|\/|\.{1,2}\/|https?:\/\/|vault:|op:\/\/|secret:\/\/|ssm:|ref\+|file:|env:|!|@Microsoft\.KeyVault|\{\{?resolve)/i.test(
      text.trim(),
    ) || /\s/.test(text.trim())
  );
}

/** Letters and digits mixed without a pattern of words. Counts only, so that every machine agrees. */
export function looksRandom(text: string): boolean {
  const value = text.trim();
  if (value.length < 12 || /\s/.test(value)) return false;
  const sample = value.slice(0, 400);
  const distinct = new Set(sample).size;
  if (/^[0-9a-f]{32,}$/i.test(sample)) return distinct >= 8;
  const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((c) => c.test(sample)).length;
  const switches = countSwitches(sample);
  return distinct >= 9 && classes >= 3 && switches * 4 >= sample.length;
}

/** How often a letter follows a digit or changes case, and the reverse: words in a name do so rarely. */
function countSwitches(text: string): number {
  let count = 0;
  for (let i = 1; i < text.length; i++) if (kindOf(text[i - 1] ?? '') !== kindOf(text[i] ?? '')) count++;
  return count;
}

const kindOf = (c: string): number =>
  c >= 'a' && c <= 'z' ? 0 : c >= 'A' && c <= 'Z' ? 1 : c >= '0' && c <= '9' ? 2 : 3;

/** The text with every recognised credential replaced by its kind, for anything that is shown to people. */
export function redact(text: string): string {
  let out = text;
  for (const s of SHAPES) out = out.replace(new RegExp(s.pattern, 'g'), `[${s.title}]`);
  return out;
}
