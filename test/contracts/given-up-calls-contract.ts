import type { GivenUpCalls } from '../../lib/ports/given-up-calls';

/** What every adapter of the port GivenUpCalls does. */
export function givenUpCallsContract(
  make: (bodies: readonly string[], attributes?: Readonly<Record<string, string>>) => Promise<GivenUpCalls>,
): void {
  it('gives what lies there, with its attributes, to one who takes it', async () => {
    const calls = await make(['{"a":1}', 'no JSON'], { RULE_ARN: 'arn:aws:events:eu-central-1:1:rule/x' });
    const taken = await calls.take(10);
    expect(taken.map(({ body }) => body).sort()).toEqual(['no JSON', '{"a":1}']);
    expect(taken[0]!.attributes).toEqual({ RULE_ARN: 'arn:aws:events:eu-central-1:1:rule/x' });
    expect(Number.isNaN(Date.parse(taken[0]!.sentAt))).toBe(false);
    expect(await calls.take(10)).toEqual([]);
    expect(await calls.count()).toEqual({ waiting: 0, inHand: 2 });
  });

  it('takes no more than are wanted, and more than fit into one answer', async () => {
    const calls = await make(Array.from({ length: 12 }, (_, index) => String(index)));
    expect(await calls.take(11)).toHaveLength(11);
    expect(await calls.count()).toEqual({ waiting: 1, inHand: 11 });
  });

  it('gives again what was put back, and never what was removed', async () => {
    const calls = await make(['back', 'gone']);
    for (const message of await calls.take(10)) {
      expect(await calls.keepInHand(message)).toBe(true);
      if (message.body === 'back') await calls.putBack(message);
      else await calls.remove(message);
    }
    expect((await calls.take(10)).map(({ body }) => body)).toEqual(['back']);
  });

  it('says of a message that is gone that it is not in hand, and puts nothing back', async () => {
    const calls = await make(['one']);
    const [message] = await calls.take(10);
    await calls.remove(message!);
    expect(await calls.keepInHand(message!)).toBe(false);
    await calls.putBack(message!);
    expect(await calls.count()).toEqual({ waiting: 0, inHand: 0 });
  });
}
