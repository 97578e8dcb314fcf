import { startBuild } from '../../lambdas/build/start-build';
import { plan } from '../../lambdas/plan/plan';
import { releaseBranch } from '../../lambdas/trigger/release-ref';
import type { BuildRequest } from '../../lib/core/contracts/build-request';
import { gitHubSource } from '../../lib/github/github-source';
import { aRelease } from '../builders';
import { anApp, memoryPlatform } from '../memory-platform';
import { AN_APP, clientsOf, gitHubDouble, SHOP } from './github-double';

const NEW = 'c'.repeat(40);
const OLD = 'b'.repeat(40);
const permissions = { contents: 'read', metadata: 'read' };

/** GitHub with a repository of so many services, of which the new commit changes every second one. */
function gitHubWith(services: number) {
  const repository = '/repos/acme/shop';
  const tree = (salt: string) => ({
    truncated: false,
    tree: Array.from({ length: services }, (_, index) => [
      { path: `s${index}/serverless.yml`, mode: '100644', type: 'blob', sha: 'same' },
      { path: `s${index}/index.ts`, mode: '100644', type: 'blob', sha: index % 2 ? 'same' : salt },
    ]).flat(),
  });
  return gitHubDouble({
    [`GET ${repository}/installation`]: () => ({ id: 7, permissions, account: { login: 'acme' } }),
    'POST /app/installations/7/access_tokens': () =>
      Response.json({ token: 'ghs_1', expires_at: '2100-01-01T00:00:00Z', permissions }, { status: 201 }),
    [`GET ${repository}`]: () => ({ id: 1, clone_url: 'https://github.com/acme/shop.git' }),
    [`GET ${repository}/branches/main`]: () => ({ name: 'main', commit: { sha: NEW, commit: { message: 'x' } } }),
    [`GET ${repository}/git/trees/${NEW}?recursive=1`]: () => tree('new'),
    [`GET ${repository}/git/trees/${OLD}?recursive=1`]: () => tree('old'),
    [`GET ${repository}/contents/seed.yml?ref=${NEW}`]: () => new Response(''),
  });
}

/** A push from the webhook to the last build. Every call of a worker is its first, which has nothing in memory. */
async function push(services: number) {
  const github = gitHubWith(services);
  const config = anApp({ repository: SHOP, stages: { dev: anApp().stages.dev! } });
  const platform = memoryPlatform({ app: config });
  const coldSource = () => gitHubSource(clientsOf(github, AN_APP));
  for (let index = 0; index < services; index += 1) {
    await platform.states.endService(
      aRelease({ commit: OLD, repository: SHOP, stage: 'dev' }),
      { status: 'deployed', commit: OLD },
      { path: `s${index}`, status: 'deployed', planned: [], functions: [], outputs: {}, durations: {} },
    );
  }
  const cause = { id: 'delivery', at: new Date(platform.now()).toISOString() };
  const [outcome] = await releaseBranch({ ...platform, source: coldSource() }, { config, cause, branch: 'main' });
  if (!outcome || !('started' in outcome)) throw new Error(JSON.stringify(outcome));
  const record = await platform.releases.find({ app: 'shop', stage: 'dev', id: outcome.started.releaseId });
  const { release } = record!;
  const now = () => new Date(platform.now()).toISOString();
  const planned = await plan({ ...platform, source: coldSource(), now })({ release });

  const requests: BuildRequest[] = [];
  const builds = { start: async (request: BuildRequest) => `build-${requests.push(request)}` };
  await Promise.all(
    planned.phases.flat().map(({ service }) =>
      startBuild({
        ...platform,
        source: coldSource(),
        now,
        artifactBucket: 'artifacts',
        builds: { ...builds, stop: async () => {}, statuses: async () => new Map() },
      })({ release, service, task: 'package' }),
    ),
  );
  return { calls: github.calls(), requests };
}

it('a push takes as many calls to GitHub for two services as for 200, whose builds all start at once', async () => {
  const [few, many] = [await push(2), await push(200)];
  expect([few.requests.length, many.requests.length]).toEqual([1, 100]);
  expect(many.calls.sort()).toEqual(few.calls.sort());
  // A worker with nothing in memory asks for the installation and a token; the plan also for a token for cloning. The
  // trigger asks for the head, and whose it is.
  expect(few.calls).toHaveLength(2 + 2 + 2 + 3 + 2);
  expect(new Set(many.requests.map(({ cloneParameter }) => cloneParameter)).size).toBe(1);
  expect(JSON.stringify(many.requests)).not.toContain('ghs_1');
});
