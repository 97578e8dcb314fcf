import { setTimeout as sleep } from 'node:timers/promises';
import { readable } from '../../lib/core/contracts/unreadable';
import { branchStageName } from '../../lib/core/trigger/stage-name';
import { type AGitHubApp, type Answered, aGitHubApp } from './a-github-app';
import { aService } from './a-service';
import { PATIENCE, type Seen } from './an-app';
import { GITHUB_REPOSITORY } from './e2e-apps';

jest.setTimeout(PATIENCE);

/**
 * A repository at the double of GitHub: branch, tag, branch of its own, pull request; forged, repeated and lost events.
 */
const SERVICE = { path: '.', name: 'github', functions: { hello: 'hello A' } };
const FEATURE = branchStageName('feature/a', ['dev', 'prod']);

let app: AGitHubApp;
let pushed: Seen;
let tagged: Seen;
let ofBranch: Seen;
let ofRequest: Seen;
let number: number;
const answers: Record<string, Answered> = {};
let afterRedelivery: number;
let lost: string;
let found: Awaited<ReturnType<AGitHubApp['reconcile']>>;
let foundRelease: Seen;
let ofTags: readonly string[];
let newestTag: Seen;
let olderTags: readonly string[];
let feature: string;
let ofFeature: Seen;
let ofBot: Seen;
let onMain: readonly string[];
let statuses: readonly string[];
let removals: Seen[];
let stagesBefore: string[];
let stagesAfter: string[];

const releases = async (stage = 'dev') => readable(await app.platform.releases.latest({ app: 'github', stage }, 50));
const releasesInAll = async () =>
  (await Promise.all(['dev', 'prod', FEATURE, `pr-${number}`].map(releases))).flat().length;
const stages = async () => (await app.platform.stages.list('github')).map(({ stage }) => stage);

/** As the app's own; with what was delivered, if there is none. */
const releaseOf = (commit: string, stage: string) =>
  app.releaseOf(commit, stage).catch(async (error: Error) => {
    throw new Error(`${error.message}; delivered: ${(await app.deliveries()).join(', ')}`);
  });

/** Waits until the newest release of a stage is a removal, and that has ended. */
async function removed(stage: string): Promise<Seen> {
  for (;;) {
    const [newest] = await releases(stage);
    if (newest?.release.remove) return app.ended(newest.release);
    await sleep(100);
  }
}

/** Waits until the status of a commit that is always called the same is not pending. */
async function finalStatus(commit: string): Promise<string> {
  for (;;) {
    const path = `/repos/${GITHUB_REPOSITORY}/commits/${commit}/statuses?per_page=100`;
    const all = await app.developer.rest<{ context: string; state: string; description: string }[]>('GET', path);
    const newest = all.find(({ context }) => context === 'seedbed');
    if (newest && newest.state !== 'pending') return `${newest.state}: ${newest.description}`;
    await sleep(200);
  }
}

