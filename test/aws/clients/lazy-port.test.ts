import { lazyPort } from '../../../lib/aws/clients/lazy-port';

interface Port {
  add(a: number, b: number): Promise<number>;
  fail(): Promise<never>;
}

describe('a lazy port', () => {
  const make = () => {
    let loads = 0;
    const port = lazyPort<Port>(async () => {
      loads += 1;
      return {
        add: async (a, b) => a + b,
        fail: async () => {
          throw new Error('no');
        },
      };
    });
    return { port, loads: () => loads };
  };

  it('loads its adapter with the first call, once', async () => {
    const { port, loads } = make();
    expect(loads()).toBe(0);
    expect(await Promise.all([port.add(1, 2), port.add(3, 4)])).toEqual([3, 7]);
    expect(loads()).toBe(1);
  });

  it('fails as its adapter does', async () => {
    await expect(make().port.fail()).rejects.toThrow('no');
  });
});
