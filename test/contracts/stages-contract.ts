import { randomBytes } from 'node:crypto';
import type { MadeStage } from '../../lib/core/contracts/made-stage';
import type { Stages } from '../../lib/ports/stages';

/** What every adapter of the port Stages does. */
export function stagesContract(make: () => Stages): void {
  let stages: Stages;
  let app: string;
  beforeEach(() => {
    stages = make();
    app = `app-${randomBytes(6).toString('hex')}`;
  });
  const aStage = (more: Partial<MadeStage> = {}): MadeStage => ({
    app,
    stage: 'pr-1',
    template: 'preview',
    madeAt: '2026-01-02T03:04:05.678Z',
    origin: { kind: 'pull-request', number: 1, branch: 'topic' },
    ...more,
  });

  it('finds and lists what was made, by name', async () => {
    const [one, two] = [aStage(), aStage({ stage: 'feature-a', origin: { kind: 'branch', branch: 'feature/a' } })];
    await stages.make(one);
    await stages.make(two);
    expect(await stages.find(one)).toEqual(one);
    expect(await stages.list(app)).toEqual([two, one]);
    expect(await stages.list(`${app}-other`)).toEqual([]);
  });

  it('keeps when a stage was made first, and wants one again that was to be removed', async () => {
    await stages.make(aStage());
    await stages.change(aStage(), { removeAskedAt: '2026-01-03T00:00:00.000Z', commentId: 7 });
    await stages.make(aStage({ madeAt: '2026-01-04T00:00:00.000Z' }));
    expect(await stages.find(aStage())).toEqual(aStage({ commentId: 7 }));
  });

  it('forgets a stage whose removal was asked for, and changes none that is not there', async () => {
    await stages.make(aStage());
    await stages.change(aStage(), { removeAskedAt: '2026-01-03T00:00:00.000Z' });
    expect(await stages.forget(aStage())).toBe('forgotten');
    expect(await stages.forget(aStage())).toBe('forgotten');
    await stages.change(aStage(), { commentId: 7 });
    expect(await stages.find(aStage())).toBeUndefined();
  });

  it('does not forget a stage that is wanted again', async () => {
    await stages.make(aStage());
    await stages.change(aStage(), { removeAskedAt: '2026-01-03T00:00:00.000Z' });
    await stages.make(aStage());
    expect(await stages.forget(aStage())).toBe('wanted');
    expect(await stages.find(aStage())).toEqual(aStage());
  });
}
