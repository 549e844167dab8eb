import type { ScalarValue } from '../model/value.ts';

const NUMBER = /^[-+]?(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][-+]?\d+)?$/;

/**
 * A plain scalar by the YAML 1.2 core schema. A number is made only where it prints as it was written: an account id
 * with a leading zero, version 1.10 or mode 0644 stay text, so that nothing that differs in the file becomes equal.
 */
export function readPlainScalar(source: string): ScalarValue['value'] {
  switch (source) {
    case '':
    case '~':
    case 'null':
    case 'Null':
    case 'NULL':
      return null;
    case 'true':
    case 'True':
    case 'TRUE':
      return true;
    case 'false':
    case 'False':
    case 'FALSE':
      return false;
  }
  const first = source.charCodeAt(0);
  // Only digits, sign and point start a number; 24 characters hold any double.
  if (first > 57 || first < 43 || source.length > 24 || !NUMBER.test(source)) return source;
  const value = Number(source);
  return String(value) === source ? value : source;
}
