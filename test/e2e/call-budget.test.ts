import type { CallCount } from '../../lib/local/gateway/call-log';
import { answering, aService } from './a-service';
import { type AnApp, anApp, PATIENCE } from './an-app';

jest.setTimeout(PATIENCE);

/** Lambda calls of the workers in real releases; what else they call does not depend on how many functions changed. */
const NAME = 'budget-many';
const IDS = Array.from({ length: 12 }, (_, index) => `f${index}`);

let app: AnApp;

/** Calls of workers on this service's functions so far, by operation: other tests use the same cloud. */
async function lambdaCalls(): Promise<ReadonlyMap<string, number>> {
  const response = await fetch(`${process.env.AWS_ENDPOINT_URL}/_seedbed/calls`);
  const counts = new Map<string, number>();
  for (const { operation, functionName, caller, count } of (await response.json()) as CallCount[]) {
    if (!functionName?.startsWith(`${NAME}-`) || !caller?.includes(':assumed-role/')) continue;
    // It deletes old versions after releases, in its own time.
    if (caller.endsWith('/seedbed-prune')) continue;
    counts.set(operation, (counts.get(operation) ?? 0) + count);
  }
  return counts;
}

/** @returns the calls that releasing new code of the first functions takes. */
async function callsFor(changed: number, text: string): Promise<Readonly<Record<string, number>>> {
  const before = await lambdaCalls();
  const files = IDS.slice(0, changed).map((id) => [`${id}.js`, answering(text)]);
  const { status, services } = await app.release(Object.fromEntries(files));
  expect(status).toBe('succeeded');
  expect(services['.']!.functions.filter(({ updated }) => updated)).toHaveLength(changed);
  const after = [...(await lambdaCalls())].map(([operation, count]) => [
    operation,
    count - (before.get(operation) ?? 0),
  ]);
  return Object.fromEntries(after.filter(([, count]) => count !== 0));
}

beforeAll(async () => {
  app = await anApp('budget');
  const functions = Object.fromEntries(IDS.map((id) => [id, 'first']));
  const { status } = await app.release(aService({ path: '.', name: NAME, functions }));
  expect(status).toBe('succeeded');
}, PATIENCE);
afterAll(() => app.remove());

it.each([1, 10])('releases %d changed functions with five Lambda calls each', async (k) => {
  expect(await callsFor(k, `new code of ${k}`)).toEqual({
    GetFunction: 3 * k, // before the decision, before the update and after it; it has a rate of its own
    UpdateFunctionCode: k,
    UpdateAlias: k,
  });
});
