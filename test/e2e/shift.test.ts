import { ListDeploymentsCommand } from '@aws-sdk/client-codedeploy';
import { GetAliasCommand } from '@aws-sdk/client-lambda';
import { codeDeployClient } from '../../lib/aws/clients/codedeploy';
import { lambdaClient } from '../../lib/aws/clients/lambda';
import { applicationName, groupName } from '../../lib/core/contracts/code-deploy-names';
import { answering, aService, type ServiceOptions, serverlessYml } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { answersOf, everywhere } from './live';

jest.setTimeout(PATIENCE);

/**
 * A service in a stage whose owner demands a gradual shift: direct updates, a hook that refuses a version, a change of
 * the template. Each of its steps lasts five minutes, which are five seconds on this local cloud: time to be seen,
 * however busy the machine.
 */
const STACK = 'shift-api-prod';
const API: ServiceOptions = {
  path: 'api',
  name: 'shift-api',
  api: true,
  functions: { hello: 'hello A', bye: 'bye A' },
  moreFunctions: Object.fromEntries(
    ['check', 'report'].map((id) => [id, { handler: `${id}.handler`, package: { patterns: [`${id}.js`] } }]),
  ),
  functionShifts: { bye: { preTrafficHook: 'check', postTrafficHook: 'report' } },
};
/** Refuses a version that answers something with "bad" in it; asks the version itself. */
const CHECK = `const { InvokeCommand, LambdaClient } = require('@aws-sdk/client-lambda');
exports.handler = async ({ versionArn, version, functionName, stage, commit }) => {
  const { Payload } = await new LambdaClient().send(new InvokeCommand({ FunctionName: versionArn }));
  const { body } = JSON.parse(Payload.transformToString());
  if (body.includes('bad')) throw new Error(\`version \${version} of \${functionName} in \${stage} answers "\${body}"\`);
};
`;

/** A hook in the old style: it tells CodeDeploy itself. */
const REPORT = `const { CodeDeployClient, PutLifecycleEventHookExecutionStatusCommand } = require('@aws-sdk/client-codedeploy');
exports.handler = async ({ DeploymentId, LifecycleEventHookExecutionId }) => {
  const report = {
    deploymentId: DeploymentId,
    lifecycleEventHookExecutionId: LifecycleEventHookExecutionId,
    status: 'Succeeded',
  };
  await new CodeDeployClient().send(new PutLifecycleEventHookExecutionStatusCommand(report));
};
`;

const lambda = lambdaClient();
const alias = async (id: string) => {
  const found = await lambda.send(new GetAliasCommand({ FunctionName: `${STACK}-${id}`, Name: 'live' }));
  return { version: found.FunctionVersion, weights: found.RoutingConfig?.AdditionalVersionWeights ?? {} };
};
const whole = (version: string) => ({ version, weights: {} });

let app: AnApp;
interface Shifted extends Seen {
  /** Shares of traffic that went to the new version of `hello`, in the order in which they were seen. */
  readonly steps: readonly number[];
  readonly hello: Awaited<ReturnType<typeof answersOf>>;
  readonly bye: Awaited<ReturnType<typeof answersOf>>;
  readonly aliases: readonly unknown[];
}
let first: Shifted;
let direct: Shifted;
let refused: Shifted;
let full: Shifted;

/** Pushes and looks at the alias until the release has ended. */
async function release(files: Readonly<Record<string, string>>): Promise<Shifted> {
  const key = await app.releaseOf(await app.push(files, { branch: 'production' }));
  let isOver = false;
  const ended = app.ended(key).finally(() => {
    isOver = true;
  });
  const steps: number[] = [];
  while (!isOver) {
    const weights = await alias('hello').then(
      ({ weights }) => Object.values(weights),
      () => [],
    );
    if (weights.length > 0 && weights[0] !== steps.at(-1)) steps.push(weights[0]!);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    ...(await ended),
    steps,
    hello: await answersOf(STACK, 'hello'),
    bye: await answersOf(STACK, 'bye'),
    aliases: await Promise.all(['hello', 'bye', 'check'].map(alias)),
  };
}
const text = (id: string, body: string) => ({ [`api/${id}.js`]: answering(body) });

