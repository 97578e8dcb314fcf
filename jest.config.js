const { availableParallelism } = require('node:os');

const transform = { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] };
// Working copies of examples must not be taken for packages of this project.
const modulePathIgnorePatterns = ['<rootDir>/(\\.seedbed|cdk\\.out|examples)/'];
const project = (displayName, testMatch, more = {}) => ({
  displayName,
  testMatch,
  transform,
  modulePathIgnorePatterns,
  ...more,
});

/** @type {import('jest').Config} */
module.exports = {
  randomize: true,
  // The end-to-end tests mostly wait for builds; jest's own number would leave a processor idle.
  maxWorkers: Math.ceil(1.5 * availableParallelism()),
  reporters: [['default', { summaryThreshold: 1000 }], '<rootDir>/test/count-reporter.js'],
  projects: [
    project('unit', ['<rootDir>/test/{core,config,memory,lambdas,cli,packager,aws,local,contracts}/**/*.test.ts']),
    project('infra', ['<rootDir>/test/infra/**/*.test.ts'], {
      globalTeardown: '<rootDir>/test/infra/global-teardown.ts',
    }),
    project('e2e', ['<rootDir>/test/e2e/**/*.test.ts'], {
      globalSetup: '<rootDir>/test/e2e/global-setup.ts',
      globalTeardown: '<rootDir>/test/e2e/global-teardown.ts',
    }),
  ],
};
