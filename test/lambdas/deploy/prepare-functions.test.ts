import { prepareFunctions } from '../../../lambdas/deploy/prepare-functions';
import type { FunctionToPrepare, PrepareOutput } from '../../../lib/core/contracts/payloads';
import { memoryArtifacts } from '../../../lib/memory/memory-artifacts';
import { memoryFunctions } from '../../../lib/memory/memory-functions';
import { TurnIsLater } from '../../../lib/ports/call-budget';
import type { Functions } from '../../../lib/ports/functions';
import { aCodeSha256, aRelease } from '../../builders';
import { publishReady } from '../../publish-ready';
import { HastyClock } from '../../test-clock';

const NAMES = ['List', 'Create', 'Delete'];

/** Three functions whose second code is in `$LATEST` and not published, on a clock on which nobody waits. */
async function changed(of: (functions: Functions) => Partial<Functions> = () => ({})) {
  const clock = new HastyClock();
  const artifacts = memoryArtifacts();
  const functions = memoryFunctions(artifacts);
  for (const name of NAMES) {
    functions.put(name, { codeSha256: aCodeSha256('first') });
    await publishReady(functions, name, aCodeSha256('first'));
    functions.put(name, { codeSha256: aCodeSha256('second') });
  }
  const published: string[] = [];
  const counting: Functions = {
    ...functions,
    publish: (name, codeSha256) => {
      published.push(name);
      return functions.publish(name, codeSha256);
    },
  };
  const worker = prepareFunctions({
    target: () => ({ functions: { ...counting, ...of(counting) } }),
    artifacts,
    pace: clock,
  });
  const batch = {
    functions: NAMES.map(
      (name): FunctionToPrepare => ({
        logicalId: `${name}Function`,
        name,
        alias: 'live',
        action: 'publish',
        codeSha256: aCodeSha256('second'),
        previousVersion: '1',
      }),
    ),
  };
  const run = (input: object = batch): Promise<PrepareOutput> =>
    worker({ release: aRelease(), service: { path: 'orders', reasons: [] }, batch: input });
  return { functions, published, clock, run };
}

const idsOf = (some: readonly { readonly logicalId: string }[]): readonly string[] =>
  some.map(({ logicalId }) => logicalId).sort();

describe('prepareFunctions', () => {
  it('publishes all and answers their versions when they are ready', async () => {
    const { run, published } = await changed();
    const output = await run();
    expect(output.status).toBe('done');
    expect(output.batch.prepared.map(({ name, version }) => [name, version])).toEqual(NAMES.map((name) => [name, '2']));
    expect(published).toEqual(NAMES);
  });

  it('answers when to go on with functions whose turn is later, and does nothing again', async () => {
    let isLate = true;
    const { run, published, clock } = await changed((functions) => ({
      publish: async (name, codeSha256) => {
        if (name !== 'List' && isLate) throw new TurnIsLater(clock.now() + 3_500);
        return functions.publish(name, codeSha256);
      },
    }));
    const first = await run();
    expect(first).toMatchObject({ status: 'running', batch: { pending: [] } });
    expect(first.status === 'running' && first.wait).toBeLessThanOrEqual(4);
    expect(idsOf(first.batch.functions)).toEqual(['CreateFunction', 'DeleteFunction']);
    expect(idsOf(first.batch.prepared)).toEqual(['ListFunction']);
    isLate = false;
    const second = await run(first.batch);
    expect(second.status).toBe('done');
    expect(idsOf(second.batch.prepared)).toEqual(['CreateFunction', 'DeleteFunction', 'ListFunction']);
    expect(published).toEqual(['List', 'Create', 'Delete']);
  });

  it('holds no worker for versions that take long', async () => {
    const { run, functions, clock, published } = await changed();
    functions.delayUpdates(1_000);
    const start = clock.now();
    let output = await run();
    expect(output).toMatchObject({ status: 'running', wait: 5, batch: { functions: [], prepared: [] } });
    expect(idsOf(output.batch.pending)).toEqual(['CreateFunction', 'DeleteFunction', 'ListFunction']);
    // Three that wait side by side, each for eight seconds, on a clock that adds them up.
    expect(clock.now() - start).toBeLessThan(3 * 10_000);
    const before = clock.now();
    output = await run(output.batch);
    expect(output.status).toBe('running');
    expect(clock.now()).toBe(before);
    expect(published).toHaveLength(3);
  });

  it('names the function whose version failed, also in a later run', async () => {
    const { run, functions } = await changed();
    functions.delayUpdates(200);
    functions.failUpdates('Create', 'no subnet');
    let output = await run();
    const end = async (): Promise<void> => {
      while (output.status === 'running') output = await run(output.batch);
    };
    await expect(end()).rejects.toMatchObject({
      code: 'FunctionUpdateFailed',
      message: expect.stringMatching('no subnet'),
    });
  });
});

describe('a version that is to serve again', () => {
  const again = async (readiness: 'ready' | 'pending' | 'failed') => {
    const reading = { readiness, failure: readiness === 'failed' ? 'no network' : undefined };
    const { run } = await changed((functions) => ({
      read: async (name, qualifier) => {
        const found = await functions.read(name, qualifier);
        return found && { ...found, ...reading };
      },
    }));
    const reuse = { action: 'reuse-version', version: '1', codeSha256: aCodeSha256('first'), previousVersion: '1' };
    return run({ functions: [{ logicalId: 'ListFunction', name: 'List', alias: 'live', ...reuse }] });
  };

  it('is there at once if it is ready', async () => {
    expect(await again('ready')).toMatchObject({
      status: 'done',
      batch: { prepared: [{ version: '1', reused: true }] },
    });
  });

  it('is waited for while Lambda is at work on it, since no alias can be moved to it', async () => {
    expect(await again('pending')).toMatchObject({ status: 'running', batch: { pending: [{ version: '1' }] } });
  });

  it('is refused if it has failed', async () => {
    await expect(again('failed')).rejects.toMatchObject({
      code: 'FunctionUpdateFailed',
      message: expect.stringContaining('no network'),
    });
  });
});
