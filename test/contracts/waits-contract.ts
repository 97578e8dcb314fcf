import { randomBytes } from 'node:crypto';
import type { Wait } from '../../lib/core/contracts/wait';
import type { Waits } from '../../lib/ports/waits';

/** @param make `add` adds a wait as a state machine does */
export function waitsContract(
  make: () => { readonly waits: Waits; readonly add: (releaseId: string, wait: Wait) => Promise<void> },
): void {
  let waits: Waits;
  let add: (releaseId: string, wait: Wait) => Promise<void>;
  let id: string;

  beforeEach(() => {
    ({ waits, add } = make());
    id = randomBytes(8).toString('hex');
  });
  const forBuild = (service: string, token = `token of ${service}`): Wait => ({
    service,
    token,
    subject: { kind: 'build', task: 'package', buildId: `build of ${service}` },
  });
  const found = async (releaseId = id) => {
    const { waits: all } = await waits.list(releaseId);
    return [...all].sort((one, other) => (one.service < other.service ? -1 : 1));
  };

  it('lists what the services of a release wait for, and of no other one', async () => {
    const operation = { kind: 'update', stackName: 'web-dev', token: 'update-1' } as const;
    const forStack: Wait = { service: 'web', token: 't2', subject: { kind: 'stack', operation } };
    await add(id, forStack);
    await add(id, forBuild('.'));
    await add(`${id}2`, forBuild('api'));
    expect(await found()).toEqual([forBuild('.'), forStack]);
    expect(await waits.list(`${id}3`)).toEqual({ waits: [], hasEnded: false });
  });

  it('lists one wait of a service, the last', async () => {
    await add(id, forBuild('api', 'first'));
    await add(id, forBuild('api', 'second'));
    expect(await found()).toEqual([forBuild('api', 'second')]);
  });

  it('keeps what is known of a subject now, of the wait that it is of', async () => {
    await add(id, forBuild('api', 'first'));
    const known = { ...forBuild('api', 'first'), subject: { kind: 'build', task: 'package', buildId: 'b2' } } as const;
    await waits.update(id, known);
    expect(await found()).toEqual([known]);
    await add(id, forBuild('api', 'second'));
    await waits.update(id, known);
    expect(await found()).toEqual([forBuild('api', 'second')]);
  });

  it('removes a wait, and not the one that has come after it; removed twice, it is gone', async () => {
    await add(id, forBuild('api', 'first'));
    await waits.remove(id, { service: 'api', token: 'second' });
    expect(await found()).toEqual([forBuild('api', 'first')]);
    await waits.remove(id, { service: 'api', token: 'first' });
    await waits.remove(id, { service: 'api', token: 'first' });
    await waits.update(id, forBuild('api', 'first'));
    expect(await found()).toEqual([]);
  });

  it('tells when a release has ended, whatever is waited for still', async () => {
    await add(id, forBuild('api'));
    await waits.end(id);
    await waits.end(id);
    expect(await waits.list(id)).toEqual({ waits: [forBuild('api')], hasEnded: true });
    expect((await waits.list(`${id}2`)).hasEnded).toBe(false);
  });
}
