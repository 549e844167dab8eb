import type { ElementKind } from '../model/fact.ts';
import type { StrideLetter } from '../model/threat-model.ts';

export const STRIDE: Readonly<Record<StrideLetter, string>> = {
  S: 'Spoofing',
  T: 'Tampering',
  R: 'Repudiation',
  I: 'Information disclosure',
  D: 'Denial of service',
  E: 'Elevation of privilege',
};

/**
 * STRIDE per element: which kinds of threat an element of a data-flow diagram can suffer. A trust boundary suffers
 * none itself: what is asked about a boundary is asked of the flows that cross it and the things on its two sides.
 */
export const STRIDE_OF_ELEMENT: Readonly<Record<ElementKind, readonly StrideLetter[]>> = {
  'external-entity': ['S', 'R'],
  process: ['S', 'T', 'R', 'I', 'D', 'E'],
  'data-store': ['T', 'R', 'I', 'D'],
  'data-flow': ['T', 'I', 'D'],
  'trust-boundary': [],
};

export function suffers(element: ElementKind, letter: StrideLetter): boolean {
  return STRIDE_OF_ELEMENT[element].includes(letter);
}
