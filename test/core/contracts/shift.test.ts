import { applicationName } from '../../../lib/core/contracts/code-deploy-names';
import type { FunctionShift, ShiftSettings, StageShift } from '../../../lib/core/contracts/settings';
import type { Shift } from '../../../lib/core/contracts/shift';
import { type Commit, codeOf, nameOf, type ReleaseOptions, serviceWorld } from '../../lambdas/deploy/service-world';

const CANARY: Shift = { kind: 'canary', percent: 10, minutes: 5 };
const STAGE: StageShift = { shift: CANARY, mustBeGradual: false };
const APPLICATION = applicationName({ app: 'shop', stage: 'dev' }, 'orders');

/** Something in the template that invokes the functions: otherwise there is no traffic to shift. */
const rules = (...ids: string[]): Commit['resources'] =>
  Object.fromEntries(
    ids.map((id) => [
      `${id}Rule`,
      { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Id: id, Arn: { 'Fn::GetAtt': [id, 'Arn'] } }] } },
    ]),
  );
const settings = (functions: Record<string, Partial<FunctionShift>>, more: Partial<ShiftSettings> = {}) => ({
  shift: {
    unit: 'service' as const,
    hookTimeout: 60,
    ...more,
    functions: Object.fromEntries(
      Object.entries(functions).map(([id, one]) => [id, { alarms: [], triggers: [], ...one }]),
    ),
  },
});
const commit = (code: string, more: Partial<Commit> = {}): Commit => ({
  functions: { List: code, Get: code },
  resources: rules('List', 'Get'),
  ...more,
});

/** A world in which version A serves. */
async function deployed(first: Commit = commit('A'), options: ReleaseOptions = { stage: STAGE }) {
  const world = serviceWorld();
  const end = await world.release(first, options);
  expect(end.error).toBeUndefined();
  const aliases = () => Promise.all(['List', 'Get'].map((id) => world.functions.alias(nameOf(id), 'live')));
  return { world, aliases };
}
const whole = (version: string) => ({ version, weights: {} });

describe('a gradual shift', () => {
  it('moves nothing of a first release: nothing served before', async () => {
    const world = serviceWorld();
    const { decision } = await world.release(commit('A'), { stage: STAGE });
    expect(world.invocations).not.toContain('Start shift');
    expect(decision?.shifts).toEqual(
      ['List', 'Get'].map((logicalId) =>
        expect.objectContaining({ logicalId, because: expect.objectContaining({ code: 'first-version' }) }),
      ),
    );
  });

  it('moves a direct update step by step, and ends with whole aliases and the state that says so', async () => {
    const { world, aliases } = await deployed();
    const seen: unknown[] = [];
    const end = await world.release(commit('B'), {
      stage: STAGE,
      whileShifting: async () => seen.push((await aliases())[0]),
    });
    expect(end.error).toBeUndefined();
    expect(end.decision).toMatchObject({
      kind: 'incremental',
      shifts: [
        { logicalId: 'Get', shift: CANARY },
        { logicalId: 'List', shift: CANARY },
      ],
    });
    expect(seen).toContainEqual({ version: '1', weights: { 2: 0.1 } });
    expect(await aliases()).toEqual([whole('2'), whole('2')]);
    expect(await world.serving('List', 'Get')).toEqual([codeOf('B'), codeOf('B')]);
    expect(end.record.functions).toMatchObject([
      { logicalId: 'List', version: '2', updated: true },
      { logicalId: 'Get', version: '2', updated: true },
    ]);
  });

  it('moves a full deploy the same way: CloudFormation moves no traffic', async () => {
    const { world, aliases } = await deployed();
    const seen: unknown[] = [];
    await world.release(commit('B', { environment: 'new' }), {
      stage: STAGE,
      whileShifting: async () => seen.push(...(await aliases())),
    });
    expect(world.invocations).toContain('Wait for stack');
    expect(seen).toContainEqual({ version: '1', weights: { 2: 0.1 } });
    expect(await aliases()).toEqual([whole('2'), whole('2')]);
  });

  it('is safe to run twice in each of its workers', async () => {
    const { world, aliases } = await deployed();
    const end = await world.release(commit('B'), { stage: STAGE, repeat: true });
    expect(end.error).toBeUndefined();
    expect(await aliases()).toEqual([whole('2'), whole('2')]);
  });

  it('moves a function whose code is not of the package the same way', async () => {
    const inline = (code: string) => ({
      resources: {
        ...rules('List', 'Inline'),
        Inline: {
          Type: 'AWS::Lambda::Function',
          Properties: { FunctionName: nameOf('Inline'), Role: 'arn:role', Code: { ZipFile: code } },
        },
      },
    });
    const { world } = await deployed(commit('A', inline('one')));
    const seen: unknown[] = [];
    const end = await world.release(commit('A', inline('two')), {
      stage: STAGE,
      whileShifting: async () => seen.push(await world.functions.alias(nameOf('Inline'), 'live')),
    });
    expect(end.error).toBeUndefined();
    expect(end.decision?.shifts).toEqual([{ logicalId: 'Inline', shift: CANARY }]);
    expect(seen).toContainEqual({ version: '1', weights: { 2: 0.1 } });
    expect(await world.functions.alias(nameOf('Inline'), 'live')).toEqual(whole('2'));
  });

  it('keeps one deployment group for every function that shifts, also of those that do not move this time', async () => {
    const { world } = await deployed();
    await world.release({ ...commit('A'), functions: { List: 'B', Get: 'A' } }, { stage: STAGE });
    expect([...world.shifts.groups.get(APPLICATION)!.keys()].sort()).toEqual(['Get', 'List']);
  });
});

