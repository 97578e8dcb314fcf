import { randomBytes } from 'node:crypto';
import type { KnownRepository } from '../../lib/core/contracts/state';
import type { KnownRepositories } from '../../lib/ports/known-repositories';

/** What every adapter of the port KnownRepositories does. */
export function knownRepositoriesContract(make: () => KnownRepositories): void {
  const anApp = (): string => `app-${randomBytes(6).toString('hex')}`;
  const first: KnownRepository = {
    repository: { provider: 'github', name: 'acme/shop' },
    id: '1',
    at: '2026-01-02T03:04:05.000Z',
  };

  it('keeps the first one that has a name, of each app', async () => {
    const [known, app] = [make(), anApp()];
    expect(await known.find(app)).toBeUndefined();
    expect(await known.learn(app, first)).toEqual(first);
    const other = { ...first, repository: { provider: 'github', name: 'ACME/Shop' } as const, id: '2' };
    expect(await known.learn(app, other)).toEqual(first);
    expect(await known.find(app)).toEqual(first);
    expect(await known.find(`${app}-other`)).toBeUndefined();
  });

  it('forgets it for one of another name, or of another host', async () => {
    const [known, app] = [make(), anApp()];
    await known.learn(app, first);
    const renamed = { ...first, repository: { provider: 'github', name: 'acme/store' } as const, id: '2' };
    expect(await known.learn(app, renamed)).toEqual(renamed);
    const moved = { ...first, repository: { provider: 'codecommit', name: 'acme-store' } as const, id: '3' };
    expect(await known.learn(app, moved)).toEqual(moved);
    expect(await known.find(app)).toEqual(moved);
  });

  it('keeps one of two that are found at once', async () => {
    const [known, app] = [make(), anApp()];
    const kept = await Promise.all(['1', '2', '3'].map((id) => known.learn(app, { ...first, id })));
    expect(new Set(kept.map(({ id }) => id)).size).toBe(1);
  });
}
