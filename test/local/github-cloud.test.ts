import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GitHubClient } from '../../lib/local/github/github-client';
import { type ACloud, aCloud, PATIENCE, run } from './a-cloud';
import { AClone, type AReceiver, aReceiver } from './a-github';

jest.setTimeout(PATIENCE);

describe('the double of GitHub as part of a local cloud', () => {
  const work = mkdtempSync(join(tmpdir(), 'seedbed-clone-'));
  let at: ACloud;
  let receiver: AReceiver;
  let ada: GitHubClient;
  beforeAll(async () => {
    [at, receiver] = await Promise.all([aCloud('github'), aReceiver()]);
    ada = new GitHubClient(at.cloud.endpoint, 'ada');
    await ada.register('ada');
  });
  afterAll(async () => {
    await Promise.all([at.cloud.stop(), receiver.stop()]);
    rmSync(work, { recursive: true });
  });

  it('is found where the cloud says that its API is', async () => {
    const answer = await fetch(`${at.cloud.githubApiUrl}/user`, { headers: { authorization: 'token ada' } });
    expect(await answer.json()).toMatchObject({ login: 'ada' });
  });

  it('takes pushes in pieces and many at once, and sends a webhook for each', async () => {
    await ada.createRepository('acme/shop', { private: true });
    const clone = new AClone(join(work, 'shop'));
    await run('git', ['clone', '--quiet', ada.gitUrl('acme/shop'), clone.directory]);
    await ada.createHook('acme/shop', { url: receiver.url, secret: 'hush', events: ['push'] });
    // Git sends more than a megabyte in chunks.
    await clone.commit('large', { large: randomBytes(3_000_000) });
    await clone.git('push', '--quiet', 'origin', 'HEAD:main');
    const branches = ['a', 'b', 'c', 'd', 'e', 'f'];
    const heads = new Set<string>();
    for (const branch of branches) heads.add(await clone.commit(branch));
    const pushes = [...heads].map((head, i) =>
      clone.git('push', '--quiet', 'origin', `${head}:refs/heads/${branches[i]}`),
    );
    await Promise.all(pushes);
    const arrived = await receiver.arrived(1 + 1 + branches.length); // the ping, main and the branches
    const told = arrived.flatMap(({ payload }) => (payload.ref?.endsWith('/main') ? [] : (payload.after ?? [])));
    expect(new Set(told)).toEqual(heads);
  });
});
