import { randomBytes } from 'node:crypto';
import type { EnvironmentStamps, Environments } from '../../lib/ports/environments';

/** What every adapter of the ports Environments and EnvironmentStamps does. */
export function environmentsContract(make: () => Environments & EnvironmentStamps): void {
  let environments: Environments & EnvironmentStamps;
  let app: string;
  beforeEach(() => {
    environments = make();
    app = `app-${randomBytes(6).toString('hex')}`;
  });
  const stage = () => ({ app, stage: 'dev' });
  const plain = (name: string, value: string) => ({ name, value, secret: false });
  const secret = (name: string, value: string) => ({ name, value, secret: true });
  const values = async (of: { app: string; stage: string; template?: string }, secrets = true) =>
    (await environments.list(of, { secrets })).map(({ name, value }) => [name, value]);

  it('lists what was set by name, secrets without values unless they are asked for', async () => {
    await environments.set(stage(), [secret('TOKEN', 'hush'), plain('COLOUR', 'blue')]);
    expect(await environments.list(stage(), { secrets: false })).toEqual([
      { name: 'COLOUR', value: 'blue', secret: false, version: 1, changedAt: expect.stringMatching(/^\d{4}-.*Z$/) },
      { name: 'TOKEN', value: undefined, secret: true, version: 1, changedAt: expect.any(String) },
    ]);
    expect(await values(stage())).toEqual([
      ['COLOUR', 'blue'],
      ['TOKEN', 'hush'],
    ]);
  });

  it('sets over what was, also a secret over what was none', async () => {
    await environments.set(stage(), [plain('A', '1'), plain('B', '1')]);
    await environments.set(stage(), [plain('A', '2'), secret('B', '2')]);
    expect(await environments.list(stage(), { secrets: true })).toMatchObject([
      { name: 'A', value: '2', secret: false, version: 2 },
      { name: 'B', value: '2', secret: true },
    ]);
  });

  it('holds more variables than one answer of AWS does, and values of many lines', async () => {
    const many = Array.from({ length: 23 }, (_, index) => plain(`V${index}`, `line ${index}\n line "two" = $HOME `));
    await environments.set(stage(), many);
    expect(new Map((await values(stage())) as [string, string][])).toEqual(
      new Map(many.map(({ name, value }) => [name, value])),
    );
    expect(await environments.remove(stage(), [...many.map(({ name }) => name), 'NONE'])).toHaveLength(23);
    expect(await values(stage())).toEqual([]);
  });

  it('keeps stages apart whose names begin alike, and a made stage from its template', async () => {
    await environments.set(stage(), [plain('A', 'dev')]);
    await environments.set({ app, stage: 'dev-2' }, [plain('A', 'dev-2')]);
    await environments.set({ app: `${app}-2`, stage: 'dev' }, [plain('A', 'other')]);
    await environments.set({ app, stage: 'pr-1', template: 'dev' }, [plain('A', 'made')]);
    expect(await values(stage())).toEqual([['A', 'dev']]);
    expect(await values({ app, stage: 'pr-1', template: 'dev' })).toEqual([['A', 'made']]);
  });

  it('has one salt for a stage and what is made of it, from the first variable on', async () => {
    expect(await environments.salt(stage())).toBeUndefined();
    await environments.set(stage(), [plain('A', '1')]);
    const salt = await environments.salt(stage());
    expect(salt).toMatch(/.{16}/);
    await environments.set({ app, stage: 'pr-1', template: 'dev' }, [plain('A', '1')]);
    expect(await environments.salt({ app, stage: 'pr-1', template: 'dev' })).toBe(salt);
    expect(await values(stage())).toHaveLength(1);
  });

  it('stamps every change of what a build would get, and nothing else', async () => {
    const made = { app, stage: 'pr-1', template: 'dev' };
    expect(await environments.stamp(made)).toBeUndefined();
    await environments.set(stage(), [plain('A', '1')]);
    const first = [await environments.stamp(stage()), await environments.stamp(made)];
    expect(first).not.toContain(undefined);
    expect([await environments.stamp(stage()), await environments.stamp(made)]).toEqual(first);
    await environments.set(made, [plain('A', '2')]);
    expect(await environments.stamp(stage())).toBe(first[0]);
    expect(await environments.stamp(made)).not.toBe(first[1]);
    await environments.remove(stage(), ['NONE']);
    expect(await environments.stamp(stage())).toBe(first[0]);
    await environments.remove(stage(), ['A']);
    expect(await environments.stamp(stage())).not.toBe(first[0]);
  });
}
