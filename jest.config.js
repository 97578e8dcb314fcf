const transform = { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] };
const project = (displayName, testMatch, more = {}) => ({ displayName, testMatch, transform, ...more });

/** @type {import('jest').Config} */
module.exports = {
  randomize: true,
  reporters: [['default', { summaryThreshold: 1000 }], '<rootDir>/test/count-reporter.js'],
  projects: [
    project('unit', ['<rootDir>/test/{core,config,memory,lambdas,cli,packager,aws,local,contracts}/**/*.test.ts']),
    project('infra', ['<rootDir>/test/infra/**/*.test.ts']),
    project('e2e', ['<rootDir>/test/e2e/**/*.test.ts'], {
      globalSetup: '<rootDir>/test/e2e/global-setup.ts',
      globalTeardown: '<rootDir>/test/e2e/global-teardown.ts',
    }),
  ],
};
