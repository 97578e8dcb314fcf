import validate from 'asl-validator';
import { Template } from 'aws-cdk-lib/assertions';
import { DEPLOY_STATES, REMOVAL_STATES } from '../lambdas/deploy/state-names';
import { RELEASE, SERVICE_RELEASE, STATE_TABLE, WATCHER } from '../state-machines/definitions';
import { synthesiseDefinitions } from '../state-machines/synthesise-definitions';
import { allStates, type Machine, stateMachine } from './state-machine';
import { aPlatform } from './synthesise';

jest.setTimeout(120_000);

const run = synthesiseDefinitions();
const template = Template.fromStack(aPlatform().platform);

it.each([RELEASE, SERVICE_RELEASE, WATCHER])('the unit tests run the definition of %s that is deployed', (name) => {
  const deployed = stateMachine(template, name);
  // What is only known on deployment is named in the one, and not in the other.
  const unnamed = (_: string, value: unknown) =>
    typeof value === 'string' && (/^(arn:|<token>)/.test(value) || value === STATE_TABLE) ? 'arn' : value;
  expect(JSON.parse(JSON.stringify(run[name]), unnamed)).toEqual(JSON.parse(JSON.stringify(deployed), unnamed));
});

it('the unit tests know ServiceRelease by states that it has', () => {
  const names = allStates(run[SERVICE_RELEASE] as Machine).map(([name]) => name);
  expect(names).toEqual(expect.arrayContaining([...DEPLOY_STATES, ...REMOVAL_STATES]));
});

describe('asl-validator', () => {
  // It writes into what it is given.
  const findings = (definition: object) => validate(structuredClone(definition)).errors;
  /** The definition of releases in which one state is another. */
  function planning(more: object): object {
    const { States, ...machine } = run[RELEASE]!;
    return { ...machine, States: { ...States, Plan: { ...States.Plan, ...more } } };
  }

  it.each([RELEASE, SERVICE_RELEASE, WATCHER])('has nothing to say of the definition of %s', (name) => {
    expect(findings(run[name]!)).toEqual([]);
  });

  it.each([
    ['goes on to a state that is not there', { Next: 'Nowhere' }, 'target: Nowhere'],
    ['has a field that JSONata knows nothing of', { ResultPath: '$.a' }, '/States/Plan is invalid'],
  ])('finds a state that %s', (_, more, message) => {
    expect(JSON.stringify(findings(planning(more)))).toContain(message);
  });
});
