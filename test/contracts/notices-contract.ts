import { randomBytes } from 'node:crypto';
import type { Notices } from '../../lib/ports/notices';

/** What every adapter of the port Notices does. */
export function noticesContract(make: () => Notices): void {
  let notices: Notices;
  let stage: { app: string; stage: string };
  beforeEach(() => {
    notices = make();
    stage = { app: `app-${randomBytes(6).toString('hex')}`, stage: 'dev' };
  });
  const one = () => ({ ...stage, id: '01HZZZZZZZZZZZZZZZZZZZZZZ1' });
  const two = () => ({ ...stage, id: '01HZZZZZZZZZZZZZZZZZZZZZZ2' });
  const turn = (by: string, now = 1_000) => ({ by, now, until: now + 100 });

  it('keeps what was told of each release', async () => {
    expect(await notices.find(one())).toEqual({ told: {} });
    await notices.record(one(), { deploymentAsked: true });
    await notices.record(one(), { told: { status: 'pending' }, deploymentId: 7 });
    expect(await notices.find(one())).toEqual({ told: { status: 'pending' }, deploymentAsked: true, deploymentId: 7 });
    expect(await notices.find(two())).toEqual({ told: {} });
  });

  it('gives the turn to one, who is left the releases of others', async () => {
    expect(await notices.begin(one(), turn('a'))).toBe(true);
    expect(await notices.begin(two(), turn('b'))).toBe(false);
    expect(await notices.begin(one(), turn('c'))).toBe(false);
    expect(await notices.end(stage, { by: 'a' }, [])).toEqual([one().id, two().id]);
    expect(await notices.begin(two(), turn('b'))).toBe(false);
    expect(await notices.end(stage, { by: 'a' }, [])).toEqual([two().id]);
    expect(await notices.end(stage, { by: 'a' }, [])).toEqual([]);
    expect(await notices.begin(two(), turn('b'))).toBe(true);
  });

  it('gives it to one who comes again, and to another when its time is over', async () => {
    expect(await notices.begin(one(), turn('a'))).toBe(true);
    expect(await notices.begin(one(), turn('a'))).toBe(true);
    expect(await notices.begin(two(), turn('b', 1_099))).toBe(false);
    expect(await notices.begin(two(), turn('b', 1_100))).toBe(true);
    expect(await notices.end(stage, { by: 'a' }, [one().id])).toEqual([]);
    expect(await notices.end(stage, { by: 'b' }, [])).toEqual([two().id]);
  });

  it('leaves what failed to the next turn', async () => {
    await notices.begin(one(), turn('a'));
    expect(await notices.end(stage, { by: 'a' }, [one().id])).toEqual([]);
    expect(await notices.begin(two(), turn('b'))).toBe(true);
    expect(await notices.end(stage, { by: 'b' }, [])).toEqual([one().id]);
    expect(await notices.end(stage, { by: 'b' }, [])).toEqual([]);
  });

  it('has a turn for each stage', async () => {
    await notices.begin(one(), turn('a'));
    expect(await notices.begin({ ...one(), stage: 'prod' }, turn('b'))).toBe(true);
  });
}