describe('functions that shift as one', () => {
  const hooked = (code: string) => ({
    ...commit(code, { manifest: settings({ Get: { preTrafficHook: 'Check', postTrafficHook: 'Check' } }) }),
    functions: { List: code, Get: code, Check: 'check' },
  });

  it('move no traffic before the pre-traffic hooks of all have passed', async () => {
    const { world, aliases } = await deployed(hooked('A'));
    const seen: unknown[] = [];
    const end = await world.release(hooked('B'), {
      stage: STAGE,
      hooks: { 'BeforeAllowTraffic Get': 'Error: no products' },
      whileShifting: async () => seen.push(...(await aliases())),
    });
    expect(end.error).toMatchObject({ name: 'ShiftFailed' });
    expect(end.error?.message).toMatch(/function Get: the pre-traffic hook failed: Error: no products/);
    for (const alias of seen) expect(alias).toEqual(whole('1'));
    expect(await aliases()).toEqual([whole('1'), whole('1')]);
  });

  it('return together when the post-traffic hook of one fails after all traffic has moved', async () => {
    const { world, aliases } = await deployed(hooked('A'));
    const seen: unknown[] = [];
    const end = await world.release(hooked('B'), {
      stage: STAGE,
      hooks: { 'AfterAllowTraffic Get': 'answered false' },
      whileShifting: async () => seen.push(...(await aliases())),
    });
    expect(end.error).toMatchObject({ name: 'ShiftFailed' });
    expect(seen).toContainEqual(whole('2'));
    expect(await aliases()).toEqual([whole('1'), whole('1')]);
    expect(await world.state()).toMatchObject({ status: 'failed' });
    expect(world.functions.all.get(nameOf('List'))?.codeSha256).toBe(codeOf('A'));
  });

  it('return together when an alarm stops one of them', async () => {
    const { world, aliases } = await deployed();
    let told = false;
    const end = await world.release(commit('B'), {
      stage: STAGE,
      whileShifting: async () => {
        const isMoving = (await aliases()).every((alias) => Object.keys(alias!.weights).length > 0);
        if (isMoving && !told) world.shifts.fail('List', { code: 'ALARM_ACTIVE', message: 'errors-alarm' });
        told ||= isMoving;
      },
    });
    expect(told).toBe(true);
    expect(end.error?.message).toMatch(
      /function List: an alarm stopped it: errors-alarm .*; all functions of the service return to what served before/,
    );
    expect(await aliases()).toEqual([whole('1'), whole('1')]);
    expect(await world.shifts.open(APPLICATION)).toEqual([]);
  });

  it('name an alarm once that stopped all of them', async () => {
    const { world, aliases } = await deployed();
    let told = false;
    const end = await world.release(commit('B'), {
      stage: STAGE,
      whileShifting: async () => {
        const isMoving = (await aliases()).every((alias) => Object.keys(alias!.weights).length > 0);
        if (!isMoving || told) return;
        told = true;
        for (const group of ['List', 'Get'])
          world.shifts.fail(group, { code: 'ALARM_ACTIVE', message: 'errors-alarm' });
      },
    });
    expect(end.error?.message).toMatch(
      /^functions Get, List: an alarm stopped it: errors-alarm \(\S+, \S+\); all functions/,
    );
  });

  it('do not wait for a hook for ever', async () => {
    const { world, aliases } = await deployed(hooked('A'));
    const end = await world.release(hooked('B'), { stage: STAGE, hooks: { 'BeforeAllowTraffic Get': 'running' } });
    expect(end.error?.message).toMatch(/the pre-traffic hook did not end within 60 s/);
    expect(await aliases()).toEqual([whole('1'), whole('1')]);
  });

  it('deploy the next release in full, and shift it', async () => {
    const { world, aliases } = await deployed(hooked('A'));
    await world.release(hooked('B'), { stage: STAGE, hooks: { 'BeforeAllowTraffic Get': 'no' } });
    const next = await world.release(hooked('C'), { stage: STAGE });
    expect(next).toMatchObject({ decision: { kind: 'full' }, record: { status: 'deployed' } });
    expect(await world.serving('List', 'Get')).toEqual([codeOf('C'), codeOf('C')]);
    expect((await aliases()).map((alias) => alias!.weights)).toEqual([{}, {}]);
  });

  it('call a hook that the release changed in its new version', async () => {
    const { world } = await deployed(hooked('A'));
    const end = await world.release(
      { ...hooked('B'), functions: { List: 'B', Get: 'B', Check: 'new' } },
      { stage: STAGE },
    );
    const run = await world.hookRuns.find(APPLICATION, 'Get');
    expect(run?.hooks.BeforeAllowTraffic).toEqual({ logicalId: 'Check', name: nameOf('Check'), qualifier: '2' });
    expect(end.decision?.shifts).toContainEqual(
      expect.objectContaining({
        logicalId: 'Check',
        because: expect.objectContaining({ code: 'hook-of-the-service' }),
      }),
    );
  });
});

