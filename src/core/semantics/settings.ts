/**
 * Types that hand values on instead of being something: what they mean depends on their names, and the things that use
 * them are judged for themselves.
 */
const SETTING_TYPES: ReadonlySet<string> = new Set([
  'variable',
  'local',
  'tfvar',
  'parameter',
  'output',
  'condition',
  'mapping',
  'globals',
]);

export const isSetting = (type: string): boolean => SETTING_TYPES.has(type);
