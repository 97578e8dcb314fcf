import { randomBytes } from 'node:crypto';
import type { AppConfig } from '../../lib/core/contracts/app-config';
import { NO_STAGE_SHIFT } from '../../lib/core/contracts/settings';
import type { Apps } from '../../lib/ports/apps';
import { aRelease } from '../builders';

/** What every adapter of the port Apps does. @param make with these apps, and maybe others */
export function appsContract(make: (configs: readonly AppConfig[]) => Promise<Apps>): void {
  const { target } = aRelease();
  const name = () => `app-${randomBytes(6).toString('hex')}`;
  const anApp = (app: string): AppConfig => ({
    app,
    repository: { provider: 'codecommit', name: `${app}-repository` },
    stages: { dev: { branches: ['main'], tags: [], target, shift: NO_STAGE_SHIFT } },
    branchStages: [],
  });

  it('finds an app by its name and by its repository', async () => {
    const [one, other] = [anApp(name()), anApp(name())];
    const apps = await make([one, other]);
    expect(await apps.find(one.app)).toEqual(one);
    expect(await apps.findByRepository(other.repository)).toEqual(other);
  });

  it('finds nothing under other names', async () => {
    const app = name();
    const apps = await make([anApp(app)]);
    expect(await apps.find(`${app}-2`)).toBeUndefined();
    expect(await apps.findByRepository({ provider: 'codecommit', name: app })).toBeUndefined();
  });

  it('lists the names of all apps in order', async () => {
    const names = [name(), name(), name()].sort();
    const apps = await make([...names].reverse().map(anApp));
    expect((await apps.names()).filter((one) => names.includes(one))).toEqual(names);
  });
}
