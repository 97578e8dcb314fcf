import * as z from 'zod';
import { nodeId } from '../access/accounts';
import { loginOf } from '../access/caller';
import { created, notFound } from '../http/answer';
import { apiUrlOf, htmlUrlOf, time } from '../json/repository-json';
import type { Comment } from '../pulls/comments';
import { id, input, type RepositoryCall, type RepositoryRoute } from './call';
import { paged } from './pages';
import type { GitHubParts } from './parts';

const READ = [{ issues: 'read' }, { pull_requests: 'read' }] as const;
const WRITE = [{ issues: 'write' }, { pull_requests: 'write' }] as const;
/** The most characters of a comment that GitHub stores. */
const LONGEST = 65_536;

const BodyInput = z.object({
  body: z.string().min(1).max(LONGEST, `Body is too long (maximum is ${LONGEST} characters)`),
});

/** Comments on pull requests, which GitHub's REST API regards as issues. */
export function commentRoutes(parts: GitHubParts): readonly RepositoryRoute[] {
  const { comments, pulls } = parts;
  const json = ({ repository }: RepositoryCall, comment: Comment) => ({
    id: comment.id,
    node_id: nodeId('IssueComment', comment.id),
    url: `${apiUrlOf(parts, repository)}/issues/comments/${comment.id}`,
    html_url: `${htmlUrlOf(parts, repository)}/pull/${comment.number}#issuecomment-${comment.id}`,
    issue_url: `${apiUrlOf(parts, repository)}/issues/${comment.number}`,
    body: comment.body,
    user: parts.accounts.json(comment.login),
    created_at: time(comment.created),
    updated_at: time(comment.updated),
    author_association: 'COLLABORATOR',
  });
  return [
    {
      route: 'PATCH /issues/comments/{id}',
      needs: WRITE,
      respond: (call) => {
        const comment = comments.get(call.repository.id, id(call, 'id'));
        if (!comment) throw notFound();
        return json(call, comments.change(comment, input(call, 'IssueComment', BodyInput).body));
      },
    },
    {
      route: 'GET /issues/{number}/comments',
      needs: READ,
      respond: (call) => {
        const { number } = pulls.pulls.get(call.repository.id, id(call, 'number'));
        return paged(call, comments.of(call.repository.id, number), (comment) => json(call, comment));
      },
    },
    {
      route: 'POST /issues/{number}/comments',
      needs: WRITE,
      respond: (call) => {
        const { number } = pulls.pulls.get(call.repository.id, id(call, 'number'));
        const { body } = input(call, 'IssueComment', BodyInput);
        const comment = { repositoryId: call.repository.id, number, login: loginOf(call.caller), body };
        return created(json(call, comments.add(comment)));
      },
    },
  ];
}
