/** Everything of the GitHub double is below this path of the gateway. */
export const GITHUB_PATH = '/_github/';
/** Base of the REST API: what Octokit's `baseUrl` and the setting `github.apiUrl` name. */
export const GITHUB_API_PATH = '/_github/api';
/** Where repositories are cloned from and pushed to: `<this>/<owner>/<repository>.git`. */
export const GITHUB_GIT_PATH = '/_github/git';
/** Switches faults, and makes tokens and apps known. */
export const GITHUB_CONTROL_PATH = '/_github/control';
/** Which calls were made; a POST forgets them. */
export const GITHUB_CALLS_PATH = '/_github/calls';
/** Where the repositories' hook tells of pushes; the repository's id follows. */
export const GITHUB_PUSHED_PATH = '/_github/pushed/';

/** @returns the base of the REST API of the local cloud at `endpoint`. */
export const githubApiUrl = (endpoint: string): string => `${endpoint}${GITHUB_API_PATH}`;

/** GitHub's names are the same in upper and lower case. */
export const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
