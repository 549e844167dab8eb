import type { Query } from '../layout/link.ts';

/** A page that speaks to an evidence item, in the period or as of its end. */
export interface Source {
  readonly path: string;
  readonly name: string;
  readonly asks: 'period' | 'end';
  readonly query?: Query;
  /** Where on the page, with the number sign. */
  readonly place?: string;
}

const population: Source = { path: '/population', name: 'Population', asks: 'period' };
const exceptions: Source = { path: '/exceptions', name: 'Exceptions', asks: 'period' };
const register: Source = { path: '/register', name: 'Register', asks: 'end' };
const configuration: Source = { path: '/configuration', name: 'Configuration', asks: 'period' };
const exports: Source = { path: '/exports', name: 'Evidence package', asks: 'period' };
const models = (name: string, place: string): Source => ({ path: '/models', name, asks: 'end', place });

/** By evidence item: where a person looks at it. The records themselves are evidence for each, and are linked besides. */
export const SOURCES: Readonly<Record<string, readonly Source[]>> = {
  E01: [population],
  E02: [population],
  E03: [population],
  E04: [register],
  E05: [models('Threats', '#threats'), { ...register, name: 'Accepted risks', query: { kind: 'accept' } }],
  E06: [{ ...population, name: 'Gated changes', query: { way: 'gated' } }],
  E07: [exports],
  E08: [exceptions],
  E09: [population, exports],
  E10: [{ ...register, name: 'Tickets', query: { kind: 'ticket' } }],
  E11: [register, models('Threats', '#threats')],
  E12: [models('Assumptions', '#assumptions')],
  E13: [models('Vendors', '#vendors')],
  E14: [models('Inventory', '#inventory')],
  E15: [configuration],
  E16: [exceptions],
  E17: [{ path: '', name: 'Overview', asks: 'period' }, exceptions],
  E18: [configuration],
};
