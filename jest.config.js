export default {
  testEnvironment: 'node',
  // A bound on hanging, not on speed: machines are busy.
  testTimeout: 60_000,
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/scripts/jest-strip-types.mjs' },
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.demo', '<rootDir>/fixtures'],
  reporters: ['default', '<rootDir>/scripts/plain-reporter.mjs'],
};