describe('functions that shift each for itself', () => {
  const alone = (code: string) => ({
    ...commit(code, { manifest: settings({ Get: { preTrafficHook: 'Check' } }, { unit: 'function' }) }),
    functions: { List: code, Get: code, Check: 'check' },
  });

  it('keep what has moved when another fails, and the state says which', async () => {
    const { world, aliases } = await deployed(alone('A'));
    const end = await world.release(alone('B'), { stage: STAGE, hooks: { 'BeforeAllowTraffic Get': 'no' } });
    expect(end.error?.message).toMatch(/function Get: .*1 of 2 functions return .*, the others have moved/);
    expect(await aliases()).toEqual([whole('2'), whole('1')]);
    expect(end.record).toMatchObject({ status: 'failed', functions: [{ logicalId: 'List', version: '2' }] });
    const next = await world.release(alone('B'), { stage: STAGE });
    expect(next).toMatchObject({ decision: { kind: 'full' }, record: { status: 'deployed' } });
    expect(next.decision?.reasons.map(({ code }) => code)).not.toContain('state-unreadable');
    expect(await world.serving('List', 'Get')).toEqual([codeOf('B'), codeOf('B')]);
  });
});

describe('a function whose traffic cannot be split', () => {
  const withRole = (code: string, role: string): Commit => {
    const given = commit(code);
    return {
      ...given,
      resources: {
        ...given.resources,
        List: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            FunctionName: nameOf('List'),
            Role: role,
            Code: { S3Bucket: 'x', S3Key: 'serverless/orders.zip' },
          },
        },
      },
    };
  };

  it('moves at once, after the others, and the decision says why', async () => {
    const { world, aliases } = await deployed(withRole('A', 'arn:role/a'));
    const seen: unknown[] = [];
    const end = await world.release(withRole('B', 'arn:role/b'), {
      stage: STAGE,
      whileShifting: async () => seen.push((await aliases())[0]),
    });
    expect(end.error).toBeUndefined();
    expect(end.decision?.shifts).toContainEqual(
      expect.objectContaining({ logicalId: 'List', because: expect.objectContaining({ code: 'role-changed' }) }),
    );
    for (const alias of seen) expect(alias).toEqual(whole('1'));
    expect(await aliases()).toEqual([whole('2'), whole('2')]);
  });

  it('stops the release before anything is touched where the stage demands a gradual shift', async () => {
    const { world } = await deployed(withRole('A', 'arn:role/a'));
    const before = world.invocations.length;
    const end = await world.release(withRole('B', 'arn:role/b'), { stage: { ...STAGE, mustBeGradual: true } });
    expect(end.error).toMatchObject({ name: 'ShiftRefused' });
    expect(end.error?.message).toMatch(/function List cannot shift gradually .*mustBeGradual/);
    expect(world.invocations.slice(before)).toEqual(['Decide']);
  });

  it('is found out when the shift starts, if templates do not show it', async () => {
    const { world, aliases } = await deployed();
    const end = await world.release(commit('B'), {
      stage: { ...STAGE, mustBeGradual: true },
      after: {
        // Somebody changes the role by hand, and the version that is published has it.
        Decide: () => {
          const found = world.functions.all.get(nameOf('List'))!;
          found.configuration = JSON.stringify({ ...JSON.parse(found.configuration), Role: 'arn:role/by-hand' });
        },
      },
    });
    expect(end.error).toMatchObject({ name: 'ShiftRefused' });
    expect(await aliases()).toEqual([whole('1'), whole('1')]);
  });

  it('has no traffic to split when nothing invokes it', async () => {
    const { world } = await deployed({ ...commit('A'), resources: rules('List') });
    const end = await world.release({ ...commit('B'), resources: rules('List') }, { stage: STAGE });
    expect(end.decision?.shifts).toContainEqual(
      expect.objectContaining({ logicalId: 'Get', because: expect.objectContaining({ code: 'no-traffic-source' }) }),
    );
  });
});

