import type { Plan, ServiceRecord } from '../../../lib/core/contracts/state';
import { explainOutcome, type Outcome } from '../../../lib/core/record/release-outcome';

const FAILED: Outcome = { status: 'failed', error: { code: 'ServiceFailed', message: 'a service failed' } };
const service = (path: string, message?: string): ServiceRecord => ({
  path,
  status: message === undefined ? 'deployed' : 'failed',
  planned: [],
  functions: [],
  outputs: {},
  durations: {},
  ...(message !== undefined && { error: { code: 'BuildFailed', message } }),
});
const many = (count: number, message: string) =>
  Array.from({ length: count }, (_, index) => service(`services/${index}`, message));
const told = (services: readonly ServiceRecord[], plan?: Plan) =>
  explainOutcome(FAILED, services, plan).error?.message ?? '';

describe('the reason of a release', () => {
  it('is that of the services that failed, in their words', () => {
    expect(told([service('orders', 'no such table'), service('web')])).toBe('service "orders": no such table');
  });

  it('names some of many, and how many more there are', () => {
    const message = told(many(25, 'no such table'));
    expect(message).toContain('service "services/19": no such table; and 5 more services failed');
    expect(message).not.toContain('services/20');
  });

  it('fits into an event and an item of the state table, however long the services complain', () => {
    expect(told(many(500, 'x'.repeat(200_000))).length).toBeLessThan(25_000);
  });

  it('names some of the services that did not run because of it', () => {
    const phases = [['db'], Array.from({ length: 200 }, (_, index) => `services/${index}`)];
    const plan = { phases: phases.map((paths) => paths.map((path) => ({ path, reasons: [] }))), skip: [] };
    expect(told([service('db', 'no disk')], plan)).toMatch(/services\/0, services\/1, services\/2 and 197 more$/);
  });

  it('keeps how a long message begins and ends', () => {
    const message = told([service('orders', `TypeError${'x'.repeat(5_000)}at line 7`)]);
    expect(message).toContain('service "orders": TypeError');
    expect(message).toMatch(/\(4\d{3} characters left out\) …x+at line 7$/);
  });
});
