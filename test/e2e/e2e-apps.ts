/** Apps of the end-to-end tests, one for each file of tests: files run side by side and must not share a stage. */
const NAMES = [
  'thread',
  'sequences',
  'queue',
  'hands',
  'builds',
  'monorepo',
  'input',
  'budget',
  'adoption',
  'rollback',
  'shift',
  'rollback-shift',
  'cancel',
  'commands',
  'order',
  'removal',
  'rewritten',
  'elsewhere',
  'notified',
  'reading',
  'sam',
  'made-elsewhere',
] as const;
/** Apps of files with a local cloud of their own, see `own-cloud.ts`. */
const APART = ['steady', 'moving', 'fault-a', 'fault-b', 'secrets', 'many'] as const;
/** Also the app at GitHub, and those of the benchmarks, which have a local cloud of their own. */
export type E2eApp = (typeof NAMES | typeof APART)[number] | 'github' | `bench-${string}`;

/** Apps in whose stages the platform's owner demands that traffic moves gradually; a minute is a second there. */
const GRADUAL: Partial<Record<E2eApp, object>> = {
  shift: { linear: { percent: 25, minutes: 5 } },
  sequences: { canary: { percent: 50, minutes: 1 } },
  hands: { canary: { percent: 50, minutes: 1 } },
  removal: { canary: { percent: 50, minutes: 1 } },
  'made-elsewhere': { canary: { percent: 50, minutes: 1 } },
  cancel: { canary: { percent: 50, minutes: 10 } },
  'rollback-shift': { canary: { percent: 10, minutes: 20 } },
  elsewhere: { canary: { percent: 10, minutes: 1 } },
};

/** An account that is not the platform's, and the app whose stages live there. */
export const OTHER_ACCOUNT = '444455556666';
export const E2E_TARGETS = { other: { account: OTHER_ACCOUNT } };
const TARGETS: Partial<Record<E2eApp, keyof typeof E2E_TARGETS>> = { elsewhere: 'other' };

/** What builds of an app's stage `dev` may do, and those of `prod` may not. */
const BUILDS: Partial<Record<E2eApp, object>> = {
  reading: { reads: ['ssm:/reading/dev/*', 'cloudformation:reading-a-*', 'secretsmanager:reading/dev/*'] },
};

/** Functions that something else makes, and whose code releases may change. */
const FUNCTIONS: Partial<Record<E2eApp, readonly string[]>> = { 'made-elsewhere': ['made-${stage}-*'] };

/** Stacks that others made and a stage may take over. */
const ADOPT: Partial<Record<E2eApp, readonly string[]>> = { sam: ['sam-orders-live'] };

const stagesOf = (name: E2eApp) => ({
  dev: {
    branches: ['main'],
    shift: GRADUAL[name],
    target: TARGETS[name],
    build: BUILDS[name],
    functions: FUNCTIONS[name],
  },
  prod: { branches: ['production'], shift: GRADUAL[name], adopt: ADOPT[name] },
});

/** Repository of the app `github`, at the double. */
export const GITHUB_REPOSITORY = 'acme/shop';

/** An app with every way to a stage. */
const AT_GITHUB = {
  repository: { github: GITHUB_REPOSITORY },
  stages: { dev: { branches: ['main'] }, prod: { tags: ['v*'] } },
  pullRequests: { template: 'dev', emptyBuckets: true },
  branchStages: [{ branches: ['feature/**'], template: 'dev' }],
};

/** The key `apps` of the platform's seedbed.yml. */
export const E2E_APPS = {
  ...Object.fromEntries(NAMES.map((name) => [name, { repository: { codecommit: name }, stages: stagesOf(name) }])),
  github: AT_GITHUB,
};
