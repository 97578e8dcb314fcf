import type { Env, SOURCE_ENV } from '../../config/environment';
import { type GitHubClients, gitHubClients } from '../../github/client';
import { gitHubSecret } from './github-secret';

/** @returns the way to GitHub with the platform's own access. */
export const gitHub = ({ GITHUB_API_URL, GITHUB_SECRET }: Env<typeof SOURCE_ENV>): GitHubClients =>
  gitHubClients({ apiUrl: GITHUB_API_URL, secret: GITHUB_SECRET }, gitHubSecret(GITHUB_SECRET));
