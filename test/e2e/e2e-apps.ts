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
] as const;
export type E2eApp = (typeof NAMES)[number];

const stages = { dev: { branches: ['main'] }, prod: { branches: ['production'] } };

/** Stages where traffic moves gradually, as the platform's owner demands it; a minute is a second there. */
const gradual = {
  dev: { branches: ['main'] },
  prod: { branches: ['production'], shift: { linear: { percent: 25, minutes: 1 } } },
};
const STAGES: Partial<Record<E2eApp, object>> = { shift: gradual };

/** The key `apps` of the platform's seedbed.yml. */
export const E2E_APPS = Object.fromEntries(
  NAMES.map((name) => [name, { repository: { codecommit: name }, stages: STAGES[name] ?? stages }]),
);
