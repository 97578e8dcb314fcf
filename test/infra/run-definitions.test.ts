import { Template } from 'aws-cdk-lib/assertions';
import { DEPLOY_STATES, REMOVAL_STATES } from '../lambdas/deploy/state-names';
import { RELEASE, SERVICE_RELEASE } from '../state-machines/definitions';
import { synthesiseDefinitions } from '../state-machines/synthesise-definitions';
import { allStates, type Machine, stateMachine } from './state-machine';
import { aPlatform } from './synthesise';

jest.setTimeout(120_000);

const run = synthesiseDefinitions();
const template = Template.fromStack(aPlatform().platform);

it.each([RELEASE, SERVICE_RELEASE])('the unit tests run the definition of %s that is deployed', (name) => {
  const deployed = stateMachine(template, name);
  // What is only known on deployment is named in the one, and not in the other.
  const unnamed = (_: string, value: unknown) =>
    typeof value === 'string' && /^(arn:|<token>)/.test(value) ? 'arn' : value;
  expect(JSON.parse(JSON.stringify(run[name]), unnamed)).toEqual(JSON.parse(JSON.stringify(deployed), unnamed));
});

it('the unit tests know ServiceRelease by states that it has', () => {
  const names = allStates(run[SERVICE_RELEASE] as Machine).map(([name]) => name);
  expect(names).toEqual(expect.arrayContaining([...DEPLOY_STATES, ...REMOVAL_STATES]));
});
