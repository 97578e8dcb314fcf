import type { DeployedThen, ServiceState } from '../../../lib/core/contracts/state';
import { planRollback } from '../../../lib/core/rollback/plan-rollback';
import { aServiceState, COMMIT, RELEASE_ID } from '../../builders';

const then = (path: string, deployedPackage: string): [string, DeployedThen] => [
  path,
  { path, releaseId: RELEASE_ID, commit: COMMIT, deployedPackage },
];
const now = (path: string, deployedPackage: string, more: Partial<ServiceState> = {}) =>
  aServiceState({ path, deployedPackage, ...more });
const plan = (states: ServiceState[], past: [string, DeployedThen][], service?: string) => {
  const { phases, skip } = planRollback({ rollback: { to: RELEASE_ID, service }, states, past: new Map(past) });
  const codes = (services: typeof skip) => Object.fromEntries(services.map((one) => [one.path, one.reasons[0]!.code]));
  return { phases: phases.map(codes), skip: codes(skip) };
};

describe('planRollback', () => {
  it('takes back, side by side, the services that are not what they were', () => {
    const states = [now('api', 'new'), now('mail', 'new'), now('web', 'old')];
    const past = [then('api', 'old'), then('mail', 'old'), then('web', 'old')];
    expect(plan(states, past)).toEqual({
      phases: [{ api: 'rollback', mail: 'rollback' }],
      skip: { web: 'unchanged' },
    });
  });

  it('leaves a service alone that came later', () => {
    expect(plan([now('api', 'new')], [])).toEqual({ phases: [], skip: { api: 'not-deployed-then' } });
  });

  it.each(['failed', 'deploying'] as const)('deploys what is recorded once more if a release left it %s', (status) => {
    expect(plan([now('api', 'old', { status })], [then('api', 'old')]).phases).toEqual([{ api: 'rollback' }]);
  });

  it('takes back a service of which nothing is recorded now', () => {
    const state = aServiceState({ path: 'api', status: 'failed', deployedPackage: undefined });
    expect(plan([state], [then('api', 'old')]).phases).toEqual([{ api: 'rollback' }]);
  });

  it('touches only the service that is asked for', () => {
    const states = [now('api', 'new'), now('mail', 'new')];
    const past = [then('api', 'old'), then('mail', 'old')];
    expect(plan(states, past, 'mail')).toEqual({ phases: [{ mail: 'rollback' }], skip: { api: 'not-asked-for' } });
  });

  it('refuses a service that the stage does not have, and suggests one', () => {
    const states = [now('services/orders', 'new'), now('mail', 'new')];
    expect(() => plan(states, [], 'services/order')).toThrow(
      '--service: the stage has no service "services/order"; did you mean "services/orders"?',
    );
    expect(() => plan(states, [], 'x')).toThrow('use one of: services/orders, mail');
  });

  it('says where each goes, with the commit', () => {
    const { phases } = planRollback({
      rollback: { to: RELEASE_ID },
      states: [now('api', 'new')],
      past: new Map([then('api', 'old')]),
    });
    expect(phases[0]![0]!.reasons[0]!.message).toBe(`back to what release ${RELEASE_ID} deployed (bbbbbbb)`);
  });
});
