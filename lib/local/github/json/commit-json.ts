import { nodeId } from '../access/accounts';
import type { Commit, Signature } from '../repositories/commits';
import type { Repository } from '../repositories/repositories';
import { apiUrlOf, htmlUrlOf, time } from './repository-json';

/** @returns a commit as the API shows it. No commit has an account, since the double knows nobody's mail address. */
export function commitJson(parts: { readonly endpoint: string }, repository: Repository, commit: Commit) {
  const url = apiUrlOf(parts, repository);
  const html = htmlUrlOf(parts, repository);
  const { sha } = commit;
  return {
    sha,
    node_id: nodeId('Commit', sha),
    commit: {
      author: signatureJson(commit.author),
      committer: signatureJson(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      url: `${url}/git/commits/${sha}`,
      comment_count: 0,
      verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
    },
    url: `${url}/commits/${sha}`,
    html_url: `${html}/commit/${sha}`,
    comments_url: `${url}/commits/${sha}/comments`,
    author: null,
    committer: null,
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: `${url}/commits/${parent}`,
      html_url: `${html}/commit/${parent}`,
    })),
  };
}

/** In the API, unlike in webhooks, times have no offset. */
const signatureJson = ({ name, email, date }: Signature) => ({ name, email, date: time(Date.parse(date)) });
