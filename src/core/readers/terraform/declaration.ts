import type { Resource } from '../../model/resource.ts';

/** A resource before it is known whether its address is taken. */
export type Declaration = Omit<Resource, 'stack' | 'scope' | 'movedFrom'>;
