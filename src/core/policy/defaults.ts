import type { Policy } from '../model/policy.ts';
import { normalise } from './normalise.ts';
import { policySchema } from './schema.ts';

/** What applies without any policy: observe everything, block nothing. */
export const BUILT_IN_POLICY: Policy = normalise(policySchema.parse({}), 'built-in');
