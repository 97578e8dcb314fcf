const { availableParallelism } = require('node:os');
const { join } = require('node:path');

const swc = (syntax) => ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax } }, module: { type: 'commonjs' } }];
// Octokit, string-width and what they are made of are ES modules only, which jest cannot `require`.
const OCTOKIT = '@octokit|before-after-hook|fast-content-type-parse|json-with-bigint|toad-cache|universal-.+?';
const STRING_WIDTH = 'string-width|strip-ansi|ansi-regex|get-east-asian-width';
const MODULES = `node_modules/(${OCTOKIT}|${STRING_WIDTH})/`;
const transform = { '^.+\\.ts$': swc('typescript'), [`${MODULES}.+\\.js$`]: swc('ecmascript') };
const transformIgnorePatterns = [`^(?!.*${MODULES}).*/node_modules/`];
// Working copies of examples must not be taken for packages of this project.
const modulePathIgnorePatterns = ['<rootDir>/(\\.seedbed|cdk\\.out|dist|examples)/'];
const project = (displayName, testMatch, more = {}) => ({
  displayName,
  testEnvironment: join(__dirname, 'test/compile-once.js'),
  testMatch,
  transform,
  transformIgnorePatterns,
  modulePathIgnorePatterns,
  ...more,
});

// What starts processes, listens or connects says so in its name; unit tests are refused it (test/no-outside.ts).
const PROCESSES = '<rootDir>/test/**/*.process.test.ts';

/** @type {import('jest').Config} */
module.exports = {
  randomize: true,
  testSequencer: join(__dirname, 'test/longest-first.js'),
  // Whatever a unit test takes on an idle machine, on a busy one it may take a hundred times as long. What starts
  // processes has more, by its file or by its project's patience.ts: jest takes no time limit for a project.
  testTimeout: 60_000,
  // The end-to-end tests mostly wait for builds; jest's own number would leave a processor idle.
  maxWorkers: 3 * availableParallelism(),
  reporters: [['default', { summaryThreshold: 1000 }], '<rootDir>/test/count-reporter.js'],
  projects: [
    project('unit', ['<rootDir>/test/**/*.test.ts'], {
      testPathIgnorePatterns: ['\\.process\\.test\\.ts$', '<rootDir>/test/(local|infra|e2e)/'],
      globalSetup: '<rootDir>/test/state-machines/global-setup.ts',
      setupFilesAfterEnv: ['<rootDir>/test/no-outside.ts'],
    }),
    project('infra', ['<rootDir>/test/infra/**/*.test.ts'], {
      setupFilesAfterEnv: ['<rootDir>/test/infra/patience.ts'],
      globalSetup: '<rootDir>/test/infra/global-setup.ts',
      globalTeardown: '<rootDir>/test/infra/global-teardown.ts',
    }),
    project('local', ['<rootDir>/test/local/**/*.test.ts', PROCESSES], {
      setupFilesAfterEnv: ['<rootDir>/test/local/patience.ts'],
      globalSetup: '<rootDir>/test/state-machines/global-setup.ts',
    }),
    project('e2e', ['<rootDir>/test/e2e/**/*.test.ts'], {
      setupFilesAfterEnv: ['<rootDir>/test/e2e/patience.ts'],
      globalSetup: '<rootDir>/test/e2e/global-setup.ts',
      globalTeardown: '<rootDir>/test/e2e/global-teardown.ts',
    }),
  ],
};