describe('alarms', () => {
  const guarded = (code: string, alarm = 'orders-errors') =>
    commit(code, { manifest: settings({ List: { alarms: [{ name: alarm }] } }) });

  it('that do not exist stop the release before anything is touched', async () => {
    const { world } = await deployed();
    const before = world.invocations.length;
    const end = await world.release(guarded('B'), { stage: STAGE });
    expect(end.error).toMatchObject({ name: 'AlarmMissing' });
    expect(end.error?.message).toMatch(/alarm "orders-errors" of function List: there is no such alarm/);
    expect(world.invocations.slice(before)).toEqual(['Decide']);
  });

  it('that are raised already stop the release before anything is touched', async () => {
    const { world } = await deployed();
    world.alarms.all.set('orders-errors', 'alarm');
    const end = await world.release(guarded('B'), { stage: STAGE });
    expect(end.error).toMatchObject({ name: 'AlarmActive' });
    expect(await world.shifts.open(APPLICATION)).toEqual([]);
  });

  it('that are raised while the release was prepared stop it before traffic moves', async () => {
    const { world, aliases } = await deployed();
    world.alarms.all.set('orders-errors', 'ok');
    const end = await world.release(guarded('B'), {
      stage: STAGE,
      after: { 'Prepare functions': () => world.alarms.all.set('orders-errors', 'alarm') },
    });
    expect(end.error).toMatchObject({ name: 'AlarmActive' });
    expect(await aliases()).toEqual([whole('1'), whole('1')]);
  });

  it('of the service’s own template guard its shift under their physical names', async () => {
    const own = (code: string): Commit => ({
      ...commit(code, { manifest: settings({ List: { alarms: [{ logicalId: 'Errors' }] } }) }),
      resources: {
        ...rules('List', 'Get'),
        Errors: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmName: 'own-errors' } },
      },
    });
    const { world } = await deployed(own('A'));
    world.alarms.all.set('own-errors', 'insufficient-data');
    const end = await world.release(own('B'), { stage: STAGE });
    expect(end.error).toBeUndefined();
    expect(world.shifts.groups.get(APPLICATION)!.get('List')).toMatchObject({ alarms: ['own-errors'], shift: CANARY });
  });
});

describe('what an earlier shift left', () => {
  it('is cleared before a new one starts: a weight on an alias', async () => {
    const { world, aliases } = await deployed();
    world.functions.all.get(nameOf('List'))!.weights.live = { 1: 0.5 };
    const end = await world.release(commit('B'), { stage: STAGE });
    expect(end.error).toBeUndefined();
    expect(await aliases()).toEqual([whole('2'), whole('2')]);
  });

  it('is stopped before a new one starts: a deployment under way', async () => {
    const { world } = await deployed();
    await world.release(commit('B'), { stage: STAGE });
    const { deploymentId } = (await world.shifts.start(APPLICATION, {
      group: 'List',
      functionName: nameOf('List'),
      alias: 'live',
      currentVersion: '2',
      targetVersion: '1',
      hooks: ['BeforeAllowTraffic'],
      description: 'by hand',
    })) as { deploymentId: string };
    const end = await world.release(commit('C'), { stage: STAGE });
    expect(end.faults).toMatchObject([
      { name: 'ShiftBusy', message: expect.stringContaining(`${deploymentId} of List`) },
    ]);
    expect(await world.shifts.statuses([deploymentId])).toMatchObject([{ status: 'stopped' }]);
    // The state machine has tried again.
    expect(end.error).toBeUndefined();
    expect(await world.serving('List', 'Get')).toEqual([codeOf('C'), codeOf('C')]);
  });
});

it('moves at once, as ever, where nobody asks for more', async () => {
  const { world } = await deployed(commit('A'), {});
  const { decision } = await world.release(commit('B'), {});
  expect(decision?.shifts).toBeUndefined();
  expect(world.invocations).not.toContain('Start shift');
  expect(await world.serving('List', 'Get')).toEqual([codeOf('B'), codeOf('B')]);
});
