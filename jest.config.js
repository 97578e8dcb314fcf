const { availableParallelism } = require('node:os');

const swc = (syntax) => ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax } }, module: { type: 'commonjs' } }];
// Octokit and what it is made of are ES modules only, which jest cannot `require`.
const MODULES =
  'node_modules/(@octokit|before-after-hook|fast-content-type-parse|json-with-bigint|toad-cache|universal-.+?)/';
const transform = { '^.+\\.ts$': swc('typescript'), [`${MODULES}.+\\.js$`]: swc('ecmascript') };
const transformIgnorePatterns = [`^(?!.*${MODULES}).*/node_modules/`];
// Working copies of examples must not be taken for packages of this project.
const modulePathIgnorePatterns = ['<rootDir>/(\\.seedbed|cdk\\.out|dist|examples)/'];
const project = (displayName, testMatch, more = {}) => ({
  displayName,
  testMatch,
  transform,
  transformIgnorePatterns,
  modulePathIgnorePatterns,
  ...more,
});

/** @type {import('jest').Config} */
module.exports = {
  randomize: true,
  // Whatever a unit test takes on an idle machine, on a busy one it may take a hundred times as long. What starts
  // processes has more, by its file or by its project's patience.ts: jest takes no time limit for a project.
  testTimeout: 60_000,
  // The end-to-end tests mostly wait for builds; jest's own number would leave a processor idle.
  maxWorkers: 2 * availableParallelism(),
  reporters: [['default', { summaryThreshold: 1000 }], '<rootDir>/test/count-reporter.js'],
  projects: [
    project('unit', [
      '<rootDir>/test/{core,config,memory,release,lambdas,cli,packager,aws,github,local,contracts,docs}/**/*.test.ts',
    ]),
    project('infra', ['<rootDir>/test/infra/**/*.test.ts'], {
      setupFilesAfterEnv: ['<rootDir>/test/infra/patience.ts'],
      globalTeardown: '<rootDir>/test/infra/global-teardown.ts',
    }),
    project('e2e', ['<rootDir>/test/e2e/**/*.test.ts'], {
      setupFilesAfterEnv: ['<rootDir>/test/e2e/patience.ts'],
      globalSetup: '<rootDir>/test/e2e/global-setup.ts',
      globalTeardown: '<rootDir>/test/e2e/global-teardown.ts',
    }),
  ],
};
