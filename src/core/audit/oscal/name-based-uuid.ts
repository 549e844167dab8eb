import { sha1 } from '@noble/hashes/legacy.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

/** Ours, chosen once: another one would give every document another name. */
const NAMESPACE = '6f1d3c58-92b7-4e0a-a6c4-0b8f5d2e7a91';

/** UUID of version 5 (RFC 9562): the same name has the same one for ever. SHA-1 is what the version says, and guards nothing. */
export function nameBasedUuid(name: string): string {
  const bytes = sha1(concatBytes(hexToBytes(NAMESPACE.replaceAll('-', '')), utf8ToBytes(name))).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytesToHex(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
