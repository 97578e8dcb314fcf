import { limitOf, neededCalls } from '../../bench/pace-limit';
import { LARGE, simulate, simulateOneRelease } from '../../bench/scale-model';
import { exponential, Places, type Process, randomOf, Simulation, Turns } from '../../bench/simulation';

describe('a simulation', () => {
  it('lets processes go on in the order of their times', () => {
    const simulation = new Simulation();
    const seen: string[] = [];
    function* process(name: string, ...times: number[]): Process {
      for (const time of times) {
        yield time;
        seen.push(`${name} at ${simulation.now}`);
      }
    }
    simulation.begin(process('a', 5, 7));
    simulation.begin(process('b', 1, 5, 6));
    simulation.begin(process('c', 3), 2);
    simulation.run();
    expect(seen).toEqual(['b at 1', 'c at 3', 'a at 5', 'b at 5', 'b at 6', 'a at 7']);
  });

  it('gives turns as a bucket does: a burst, and then its rate', () => {
    const turns = new Turns({ burst: 15, perSecond: 15 });
    expect(turns.take(100, 15)).toBe(100);
    expect(turns.take(100, 15)).toBeCloseTo(101);
    expect(turns.take(100, 1)).toBeCloseTo(101 + 1 / 15);
    expect(turns.take(200, 15)).toBe(200);
  });

  it.each([
    [2, 1.6],
    [10, 8],
  ])('waits for one of %d places as Erlang’s formula says', (places, offered) => {
    const simulation = new Simulation();
    const random = randomOf(7);
    const all = new Places(simulation, places);
    let at = 0;
    for (let count = 0; count < 50_000; count += 1) {
      at += exponential(random, 1 / offered);
      simulation.begin(all.hold(exponential(random, 1)), at);
    }
    simulation.run();
    const mean = all.used.waits.reduce((sum, wait) => sum + wait, 0) / all.used.waits.length;
    expect(Math.abs(mean / erlangsWait(places, offered) - 1)).toBeLessThan(0.15);
    expect(all.most).toBe(places);
  });
});

/** @returns the mean wait for one of some places that are held for a second on average (M/M/c). */
function erlangsWait(places: number, offered: number): number {
  let blocked = 1; // Erlang B, by its recursion
  for (let count = 1; count <= places; count += 1) blocked = (offered * blocked) / (count + offered * blocked);
  const waits = blocked / (1 - (offered / places) * (1 - blocked));
  return waits / (places - offered);
}

describe('the model of a large organisation', () => {
  const settings = { ...LARGE, hours: 4 };
  const morning = simulate(settings);

  it('has the same result for the same settings, and another for another seed', () => {
    expect(simulate(settings)).toEqual(morning);
    expect(simulate({ ...settings, seed: 14 })).not.toEqual(morning);
  });

  it('ends every push, or has it superseded', () => {
    const pushes = morning.pushes.all.waits.length + morning.superseded;
    expect(Math.abs(pushes / (settings.pushesAnHour * settings.hours) - 1)).toBeLessThan(0.1);
  });

  it('breaks at GitHub first', () => {
    const shares = Object.entries(morning.limits).map(([name, { share }]) => [name, share] as const);
    const [first] = shares.sort(([, a], [, b]) => b - a);
    expect(first![0]).toBe("GitHub's writes in an hour");
    expect(first![1]).toBeGreaterThan(1);
  });

  it.each([
    [1, 20],
    [4, 20],
    [16, 20],
    [1, 100],
  ])(
    'brings code to %d × %d functions no sooner than Lambda takes the calls, and soon after',
    (services, functions) => {
      const limit = limitOf(neededCalls(services * functions)) / 1000;
      const took = simulateOneRelease(services, functions);
      expect(took).toBeGreaterThanOrEqual(limit);
      expect(took - limit).toBeLessThan(1);
    },
  );
});