beforeAll(async () => {
  app = await aGitHubApp();
  await app.reconcile();
  pushed = await app.deploy(aService(SERVICE));

  const commit = await app.push({ 'hello.js': "exports.handler = async () => 'B';\n" }, { branch: 'topic' });
  await app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/feature/a', 'HEAD:refs/tags/v1.0');
  ({ number } = await app.developer.openPullRequest(GITHUB_REPOSITORY, {
    title: 'A topic',
    head: 'topic',
    base: 'main',
  }));
  const [tag, branch, request] = await Promise.all(
    ['prod', FEATURE, `pr-${number}`].map(async (stage) => app.ended(await releaseOf(commit, stage))),
  );
  [tagged, ofBranch, ofRequest] = [tag!, branch!, request!];
  stagesBefore = await stages();

  const count = await releasesInAll();
  const push = { ref: 'refs/heads/main', repository: { full_name: GITHUB_REPOSITORY }, sender: { login: 'ada' } };
  answers.signed = await app.deliver('push', push);
  answers.again = await app.deliver('push', push);
  answers.forged = await app.request({
    method: 'POST',
    body: JSON.stringify(push),
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'push',
      'x-github-delivery': 'forged',
      'x-hub-signature-256': `sha256=${'0'.repeat(64)}`,
    },
  });
  answers.unsigned = await app.request({ method: 'POST', body: '{}' });
  answers.read = await app.request({ method: 'GET' });
  answers.elsewhere = await app.request({ method: 'POST', body: '{}' }, '/elsewhere');
  const before = (await app.deliveries()).length;
  const again = (await app.redeliver('push')) + (await app.redeliver('pull_request'));
  // A delivery is listed once it has been answered, and then its release has been accepted.
  while ((await app.deliveries()).length < before + again) await sleep(100);
  afterRedelivery = (await releasesInAll()) - count;

  await app.developer.control({ faults: { dropWebhooks: 1 } });
  await app.git('checkout', '--quiet', '-B', 'main', 'origin/main');
  lost = await app.push({ 'hello.js': "exports.handler = async () => 'C';\n" });
  while (!(await app.deliveries()).some((delivery) => delivery.endsWith(' 0'))) await sleep(100);
  expect((await releases()).map(({ release }) => release.commit)).not.toContain(lost);
  found = await app.reconcile();
  foundRelease = await app.ended(await app.releaseOf(lost));

  // One push of more than three tags: GitHub tells of none.
  const beforeTags = await app.deliveries();
  const tags = ['v2.0.0', 'v2.1.0', 'v2.2.0', 'v2.3.0'];
  const commits = [`${commit}~1`, 'main~1', 'main~1', 'main'];
  await app.git('push', '--quiet', 'origin', ...tags.map((name, index) => `${commits[index]}:refs/tags/${name}`));
  await app.reconcile();
  newestTag = await app.ended(await releaseOf(lost, 'prod'));
  expect(await app.deliveries()).toEqual(beforeTags);

  // A bot puts a marked commit on a push, which the API shows no sooner than that; it tags its commit.
  await app.developer.control({ faults: { apiLagMs: 1_500 } });
  feature = await app.push({ 'hello.js': "exports.handler = async () => 'D';\n" });
  await app.git('commit', '--quiet', '--allow-empty', '--message', 'chore(release): 3.0.0 [skip ci]');
  await app.git('push', '--quiet', 'origin', 'main');
  ofFeature = await app.ended(await releaseOf(feature, 'dev'));
  await app.developer.control({ faults: { apiLagMs: 0 } });
  await app.git('push', '--quiet', 'origin', 'main:refs/tags/v3.0.0');
  const bots = (await app.git('rev-parse', 'main')).trim();
  ofBot = await app.ended(await releaseOf(bots, 'prod'));
  await app.git('push', '--quiet', 'origin', `${feature}:refs/tags/v2.9.0`);
  while ((await app.deliveries()).length < beforeTags.length + 4) await sleep(100);
  await app.reconcile();
  onMain = (await releases()).map(({ release }) => release.commit);

  await app.git('checkout', '--quiet', '--detach', 'main');
  await app.git('commit', '--quiet', '--allow-empty', '--message', 'Merge pull request #9');
  await app.git('push', '--quiet', 'origin', 'HEAD:refs/heads/gh-readonly-queue/main/pr-9-0123456789abcdef');
  const queued = (await app.git('rev-parse', 'HEAD')).trim();
  await app.git('checkout', '--quiet', 'main');
  statuses = await Promise.all([feature, bots, queued].map(finalStatus));
  ofTags = (await releases('prod')).map(({ release }) => release.tag!);
  olderTags = (await app.platform.releases.ignored('github', 50))
    .filter(({ reason }) => reason.code === 'tag-out-of-order')
    .map(({ branch }) => branch);

  await app.developer.closePullRequest(GITHUB_REPOSITORY, number);
  await app.git('push', '--quiet', 'origin', ':refs/heads/feature/a');
  removals = await Promise.all([removed(`pr-${number}`), removed(FEATURE)]);
  // They are forgotten in the moment after their removals have ended.
  while ((await stages()).length > 0) await sleep(100);
  stagesAfter = await stages();
}, PATIENCE);
afterAll(() => app.remove());

