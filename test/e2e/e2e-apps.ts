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
] as const;
export type E2eApp = (typeof NAMES)[number];

const stages = { dev: { branches: ['main'] }, prod: { branches: ['production'] } };

/** The key `apps` of the platform's seedbed.yml. */
export const E2E_APPS = Object.fromEntries(NAMES.map((name) => [name, { repository: { codecommit: name }, stages }]));
