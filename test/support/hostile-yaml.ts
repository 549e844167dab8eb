/** Texts that parsers have choked on: deep, wide, repeated, unfinished. Each well under the file bound. */
const fill = (unit: string, length = 40_000): string => unit.repeat(Math.floor(length / unit.length));
const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

export const HOSTILE_YAML: Readonly<Record<string, string>> = {
  'explicit keys': fill('? '),
  'nested dashes': fill('- '),
  'unclosed brackets': fill('['),
  'unclosed braces': fill('{a: '),
  'alias bomb': `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${lines(40, (i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`)}`,
  'alias chain': `a0: &a0 [x]\n${lines(3_000, (i) => `a${i + 1}: &a${i + 1} [*a${i}]`)}`,
  'alias of itself': 'a: &a [*a, {b: *a}]',
  'merge bomb': `m0: &m0 {${lines(300, (i) => `k${i}: 1,`).replaceAll('\n', ' ')}}\n${lines(3_000, (i) => `m${i + 1}: {<<: [*m0, *m0, *m0]}`)}`,
  'merge of itself': 'a: &a\n  <<: *a\n  b: 1\n',
  'proto keys': '__proto__: {a: 1}\nconstructor: {prototype: {b: 2}}\nhasOwnProperty: 3\n',
  'one long line': `a: ${fill('b', 900_000)}`,
  'one long line of words': `a: ${fill('b ', 900_000)}`,
  'long line of spaces': `a:${fill(' ', 900_000)}b`,
  'unclosed quote': `a: "${fill('b\\n')}`,
  tabs: `a:\n\t- b\n${fill('\t')}`,
  'NUL characters': `a: ${fill('\0')}\n\0\0: \0`,
  'lone surrogates': `a: ${fill('\ud800')}`,
  'byte order marks': fill('\ufeff'),
  'many documents': fill('---\n', 24_000),
  'many directives': fill('%X\n', 20_000),
  'many anchors': fill('&a '),
  'many tags': fill('!a '),
  'nested tags': `a: ${fill('!Sub [', 20_000)}`,
  'tag chain with text': `a: ${fill('!Sub [', 700)}${fill('z')}`,
  'many bare actions': fill('{{a}}'),
  'unclosed actions': fill('{{'),
  'braces in an action': `a: {{${fill('{')} x }}`,
  'comment openers': fill('{#'),
  'stray closers': fill(']}'),
  colons: fill(': '),
  'too long': fill('a: b\n', 1_200_000),
};
