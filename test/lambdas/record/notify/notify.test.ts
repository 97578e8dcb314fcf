import { aPullRequestRelease, commitOf, noticeWorld, PR } from './notice-world';

/** A stage of a pull request with a release that runs. */
async function running() {
  const world = noticeWorld();
  const release = aPullRequestRelease(1);
  await world.make();
  await world.accept(release);
  await world.run(release);
  return { world, release };
}

describe('notify', () => {
  it('shows a release where people look: at the commit, as a deployment and on the pull request', async () => {
    const { world, release } = await running();
    await world.tell(release);
    expect(world.host.statuses).toEqual([
      {
        commit: commitOf('a'),
        context: 'seedbed/pr-12',
        state: 'pending',
        description: 'releasing…',
        url: expect.stringContaining('console.aws.amazon.com/states'),
      },
    ]);
    expect(world.host.deployments).toMatchObject([
      {
        commit: commitOf('a'),
        environment: 'pr-12',
        release: release.id,
        isTransient: true,
        isProduction: false,
        statuses: [{ state: 'in_progress' }],
      },
    ]);
    expect(world.host.comments).toEqual([
      { id: expect.any(Number), pullRequest: 12, body: expect.stringMatching(/^<!-- seedbed:shop -->/) },
    ]);

    await world.plan(release);
    await world.deploy(release, { outputs: { ServiceEndpoint: 'https://api.example.com/dev' } });
    await world.end(release);
    await world.tell(release);
    expect(world.host.statuses.at(-1)).toMatchObject({
      state: 'success',
      description: '1 deployed (1 direct), 1 unchanged, 41.0 s',
    });
    expect(world.host.deployments[0]!.statuses.at(-1)).toMatchObject({
      state: 'success',
      environmentUrl: 'https://api.example.com/dev',
      logUrl: expect.stringContaining('console.aws.amazon.com/states'),
    });
    expect(world.host.comments).toHaveLength(1);
    expect(world.host.comments[0]!.body).toContain(
      '| `orders` | deployed | direct | `the code of List differs` | 6.0 s |',
    );
    expect(world.host.comments[0]!.body).toContain('| `orders` | `ServiceEndpoint` | <https://api.example.com/dev> |');
    expect(world.topic.messages.map(({ attributes }) => attributes.status)).toEqual(['running', 'succeeded']);
  });

  it('makes seven calls for a release, and none for an event that comes again', async () => {
    const { world, release } = await running();
    await world.tell(release);
    await world.plan(release);
    await world.deploy(release);
    await world.end(release);
    await world.tell(release);
    expect([...world.host.calls].sort()).toEqual([
      ...['addComment', 'changeComment', 'createDeployment', 'findComment', 'setCommitStatus', 'setCommitStatus'],
      ...['setDeploymentStatus', 'setDeploymentStatus'],
    ]);
    const calls = world.host.calls.length;
    await world.tell(release);
    await world.tell(release);
    expect(world.host.calls).toHaveLength(calls);
    expect(world.topic.messages).toHaveLength(2);
  });

  it('tells only the end of a release that has ended before its first event arrives', async () => {
    const { world, release } = await running();
    await world.end(release);
    await world.tell(release);
    await world.tell(release);
    expect(world.host.statuses.map(({ state }) => state)).toEqual(['success']);
    expect(world.host.deployments[0]!.statuses.map(({ state }) => state)).toEqual(['success']);
    expect(world.topic.messages).toHaveLength(1);
  });

  it('leaves the last word on a commit to its newest release', async () => {
    const { world, release } = await running();
    const again = aPullRequestRelease(2, { force: true });
    await world.end(release, { code: 'BuildFailed', message: 'no' });
    await world.accept(again);
    await world.run(again);
    await world.end(again);
    await world.tell(again);
    await world.tell(release);
    expect(world.host.statuses.at(-1)).toMatchObject({ state: 'success' });
  });

  it('gives a commit the word of its release that ran, if another one of it gave way', async () => {
    const { world, release } = await running();
    const again = aPullRequestRelease(2);
    const other = aPullRequestRelease(3, { commit: commitOf('c') });
    await world.accept(again);
    await world.tell(again);
    expect(world.host.statuses.at(-1)).toMatchObject({ state: 'pending', commit: commitOf('a') });
    await world.accept(other);
    await world.end(release);
    await world.tell(release);
    await world.tell(again);
    expect(world.host.statuses.filter(({ commit }) => commit === commitOf('a')).at(-1)).toMatchObject({
      state: 'success',
    });
  });

  it('says of a commit that no release ran of that another took its place', async () => {
    const { world } = await running();
    const passed = aPullRequestRelease(2, { commit: commitOf('b') });
    const newest = aPullRequestRelease(3, { commit: commitOf('c') });
    for (const one of [passed, newest]) await world.accept(one);
    await world.tell(passed);
    expect(world.host.statuses).toMatchObject([
      { commit: commitOf('b'), state: 'error', description: `not released: release ${newest.id} took its place` },
    ]);
    expect(world.host.deployments).toEqual([]);
  });

  it('finds its comment again when its id is lost, and writes a new one when somebody deleted it', async () => {
    const { world, release } = await running();
    await world.tell(release);
    await world.stages.forget(PR);
    await world.make();
    await world.end(release);
    await world.tell(release);
    expect(world.host.comments).toHaveLength(1);

    world.host.comments.splice(0);
    const next = aPullRequestRelease(2, { commit: commitOf('b') });
    await world.accept(next);
    await world.run(next);
    await world.tell(next);
    expect(world.host.comments).toHaveLength(1);
    expect((await world.stages.find(PR))?.commentId).toBe(world.host.comments[0]!.id);
  });

  it('ends deployments and says so in the comment when the stage is removed', async () => {
    const { world, release } = await running();
    await world.end(release);
    await world.tell(release);
    const removal = aPullRequestRelease(2, { remove: { emptyBuckets: true }, trigger: { type: 'remove', id: 'r' } });
    await world.accept(removal);
    await world.run(removal);
    await world.end(removal);
    await world.stages.forget(PR);
    await world.tell(removal);
    await world.tell(removal);
    expect(world.host.deployments.map(({ statuses }) => statuses.at(-1)!.state)).toEqual(['inactive']);
    expect(world.host.comments).toHaveLength(1);
    expect(world.host.comments[0]!.body).toContain('### Stage `pr-12` of `shop` is removed');
    expect(world.host.statuses.map(({ state }) => state)).toEqual(['success']);
    expect(world.host.calls.filter((call) => call === 'endEnvironment')).toHaveLength(1);
  });

  it('finds the deployment that was made before the worker died', async () => {
    const { world, release } = await running();
    const { record } = world.notices;
    world.notices.record = async (key, values) => {
      if (values.deploymentId !== undefined) throw new Error('the worker died');
      await record(key, values);
    };
    await expect(world.tell(release, 'one')).rejects.toThrow('deployment: the worker died');
    world.notices.record = record;
    await world.tell(release, 'one');
    expect(world.host.deployments).toHaveLength(1);
    expect(world.host.deployments[0]!.statuses).toMatchObject([{ state: 'in_progress' }]);
  });

  it('tells all others when one destination fails, counts and names that one, and tells it later', async () => {
    const { world, release } = await running();
    const { setCommitStatus } = world.host;
    world.host.setCommitStatus = async () => Promise.reject(new Error('GitHub is away'));
    await expect(world.tell(release, 'one')).rejects.toThrow(`release ${release.id}: commit-status: GitHub is away`);
    expect(world.host.comments).toHaveLength(1);
    expect(world.host.deployments).toHaveLength(1);
    expect(world.topic.messages).toHaveLength(1);
    expect(world.metrics.added).toEqual([
      { dimensions: { destination: 'commit-status' }, values: { NotificationFailures: 1 } },
    ]);
    expect(world.warnings).toMatchObject([{ destination: 'commit-status', releaseId: release.id }]);

    world.host.setCommitStatus = setCommitStatus;
    await world.tell(release, 'one');
    expect(world.host.statuses).toMatchObject([{ state: 'pending' }]);
    expect(world.topic.messages).toHaveLength(1);
  });

  it('takes up what another call could not tell', async () => {
    const { world, release } = await running();
    const { setCommitStatus } = world.host;
    world.host.setCommitStatus = async () => Promise.reject(new Error('GitHub is away'));
    await expect(world.tell(release)).rejects.toThrow();
    world.host.setCommitStatus = setCommitStatus;
    const next = aPullRequestRelease(2, { commit: commitOf('b') });
    await world.accept(next);
    await world.tell(next);
    expect(world.host.statuses.map(({ commit }) => commit).sort()).toEqual([commitOf('a'), commitOf('b')]);
  });

  it('shows nothing at a repository in CodeCommit, and tells the topic all the same', async () => {
    const world = noticeWorld();
    const release = aPullRequestRelease(1, { repository: { provider: 'codecommit', name: 'shop' } });
    await world.accept(release);
    await world.run(release);
    await world.tell(release);
    expect(world.host.calls).toEqual([]);
    expect(world.topic.messages).toMatchObject([
      { subject: 'shop pr-12: running (releasing...)', attributes: { app: 'shop', stage: 'pr-12', status: 'running' } },
    ]);
  });

  it('knows nothing of a release that was never recorded', async () => {
    const world = noticeWorld();
    await world.tell(aPullRequestRelease(1));
    expect(world.host.calls).toEqual([]);
    expect(world.topic.messages).toEqual([]);
  });
});
