import { randomBytes } from 'node:crypto';
import type { StageKey } from '../../lib/core/contracts/release';
import type { PlannedBases } from '../../lib/ports/planned-bases';

/** What every adapter of the port PlannedBases does. */
export function plannedBasesContract(make: () => PlannedBases): void {
  let bases: PlannedBases;
  let dev: StageKey;
  beforeEach(() => {
    bases = make();
    dev = { app: `app-${randomBytes(6).toString('hex')}`, stage: 'dev' };
  });
  const planned = (commit: string, ...paths: readonly string[]) => ({
    commit: commit.repeat(40),
    unchanged: Object.fromEntries(paths.map((path) => [path, 'e'.repeat(40)])),
  });

  it('finds what was kept last, of each stage its own', async () => {
    const prod = { ...dev, stage: 'prod' };
    expect(await bases.find(dev)).toBeUndefined();
    await bases.keep(dev, planned('a', 'api', 'services/web.v2', '.'));
    await bases.keep(prod, planned('b', 'api'));
    expect(await bases.find(dev)).toEqual(planned('a', 'api', 'services/web.v2', '.'));
    await bases.keep(dev, planned('c', 'mail'));
    expect(await bases.find(dev)).toEqual(planned('c', 'mail'));
    expect(await bases.find(prod)).toEqual(planned('b', 'api'));
  });

  it('holds thousands of services', async () => {
    const paths = Array.from({ length: 3_000 }, (_, index) => `teams/team-${index % 25}/services/service-${index}`);
    await bases.keep(dev, planned('d', ...paths));
    expect(await bases.find(dev)).toEqual(planned('d', ...paths));
  });
}
