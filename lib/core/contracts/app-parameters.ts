import type { Repository } from './release';

/** SSM parameters by which the platform tells its workers of the connected apps. */
const ROOT = '/seedbed';

/** Path under which there is one parameter per app. */
export const APP_PARAMETERS = `${ROOT}/apps`;

/** Path under which there is one parameter per connected repository. */
export const REPOSITORY_PARAMETERS = `${ROOT}/repositories`;

/** @returns the name of the parameter that holds an AppConfig as JSON. */
export const appParameter = (app: string): string => `${APP_PARAMETERS}/${app}`;

/** @returns the name of the parameter that holds the name of a repository's app. Case means nothing to GitHub. */
export const repositoryParameter = ({ provider, name }: Repository): string =>
  `${REPOSITORY_PARAMETERS}/${provider}/${provider === 'github' ? name.toLowerCase() : name}`;
