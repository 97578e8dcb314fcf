import { randomInt } from 'node:crypto';
import type { CodeStorages } from '../../lib/ports/code-storages';

/** What every adapter of the port CodeStorages does. */
export function codeStoragesContract(make: () => CodeStorages): void {
  const anAccount = (): string => String(randomInt(200_000_000_000, 280_000_000_000));

  it('has the last reading of each account and Region, in order', async () => {
    const storages = make();
    const [first, second] = [anAccount(), anAccount()].sort() as [string, string];
    const reading = (account: string, region: string, used: number) => ({
      account,
      region,
      used,
      limit: 80_530_636_800,
      at: '2026-01-02T03:04:05.000Z',
    });
    await storages.keep(reading(second, 'eu-central-1', 1));
    await storages.keep(reading(first, 'eu-west-1', 2));
    await storages.keep(reading(first, 'eu-central-1', 3));
    await storages.keep(reading(second, 'eu-central-1', 4));
    const found = (await storages.list()).filter(({ account }) => account === first || account === second);
    expect(found).toEqual([
      reading(first, 'eu-central-1', 3),
      reading(first, 'eu-west-1', 2),
      reading(second, 'eu-central-1', 4),
    ]);
  });
}
