export default {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.demo', '<rootDir>/fixtures'],
  runner: ['jest-light-runner', { runtime: 'child_process' }],
  setupFiles: ['<rootDir>/test/runner/setup.mjs'],
  maxWorkers: '100%',
  reporters: ['default', '<rootDir>/test/runner/plain-reporter.mjs'],
};
