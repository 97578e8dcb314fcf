import type { EnvironmentRemover } from '../../lib/ports/environment-remover';

/** What a suite needs besides the port, made anew for each test. */
export interface RemoverUnderTest {
  readonly environments: EnvironmentRemover;
  /** A path below which there is nothing. */
  readonly path: string;
  put(names: readonly string[]): Promise<void>;
  /** @returns the names that there are of those below the path and around it. */
  names(): Promise<readonly string[]>;
}

/** What every adapter of the port EnvironmentRemover does alike. */
export function environmentRemoverContract(make: () => Promise<RemoverUnderTest>): void {
  it('removes all variables below a path, and no others', async () => {
    const { environments, path, put, names } = await make();
    const own = Array.from({ length: 12 }, (_, index) => `${path}/VARIABLE_${index}`);
    await put([...own, `${path}-other/NAME`]);
    expect(await environments.remove(path)).toBe(12);
    expect(await names()).toEqual([`${path}-other/NAME`]);
    expect(await environments.remove(path)).toBe(0);
  });
}
