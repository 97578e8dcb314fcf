import { moveAliases } from '../../../lambdas/shift/move-aliases';
import { ReleaseError } from '../../../lib/core/contracts/errors';
import { LIVE_ALIAS } from '../../../lib/core/contracts/live-alias';
import { memoryArtifacts } from '../../../lib/memory/memory-artifacts';
import { memoryFunctions } from '../../../lib/memory/memory-functions';
import type { Functions } from '../../../lib/ports/functions';
import { aCodeSha256, aRelease } from '../../builders';
import { publishReady } from '../../publish-ready';

const NAMES = ['List', 'Create', 'Delete'];

/**
 * Three functions with two versions each, whose aliases point at the first, and what Prepare functions made of them.
 */
async function prepared() {
  const functions = memoryFunctions(memoryArtifacts());
  for (const name of NAMES) {
    for (const code of ['first', 'second']) {
      functions.put(name, { codeSha256: aCodeSha256(code) });
      await publishReady(functions, name, aCodeSha256(code));
    }
    await functions.moveAlias(name, { alias: LIVE_ALIAS, version: '1' });
  }
  const input = {
    release: aRelease(),
    service: { path: 'orders', reasons: [] },
    prepared: NAMES.map((name) => ({
      logicalId: `${name}Function`,
      name,
      version: '2',
      codeSha256: aCodeSha256('second'),
      updated: true,
      previousVersion: '1' as string | undefined,
    })),
  };
  return { functions, input };
}

const worker = (functions: Functions) =>
  moveAliases({
    target: () => ({ functions }),
    log: { info: () => undefined, warn: () => undefined },
  });

const serving = (functions: Functions) =>
  Promise.all(NAMES.map(async (name) => (await functions.read(name, LIVE_ALIAS))?.version));

describe('moveAliases', () => {
  it('moves all aliases and answers what serves now', async () => {
    const { functions, input } = await prepared();
    const output = await worker(functions)(input);
    const functionsNow = NAMES.map((name) => ({ logicalId: `${name}Function`, name, updated: true, version: '2' }));
    expect(output).toEqual({ status: 'done', functions: functionsNow });
    expect(await serving(functions)).toEqual(['2', '2', '2']);
  });

  it('makes the alias of a function that has none yet', async () => {
    const { functions, input } = await prepared();
    delete functions.all.get('List')!.aliases[LIVE_ALIAS];
    await worker(functions)(input);
    expect(await serving(functions)).toEqual(['2', '2', '2']);
  });

  it('takes all back when one cannot be moved', async () => {
    const { functions, input } = await prepared();
    functions.failMoves('Create', { to: '2' });
    const moving = worker(functions)(input);
    await expect(moving).rejects.toMatchObject({ code: 'ShiftFailed', message: expect.stringContaining('"Create"') });
    await expect(moving).rejects.toThrow('all aliases are back');
    expect(await serving(functions)).toEqual(['1', '1', '1']);
  });

  it('takes one back that moved although its answer was lost', async () => {
    const { functions, input } = await prepared();
    let lost = false;
    const losing: Functions = {
      ...functions,
      moveAlias: async (name, move) => {
        const outcome = await functions.moveAlias(name, move);
        if (name === 'Create' && !lost) {
          lost = true;
          throw new Error('socket hang up');
        }
        return outcome;
      },
    };
    await expect(worker(losing)(input)).rejects.toThrow('socket hang up');
    expect(await serving(functions)).toEqual(['1', '1', '1']);
  });

  it('names the functions that are not back on the versions that served before', async () => {
    const { functions, input } = await prepared();
    functions.failMoves('Create', { to: '2' });
    functions.failMoves('Delete', { to: '1' });
    await expect(worker(functions)(input)).rejects.toThrow('not back on the versions that served before: Delete;');
    expect(await serving(functions)).toEqual(['1', '1', '2']);
  });

  it('names a version that is not there', async () => {
    const { functions, input } = await prepared();
    input.prepared[2]!.version = '7';
    await expect(worker(functions)(input)).rejects.toThrow('it has no version 7');
    expect(await serving(functions)).toEqual(['1', '1', '1']);
  });

  it('sends nothing back while Lambda throttles some moves, and makes only those when it is run again', async () => {
    const { functions, input } = await prepared();
    const asked: string[] = [];
    let isBusy = true;
    const throttling: Functions = {
      ...functions,
      moveAlias: async (name, move) => {
        asked.push(name);
        if (name === 'Create' && isBusy) throw new ReleaseError('Throttled', 'Lambda is busy');
        return functions.moveAlias(name, move);
      },
    };
    const first = await worker(throttling)(input);
    expect(first).toEqual({ status: 'running', moved: ['ListFunction', 'DeleteFunction'] });
    expect(await serving(functions)).toEqual(['2', '1', '2']);
    isBusy = false;
    asked.length = 0;
    const moved = first.status === 'running' ? first.moved : [];
    expect(await worker(throttling)({ ...input, moved })).toMatchObject({ status: 'done' });
    expect(asked).toEqual(['Create']);
    expect(await serving(functions)).toEqual(['2', '2', '2']);
  });

  it('takes those back that an earlier run has moved when one cannot be moved', async () => {
    const { functions, input } = await prepared();
    await functions.moveAlias('List', { alias: LIVE_ALIAS, version: '2' });
    functions.failMoves('Create', { to: '2' });
    await expect(worker(functions)({ ...input, moved: ['ListFunction'] })).rejects.toThrow('all aliases are back');
    expect(await serving(functions)).toEqual(['1', '1', '1']);
  });
});