beforeAll(async () => {
  app = await anApp('shift', 'prod');
  first = await release({
    ...(aService(API) as Record<string, string>),
    'api/check.js': CHECK,
    'api/report.js': REPORT,
  });
  direct = await release({ ...text('hello', 'hello B'), ...text('bye', 'bye B') });
  refused = await release({ ...text('hello', 'hello C'), ...text('bye', 'bad bye') });
  full = await release({
    ...text('bye', 'bye D'),
    'api/serverless.yml': serverlessYml({ ...API, environment: { GREETING: 'warm' } }),
  });
}, PATIENCE);
afterAll(() => app.remove());

const shiftsOf = ({ services }: Seen) =>
  Object.fromEntries(
    (services.api?.decision?.shifts ?? []).map(({ logicalId, shift, because }) => [
      logicalId,
      because?.code ?? shift.kind,
    ]),
  );

describe('the first release', () => {
  it('moves at once, since nothing served before', () => {
    expect(first).toMatchObject({ status: 'succeeded', steps: [] });
    expect(first.hello).toEqual(everywhere('hello A'));
  });
});

describe('a direct update', () => {
  it('moves traffic step by step, and then all of it', () => {
    expect(direct).toMatchObject({ status: 'succeeded', services: { api: { decision: { kind: 'incremental' } } } });
    expect(shiftsOf(direct)).toEqual({ HelloLambdaFunction: 'linear', ByeLambdaFunction: 'linear' });
    expect(direct.steps).toEqual([0.25, 0.5, 0.75]);
    expect(direct.hello).toEqual(everywhere('hello B'));
    expect(direct.bye).toEqual(everywhere('bye B'));
    expect(direct.aliases).toEqual([whole('2'), whole('2'), whole('1')]);
  });
});

describe('a version that its hook refuses', () => {
  it('gets no traffic, nor do the others of its service, and the release says why', () => {
    expect(refused).toMatchObject({ status: 'failed', steps: [] });
    expect(refused.services.api!.error).toEqual({
      code: 'ShiftFailed',
      message: expect.stringMatching(
        /function ByeLambdaFunction: the pre-traffic hook failed: Error: version 3 of shift-api-prod-bye in prod answers "bad bye".*all functions of the service return/,
      ),
    });
    expect(refused.hello).toEqual(everywhere('hello B'));
    expect(refused.bye).toEqual(everywhere('bye B'));
    expect(refused.aliases).toEqual([whole('2'), whole('2'), whole('1')]);
  });
});

describe('a change of the template', () => {
  it('moves traffic the same way, with a new version of everything', () => {
    expect(full).toMatchObject({ status: 'succeeded', services: { api: { decision: { kind: 'full' } } } });
    expect(full.steps).toEqual([0.25, 0.5, 0.75]);
    expect(full.hello).toEqual(everywhere('hello C'));
    expect(full.bye).toEqual(everywhere('bye D'));
    expect(shiftsOf(full)).toEqual({
      HelloLambdaFunction: 'linear',
      ByeLambdaFunction: 'linear',
      CheckLambdaFunction: 'hook-of-the-service',
      ReportLambdaFunction: 'hook-of-the-service',
    });
    for (const one of full.aliases) expect(one).toMatchObject({ weights: {} });
  });
});

it('leaves no deployment open', async () => {
  const application = applicationName({ app: 'shift', stage: 'prod' }, 'api');
  for (const id of ['HelloLambdaFunction', 'ByeLambdaFunction']) {
    const { deployments } = await codeDeployClient().send(
      new ListDeploymentsCommand({
        applicationName: application,
        deploymentGroupName: groupName(id),
        includeOnlyStatuses: ['Created', 'Queued', 'InProgress', 'Ready', 'Baking'],
      }),
    );
    expect({ id, deployments }).toEqual({ id, deployments: [] });
  }
});
