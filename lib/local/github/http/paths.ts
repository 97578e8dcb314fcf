/** Everything of the double of GitHub is below this path of the gateway. */
export const GITHUB_PATH = '/_github/';
/** Base of the REST API, which Octokit calls `baseUrl`. */
export const GITHUB_API_PATH = '/_github/api';
/** Where git clones from and pushes to: `<this>/<owner>/<repository>.git`. */
export const GITHUB_GIT_PATH = '/_github/git';
/** Where faults are switched, and tokens and apps registered. */
export const GITHUB_CONTROL_PATH = '/_github/control';
/** Answers with the calls that were made; a POST forgets them. */
export const GITHUB_CALLS_PATH = '/_github/calls';
/** Where the repositories' hook reports pushes; the repository's id follows. */
export const GITHUB_PUSHED_PATH = '/_github/pushed/';

/** @returns the base of the REST API of the local cloud at `endpoint`. */
export const githubApiUrl = (endpoint: string): string => `${endpoint}${GITHUB_API_PATH}`;

/** GitHub's names are case-insensitive. */
export const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
