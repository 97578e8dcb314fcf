import { randomBytes } from 'node:crypto';
import { environmentPath, environmentStampParameter } from '../../lib/core/contracts/stage-environment';
import type { EnvironmentRemover } from '../../lib/ports/environments';

/** What a suite needs besides the port, made anew for each test. */
export interface RemoverUnderTest {
  readonly environments: EnvironmentRemover;
  put(names: readonly string[]): Promise<void>;
  /** @returns those of the parameters that there are. */
  found(names: readonly string[]): Promise<readonly string[]>;
}

/** What every adapter of the port EnvironmentRemover does alike. */
export function environmentRemoverContract(make: () => Promise<RemoverUnderTest>): void {
  it('removes all variables of a stage, and no others', async () => {
    const { environments, put, found } = await make();
    const stage = { app: `app-${randomBytes(6).toString('hex')}`, stage: 'pr-1', template: 'preview' };
    const [path, stamp] = [environmentPath(stage), environmentStampParameter(stage)];
    const own = Array.from({ length: 12 }, (_, index) => `${path}/VARIABLE_${index}`);
    const others = [`${path}2/NAME`, environmentPath({ app: stage.app, stage: 'preview' }).concat('/NAME')];
    await put([...own, stamp, ...others]);
    expect(await environments.remove(stage)).toBe(12);
    expect(await found([own[0]!, own[11]!, stamp, ...others])).toEqual(others);
    expect(await environments.remove(stage)).toBe(0);
  });
}
