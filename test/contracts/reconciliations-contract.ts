import { randomBytes } from 'node:crypto';
import type { Reconciliations } from '../../lib/ports/reconciliations';

/** What every adapter of the port Reconciliations does. */
export function reconciliationsContract(make: () => Reconciliations): void {
  const anApp = (): string => `app-${randomBytes(6).toString('hex')}`;

  it('keeps what the last one saw, of each app', async () => {
    const [reconciliations, app] = [make(), anApp()];
    expect(await reconciliations.find(app)).toBeUndefined();
    await reconciliations.keep(app, { branches: { main: 'aaa', 'feature/a "b"': 'bbb' }, pullRequests: [1, 2] });
    const last = { version: 2, branches: { main: 'ccc' }, tags: { v1: 'ddd' }, tagPrefixes: ['v'] } as const;
    await reconciliations.keep(app, { ...last, tagPrefixes: [...last.tagPrefixes], pullRequests: undefined });
    expect(await reconciliations.find(app)).toEqual(last);
    expect(await reconciliations.find(`${app}-other`)).toBeUndefined();
  });
}
