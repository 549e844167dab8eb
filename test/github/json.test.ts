import { expect, test } from '@jest/globals';
import { parsedJson } from '../../src/github/json.ts';

test('numbers are exact, or their digits', () => {
  expect(parsedJson('{"id":186302041537298434,"n":12,"list":[{"id": 9007199254740991}],"x":1.5}')).toEqual({
    id: '186302041537298434',
    n: 12,
    list: [{ id: 9007199254740991 }],
    x: 1.5,
  });
});

test('what is no JSON is nothing', () => {
  expect([parsedJson('{"a":'), parsedJson(''), parsedJson('<html>')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
