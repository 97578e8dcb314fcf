import { WHY, withUnreadable } from '../../with-unreadable';
import { aStage } from './a-stage';

const [A, B, C] = [{ code: 'A' }, { code: 'B' }, { code: 'C' }];

describe('rollback', () => {
  it('starts a release that returns the stage to what the good release before the newest one left', async () => {
    const stage = aStage();
    const a = await stage.release({ orders: A });
    const b = await stage.release({ orders: B });
    const { preview, started } = await stage.rollBack();
    expect(started!.status).toBe('running');
    expect(preview).toMatchObject({
      to: { releaseId: a.id, commit: a.commit },
      services: [
        {
          path: 'orders',
          how: 'aliases',
          problems: [],
          from: { releaseId: b.id },
          to: { releaseId: a.id },
          functions: [{ logicalId: 'List', name: 'orders-dev-List', from: '2', to: '1' }],
        },
      ],
    });
    expect((await stage.record(started!.releaseId))!.release).toMatchObject({
      commit: a.commit,
      rollback: { to: a.id, from: b.commit },
      force: false,
      trigger: { type: 'rollback', id: 'rollback-3', by: 'ada' },
    });
  });

  it('does not guess where to if a release since cannot be read, and goes where it is told to', async () => {
    const stage = aStage();
    const a = await stage.release({ orders: A });
    await stage.release({ orders: B });
    const newer = await stage.release({ orders: C });
    const releases = withUnreadable(stage.releases, newer);
    await expect(stage.rollBack({}, { releases })).rejects.toMatchObject({
      code: 'StateUnreadable',
      message: `${WHY}; so it is not known what to return to: name a release with --to`,
    });
    const { preview, started } = await stage.rollBack({ to: a.id }, { releases });
    expect(preview).toMatchObject({ to: { releaseId: a.id }, services: [{ path: 'orders', problems: [] }] });
    expect(started!.status).toBe('running');
  });

  it('passes over releases that left the same', async () => {
    const stage = aStage();
    const a = await stage.release({ orders: A });
    await stage.release({ orders: B });
    await stage.release({});
    await stage.release({});
    expect((await stage.rollBack()).preview.to.releaseId).toBe(a.id);
  });

  it('of one service, goes back to what that service was, whatever others did since', async () => {
    const stage = aStage();
    const a = await stage.release({ orders: A, mail: A });
    await stage.release({ orders: B });
    await stage.release({ mail: B });
    const { preview, started } = await stage.rollBack({ service: 'orders' });
    expect(preview.services.map(({ path, how }) => [path, how])).toEqual([
      ['mail', 'nothing'],
      ['orders', 'aliases'],
    ]);
    expect((await stage.record(started!.releaseId))!.release.rollback).toMatchObject({ to: a.id, service: 'orders' });
  });

  it('says that the stored package is deployed where the template differs, and why', async () => {
    const stage = aStage();
    await stage.release({ orders: A });
    await stage.release({ orders: { ...B, template: 'another' } });
    const [orders] = (await stage.rollBack({ dryRun: true })).preview.services;
    expect(orders).toMatchObject({ how: 'package', functions: [] });
    expect(orders!.reasons.map(({ code }) => code)).toEqual(['rollback', 'template-changed', 'function-code-changed']);
  });

  it('leaves everything as it is with dryRun', async () => {
    const stage = aStage();
    await stage.release({ orders: A });
    await stage.release({ orders: B });
    const running = await stage.begin();
    const before = await stage.releases.latest(stage.stage, 10);
    const { preview, started } = await stage.rollBack({ dryRun: true });
    expect(preview.stops).toBe(running.id);
    expect(started).toBeUndefined();
    expect(await stage.releases.latest(stage.stage, 10)).toEqual(before);
    expect(await stage.executions.status(before[0]!.executionArn!)).toBe('running');
  });

  it('stops the release that runs, and waits for its end', async () => {
    const stage = aStage();
    const a = await stage.release({ orders: A });
    const running = await stage.begin();
    await stage.deploy(running, 'orders', B);
    const waiting = await stage.begin();
    const { preview, started } = await stage.rollBack();
    expect(preview).toMatchObject({ to: { releaseId: a.id }, stops: running.id });
    expect(started!.status).toBe('waiting');
    expect(await stage.executions.status((await stage.record(running.id))!.executionArn!)).toBe('aborted');
    expect(await stage.statusOf(waiting)).toBe('superseded');
    await stage.end(running, 'failed');
    expect((await stage.record(started!.releaseId))!.status).toBe('running');
  });

  it('is one release if the request comes twice, also when it has ended and another runs by then', async () => {
    const stage = aStage();
    await stage.release({ orders: A });
    await stage.release({ orders: B });
    const first = await stage.rollBack({ requestId: 'same' });
    expect((await stage.rollBack({ requestId: 'same' })).started).toEqual({ ...first.started, status: 'duplicate' });
    await stage.end((await stage.record(first.started!.releaseId))!.release);
    const next = await stage.begin();
    expect((await stage.rollBack({ requestId: 'same' })).started).toEqual({ ...first.started, status: 'duplicate' });
    expect(await stage.executions.status((await stage.record(next.id))!.executionArn!)).toBe('running');
  });

  it('refuses a second one while one runs, and while one waits', async () => {
    const stage = aStage();
    await stage.release({ orders: A });
    await stage.release({ orders: B });
    const running = await stage.begin();
    const { started } = await stage.rollBack();
    const refusal = (state: string) => ({
      code: 'RollbackRunning',
      message: expect.stringMatching(`rollback ${started!.releaseId} to release \\w+ already ${state} in stage "dev"`),
    });
    await expect(stage.rollBack()).rejects.toMatchObject(refusal('waits'));
    await stage.end(running, 'failed');
    await expect(stage.rollBack()).rejects.toMatchObject(refusal('runs'));
    await stage.end((await stage.record(started!.releaseId))!.release);
    await expect(stage.rollBack({ to: (await stage.release({ orders: C })).id })).rejects.toMatchObject({
      code: 'RollbackImpossible',
      message: expect.stringContaining('there is nothing to roll back: stage "dev" of "shop" is what it was'),
    });
  });
});

