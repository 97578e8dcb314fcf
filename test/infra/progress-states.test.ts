import { Template } from 'aws-cdk-lib/assertions';
import { STEP_BEGINS, TELLING_STATES, WATCHING_STATE } from '../../lib/cli/show/service-progress';
import { stateMachine } from './state-machine';
import { aPlatform } from './synthesise';

it('the command line knows steps by states that the state machines have', () => {
  const template = Template.fromStack(aPlatform().platform);
  const { States } = stateMachine(template, 'Seedbed-ServiceRelease');
  expect(Object.keys(stateMachine(template, 'Seedbed-Watcher').States)).toContain(WATCHING_STATE);
  expect(Object.keys(States)).toEqual(
    expect.arrayContaining([...Object.keys(STEP_BEGINS), ...Object.values(TELLING_STATES)]),
  );
});
