import type { AlarmState, Alarms } from '../../lib/ports/alarms';

/** What a suite needs besides the port: alarms by name, each in the state that its key says. */
export interface AlarmsUnderTest {
  readonly alarms: Alarms;
  readonly names: Readonly<Record<Exclude<AlarmState, 'missing'>, string>>;
}

/** What every adapter of the port Alarms does alike. */
export function alarmsContract(make: () => Promise<AlarmsUnderTest>): void {
  it('tells how each alarm stands, and which are not there', async () => {
    const { alarms, names } = await make();
    const missing = Array.from({ length: 120 }, (_, index) => `not-there-${index}`);
    const states = await alarms.states([...Object.values(names), ...missing]);
    expect(states.size).toBe(123);
    for (const [state, name] of Object.entries(names)) expect([name, states.get(name)]).toEqual([name, state]);
    for (const name of missing) expect(states.get(name)).toBe('missing');
  });

  it('asks nothing of no alarms', async () => {
    const { alarms } = await make();
    expect(await alarms.states([])).toEqual(new Map());
  });
}