describe('a rollback that cannot be', () => {
  const refused = async (stage: ReturnType<typeof aStage>, more: object, code: string, message: string | RegExp) => {
    const before = await stage.releases.latest(stage.stage, 10);
    await expect(stage.rollBack(more)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
    expect(await stage.releases.latest(stage.stage, 10)).toEqual(before);
  };
  async function twoReleases() {
    const stage = aStage();
    const a = await stage.release({ orders: A });
    await stage.release({ orders: B });
    return { stage, a };
  }

  it.each([
    ['an unknown app', { app: 'shopp' }, 'AppNotFound', 'did you mean "shop"'],
    ['an unknown stage', { stage: 'qa' }, 'StageNotFound', 'use one of: dev, prod'],
    ['an unknown service', { service: 'order' }, 'ServiceNotFound', 'did you mean "orders"'],
    ['an unknown release', { to: 'NOSUCHRELEASE' }, 'ReleaseNotFound', 'this stage had no release.*use one of: 01'],
  ])('is refused for %s', async (_, more, code, message) => {
    await refused((await twoReleases()).stage, more, code, message);
  });

  it('is refused for a release of another stage, which is named', async () => {
    const { stage, a } = await twoReleases();
    const prod = { ...stage.stage, stage: 'prod' };
    await expect(stage.rollBack({ ...prod, to: a.id })).rejects.toMatchObject({
      code: 'ReleaseNotFound',
      message: expect.stringContaining(`release ${a.id} was to stage "dev", not to "prod"`),
    });
  });

  it('is refused for an unknown service where nothing came before, too', async () => {
    const stage = aStage();
    await stage.release({ orders: A });
    await refused(stage, { service: 'order' }, 'ServiceNotFound', 'did you mean "orders"');
  });

  it('is refused for a release that failed, and good ones are named', async () => {
    const { stage, a } = await twoReleases();
    const failed = await stage.release({ orders: C }, 'failed');
    await refused(stage, { to: failed.id }, 'RollbackImpossible', `failed, so it left nothing to return to.*${a.id}`);
  });

  it('is refused where there was one release only, and where there was none', async () => {
    const stage = aStage();
    const nothing = /nothing to roll stage "dev" of "shop" back to/;
    await refused(stage, {}, 'RollbackImpossible', nothing);
    await stage.release({ orders: A });
    await refused(stage, {}, 'RollbackImpossible', nothing);
  });

  it('is refused where the newest release failed without changing anything: nobody asked to go further', async () => {
    const { stage } = await twoReleases();
    await stage.release({}, 'failed');
    await refused(stage, {}, 'RollbackImpossible', /did not succeed and has changed nothing; to go further back.*--to/);
  });

  it('is refused if the package was collected', async () => {
    const { stage, a } = await twoReleases();
    for (const key of stage.artifacts.objects.keys()) {
      if (key.includes(`${a.id}/deployed.json`)) stage.artifacts.objects.delete(key);
    }
    await refused(stage, {}, 'RollbackImpossible', `service "orders": the package of release ${a.id} was collected`);
  });

  it('is refused if a version and its bundle are gone; one of the two is enough', async () => {
    const { stage } = await twoReleases();
    stage.loseVersion('orders', 1);
    const [orders] = (await stage.rollBack({ dryRun: true })).preview.services;
    expect(orders).toMatchObject({ how: 'aliases', functions: [{ from: '2' }], problems: [] });
    expect(orders!.functions[0]!.to).toBeUndefined();
    stage.artifacts.objects.delete(stage.bundleOf('orders', 'A'));
    const problem = /service "orders": the version of function List .* and its bundle was collected or replaced/;
    await refused(stage, {}, 'RollbackImpossible', problem);
    expect((await stage.rollBack({ dryRun: true })).preview.services[0]!.problems).toHaveLength(1);
  });

  it('is refused if a bundle or the template is gone that CloudFormation needs', async () => {
    const stage = aStage();
    const a = await stage.release({ orders: A });
    await stage.release({ orders: { ...B, template: 'another' } });
    stage.artifacts.objects.delete(stage.bundleOf('orders', 'A'));
    await refused(stage, {}, 'RollbackImpossible', /the bundle of function List was collected or replaced/);
    stage.artifacts.objects.delete(`packages/shop/dev/orders/${a.id}/template.json`);
    await refused(stage, {}, 'RollbackImpossible', /its template was collected/);
  });

  it('stops no running release', async () => {
    const { stage } = await twoReleases();
    stage.loseVersion('orders', 1);
    stage.artifacts.objects.delete(stage.bundleOf('orders', 'A'));
    const running = await stage.begin();
    await stage.deploy(running, 'orders', C);
    await expect(
      stage.rollBack({ to: (await stage.releases.latest(stage.stage, 3))[2]!.release.id }),
    ).rejects.toThrow();
    expect(await stage.executions.status((await stage.record(running.id))!.executionArn!)).toBe('running');
  });
});

describe('the plan of a rollback', () => {
  it('names the services that go back, and keeps why others stay', async () => {
    const stage = aStage();
    await stage.release({ orders: A, mail: A });
    await stage.release({ orders: B, web: B });
    const { started } = await stage.rollBack();
    const { release } = (await stage.record(started!.releaseId))!;
    const { phases } = await stage.plan(release);
    expect(phases.flat().map(({ service }) => service.path)).toEqual(['orders']);
    const codes = (await stage.record(release.id))!.plan!.skip.map(({ path, reasons }) => [path, reasons[0]!.code]);
    expect(codes).toEqual([
      ['mail', 'unchanged'],
      ['web', 'not-deployed-then'],
    ]);
  });

  it('looks once more for all that is needed, before anything moves', async () => {
    const stage = aStage();
    await stage.release({ orders: A, mail: A });
    await stage.release({ orders: B, mail: B });
    const { started } = await stage.rollBack();
    for (const path of ['orders', 'mail']) {
      stage.loseVersion(path, 1);
      stage.artifacts.objects.delete(stage.bundleOf(path, 'A'));
    }
    const { release } = (await stage.record(started!.releaseId))!;
    await expect(stage.plan(release)).rejects.toMatchObject({
      code: 'RollbackImpossible',
      message: expect.stringMatching(/service "mail": .*; service "orders": /),
    });
    expect((await stage.record(release.id))!.plan).toBeUndefined();
  });
});
