import * as z from 'zod';
import { git } from '../../git/git';
import { NOTHING } from '../../git/moved-references';
import { nodeId } from '../access/accounts';
import { loginOf } from '../access/caller';
import { created, GitHubError, noContent, notFound } from '../http/answer';
import { apiUrlOf } from '../json/repository-json';
import { isWithin } from '../repositories/merge';
import { kindOf, listReferences, objectOf, type Reference } from '../repositories/references';
import { input, param, type RepositoryCall, type RepositoryRoute } from './call';
import type { GitHubParts } from './parts';

const READ = [{ contents: 'read' }] as const;
const WRITE = [{ contents: 'write' }] as const;

const NewInput = z.object({
  ref: z.string().regex(/^refs\/(heads|tags)\/.+/),
  sha: z.string(),
});
const ChangeInput = z.object({ sha: z.string(), force: z.boolean().default(false) });

/** Branches and tags as references, as in GitHub's REST API. What moves one is a push. */
export function referenceRoutes({ pushes, endpoint }: GitHubParts): readonly RepositoryRoute[] {
  const json = ({ repository }: RepositoryCall, { name, sha, kind }: Reference) => ({
    ref: name,
    node_id: nodeId('Ref', name),
    url: `${apiUrlOf({ endpoint }, repository)}/git/${name}`,
    object: { sha, type: kind, url: `${apiUrlOf({ endpoint }, repository)}/git/${kind}s/${sha}` },
  });
  const move = async ({ repository, caller }: RepositoryCall, name: string, [before, after]: [string, string]) => {
    const change = after === NOTHING ? ['-d', name, before] : [name, after, before];
    await git(repository.directory, ['update-ref', ...change]).catch(() => {
      throw new GitHubError(422, 'Reference update failed');
    });
    await pushes.follow(repository.id, [{ name, before, after }], loginOf(caller));
  };
  return [
    {
      route: 'GET /git/ref/{ref+}',
      needs: READ,
      respond: async (call) => {
        const name = `refs/${param(call, 'ref')}`;
        const sha = await objectOf(call.repository.directory, name);
        const kind = sha && (await kindOf(call.repository.directory, sha));
        if (!sha || !kind) throw notFound();
        return json(call, { name, sha, kind });
      },
    },
    {
      route: 'GET /git/matching-refs/{ref*}',
      needs: READ,
      respond: async (call) => {
        const found = await listReferences(call.repository.directory, `refs/${param(call, 'ref')}`);
        return found.map((reference) => json(call, reference));
      },
    },
    {
      route: 'POST /git/refs',
      needs: WRITE,
      respond: async (call) => {
        const { ref, sha } = input(call, 'Reference', NewInput);
        const { directory } = call.repository;
        if (await objectOf(directory, ref)) throw new GitHubError(422, 'Reference already exists');
        const kind = await kindOf(directory, sha);
        if (!kind) throw new GitHubError(422, 'Object does not exist');
        await move(call, ref, [NOTHING, sha]);
        return created(json(call, { name: ref, sha, kind }));
      },
    },
    {
      route: 'PATCH /git/refs/{ref+}',
      needs: WRITE,
      respond: async (call) => {
        const name = `refs/${param(call, 'ref')}`;
        const { sha, force } = input(call, 'Reference', ChangeInput);
        const { directory } = call.repository;
        const [before, kind] = await Promise.all([objectOf(directory, name), kindOf(directory, sha)]);
        if (!before) throw new GitHubError(422, 'Reference does not exist');
        if (!kind) throw new GitHubError(422, 'Object does not exist');
        if (!force && !(await isWithin(directory, before, sha)))
          throw new GitHubError(422, 'Update is not a fast forward');
        await move(call, name, [before, sha]);
        return json(call, { name, sha, kind });
      },
    },
    {
      route: 'DELETE /git/refs/{ref+}',
      needs: WRITE,
      respond: async (call) => {
        const name = `refs/${param(call, 'ref')}`;
        const before = await objectOf(call.repository.directory, name);
        if (!before) throw new GitHubError(422, 'Reference does not exist');
        await move(call, name, [before, NOTHING]);
        return noContent();
      },
    },
  ];
}
