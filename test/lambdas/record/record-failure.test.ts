import { recordFailure } from '../../../lambdas/record/record-failure';
import { memoryArtifacts } from '../../../lib/memory/memory-artifacts';
import { memoryServiceStates } from '../../../lib/memory/memory-service-states';
import { aRelease, RELEASE_ID } from '../../builders';

const release = aRelease();
const service = { path: 'orders', reasons: [] };
const fromLambda = {
  Error: 'StackFailed',
  Cause: JSON.stringify({ errorType: 'StackFailed', errorMessage: 'queue "Jobs": name is taken', trace: [] }),
};

describe('recordFailure', () => {
  it('marks the service as failed and keeps what is deployed of it', async () => {
    const states = memoryServiceStates();
    const deployed = { commit: 'c0', deployedPackage: 'deployed.json' };
    await states.endService(
      { ...release, id: '01HZZZZZZZZZZZZZZZZZZZZZZA' },
      { status: 'deployed', ...deployed },
      { path: 'orders', status: 'deployed', planned: [], functions: [], outputs: {}, durations: {} },
    );
    await recordFailure({ states, artifacts: memoryArtifacts(), now: () => 4_000 })({
      release,
      service,
      error: fromLambda,
      marks: { build: 1_000, deploy: 3_000 },
      decision: null,
      buildId: 'build-1',
    });
    expect(await states.find(release, 'orders')).toEqual({
      path: 'orders',
      status: 'failed',
      releaseId: RELEASE_ID,
      ...deployed,
    });
    expect(await states.records(release)).toEqual([
      {
        path: 'orders',
        status: 'failed',
        planned: [],
        functions: [],
        outputs: {},
        buildId: 'build-1',
        durations: { build: 2_000, deploy: 1_000 },
        error: { code: 'StackFailed', message: 'queue "Jobs": name is taken' },
      },
    ]);
  });

  it.each([
    [
      'the error of Step Functions itself',
      { Error: 'States.Timeout' },
      { code: 'States.Timeout', message: 'stopped with States.Timeout' },
    ],
    [
      'a cause in words',
      { Error: 'ServiceFailed', Cause: 'a service failed' },
      { code: 'ServiceFailed', message: 'a service failed' },
    ],
    ['a cause that is other JSON', { Error: 'X', Cause: '{"a":1}' }, { code: 'X', message: '{"a":1}' }],
  ])('keeps %s', async (_, error, kept) => {
    const states = memoryServiceStates();
    await recordFailure({ states, artifacts: memoryArtifacts(), now: () => 4_000 })({
      release,
      service,
      error,
      marks: {},
      buildId: null,
    });
    expect(await states.records(release)).toMatchObject([{ error: kept }]);
  });
});
