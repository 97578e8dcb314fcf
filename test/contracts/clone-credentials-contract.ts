import { randomBytes } from 'node:crypto';
import { cloneParameter } from '../../lib/core/contracts/stage-environment';
import type { CloneCredentials } from '../../lib/ports/clone-credentials';

/** What every adapter of the port CloneCredentials does. */
export function cloneCredentialsContract(make: () => CloneCredentials): void {
  const parameter = () => cloneParameter(`app-${randomBytes(6).toString('hex')}`, 'dev');
  const credential = {
    repository: 'acme/shop',
    url: 'https://github.com/acme/shop.git',
    token: 'ghs_1',
    from: '2030-01-01T00:00:00Z',
    until: '2030-01-01T01:00:00Z',
  };

  it('finds what was stored', async () => {
    const credentials = make();
    const name = parameter();
    await credentials.store(name, credential);
    expect(await credentials.find(name)).toEqual(credential);
  });

  it('finds what was stored last', async () => {
    const credentials = make();
    const name = parameter();
    await credentials.store(name, credential);
    await credentials.store(name, { ...credential, token: 'ghs_2' });
    expect(await credentials.find(name)).toMatchObject({ token: 'ghs_2' });
  });

  it('finds nothing of another stage or app', async () => {
    const credentials = make();
    await credentials.store(parameter(), credential);
    expect(await credentials.find(parameter())).toBeUndefined();
  });
}
