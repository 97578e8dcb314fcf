import type { Release } from './release';

/** SSM path under which stages keep their environment. */
export const ENVIRONMENT_PARAMETERS = '/seedbed/env';

/** SSM path of the marks that tell of changes. */
export const ENVIRONMENT_STAMPS = '/seedbed/env-stamps';

/** A stage, and the configured one whose settings it has if it is a made stage. */
export type StageOfApp = Pick<Release, 'app' | 'stage' | 'template'>;

/**
 * @returns the path of a stage's own variables: one parameter for each, a SecureString if it is a secret. What a made
 *   stage has of its own lies below the path of the stage that lends its settings, so that one role reads both and no
 *   other stage's.
 */
export const environmentPath = (stage: StageOfApp): string => `${ENVIRONMENT_PARAMETERS}/${ownPath(stage)}`;

/**
 * @returns the SSM parameter that gets another value whenever the stage's own variables change. It holds none of
 *   theirs, so that a plan sees a change without being able to read what changed.
 */
export const environmentStampParameter = (stage: StageOfApp): string => `${ENVIRONMENT_STAMPS}/${ownPath(stage)}`;

const ownPath = ({ app, stage, template }: StageOfApp): string =>
  template === undefined ? `${app}/${stage}` : `${app}/${template}/made/${stage}`;

/**
 * @returns the stages whose variables a build of the stage gets, the strongest last: for a made stage, the one whose
 *   settings it has, and then itself
 */
export const environmentLayers = (stage: StageOfApp): readonly StageOfApp[] =>
  stage.template === undefined ? [stage] : [{ app: stage.app, stage: stage.template }, stage];

/**
 * @returns the SSM parameter with the random bytes that go into the hash of a stage's environment, so that nobody can
 *   try values against the hash in a manifest; not among the variables
 */
export const environmentSaltParameter = (app: string, settingsStage: string): string =>
  `/seedbed/env-salts/${app}/${settingsStage}`;

/** @returns the SSM parameter with the credentials for cloning that builds of a configured stage read. */
export const cloneParameter = (app: string, settingsStage: string): string => `/seedbed/clone/${app}/${settingsStage}`;

/** What the names of the platform's build projects begin with. */
export const BUILD_PROJECT_PREFIX = 'seedbed-';

/**
 * @returns the name of the CodeBuild project that builds a configured stage of an app, and all stages made of it. No
 *   name of an app has a `_`, so stage `b-c` of app `a` and stage `c` of app `a-b` have two projects.
 */
export const buildProjectName = (app: string, settingsStage: string): string =>
  `${BUILD_PROJECT_PREFIX}${app}_${settingsStage}`;
