import { Template } from 'aws-cdk-lib/assertions';
import { STEP_BEGINS, TELLING_STATES } from '../../lib/cli/show/service-progress';
import { stateMachine } from './state-machine';
import { aPlatform } from './synthesise';

it('the command line knows steps by states that ServiceRelease has', () => {
  const { States } = stateMachine(Template.fromStack(aPlatform().platform), 'Seedbed-ServiceRelease');
  expect(Object.keys(States)).toEqual(
    expect.arrayContaining([...Object.keys(STEP_BEGINS), ...Object.values(TELLING_STATES)]),
  );
});
