/** Entries of the navigation: the path behind `base`, which is also the `section` of the pages that belong to it. */
export const NAVIGATION: readonly (readonly [path: string, name: string])[] = [
  ['/', 'Overview'],
  ['/repositories', 'Repositories'],
  ['/population', 'Population'],
  ['/records', 'Records'],
  ['/exceptions', 'Exceptions'],
  ['/register', 'Register'],
  ['/models', 'Threat models'],
  ['/configuration', 'Configuration'],
  ['/controls', 'Controls'],
  ['/exports', 'Export'],
];