describe('at GitHub', () => {
  it('a push is released to the stage of its branch', () => {
    expect(pushed).toMatchObject({ status: 'succeeded', release: { branch: 'main', trigger: { type: 'push' } } });
    expect(pushed.release.trigger.id).toMatch(/^[\w-]+\/dev$/);
    expect(pushed.release.repository).toEqual({ provider: 'github', name: GITHUB_REPOSITORY });
  });

  it('a tag is released to the stage that deploys it', () => {
    expect(tagged).toMatchObject({ status: 'succeeded', release: { stage: 'prod', tag: 'v1.0' } });
  });

  it('a branch and a pull request have stages of their own, with the settings of their template', () => {
    expect(ofBranch).toMatchObject({ status: 'succeeded', release: { template: 'dev', branch: 'feature/a' } });
    expect(ofRequest).toMatchObject({
      status: 'succeeded',
      release: { template: 'dev', branch: 'topic', pullRequest: { number }, trigger: { type: 'pull-request' } },
    });
    expect(stagesBefore.sort()).toEqual([FEATURE, `pr-${number}`].sort());
  });

  it('an event that is delivered again makes no second release, nor does another one of the same head', () => {
    expect(afterRedelivery).toBe(0);
  });

  it('the webhook answers with a status and nothing else', () => {
    expect(Object.entries(answers).map(([name, { status }]) => [name, status])).toEqual([
      ['signed', 202],
      ['again', 202],
      ['forged', 401],
      ['unsigned', 401],
      ['read', 404],
      ['elsewhere', 404],
    ]);
    for (const name of ['signed', 'again', 'forged', 'unsigned']) expect(answers[name]!.text).toBe('');
    const times = ['signed', 'again', 'forged'].map((name) => `${name} ${Math.round(answers[name]!.milliseconds)} ms`);
    process.stdout.write(`webhook: ${times.join(', ')}; GitHub was asked in each that was signed\n`);
  });

  it('a push of which no event has told is found', () => {
    expect(found.failed).toEqual([]);
    expect(found.outcomes).toContainEqual(
      expect.objectContaining({ app: 'github', stage: 'dev', started: expect.objectContaining({}) }),
    );
    expect(foundRelease).toMatchObject({ status: 'succeeded', release: { commit: lost, branch: 'main' } });
  });

  it('of four tags in one push, of which no event tells, the newest is released, and no older one after it', () => {
    expect(newestTag).toMatchObject({ status: 'succeeded', release: { tag: 'v2.3.0', commit: lost } });
    expect(ofTags).toEqual(['v3.0.0', 'v2.3.0', 'v1.0']);
    expect([...olderTags].sort()).toEqual(['v2.0.0', 'v2.1.0', 'v2.2.0', 'v2.9.0']);
  });

  it('a push below the marked commit of a bot is released, once, though the API lags; and the tag of the bot', () => {
    expect(ofFeature).toMatchObject({ status: 'succeeded', release: { commit: feature, branch: 'main' } });
    expect(onMain.slice(0, 2)).toEqual([feature, lost]);
    expect(ofBot).toMatchObject({ status: 'succeeded', release: { tag: 'v3.0.0' } });
  });

  it('each head has the status that may be required, also where nothing is released', () => {
    expect(statuses).toEqual([
      'success: released to dev',
      // The marked commit of the bot is done with as soon as it is ignored, and released by its tag.
      expect.stringMatching(
        /^success: (released to prod|nothing to release: the message of commit \w+ has \[skip ci\])$/,
      ),
      expect.stringMatching(/^success: nothing to release: no stage of app "github" deploys branch "gh-readonly-queue/),
    ]);
  });

  it('the stages go with the pull request that is closed, and with the branch', () => {
    expect(removals.map(({ status, release }) => [status, release.remove])).toEqual([
      ['succeeded', { emptyBuckets: true, because: 'pull-request-closed' }],
      ['succeeded', { emptyBuckets: false, because: 'branch-deleted' }],
    ]);
    expect(stagesAfter).toEqual([]);
  });
});
