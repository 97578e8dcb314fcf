import { randomUUID } from 'node:crypto';
import { type DeploymentStatus, ListDeploymentsCommand } from '@aws-sdk/client-codedeploy';
import { GetAliasCommand } from '@aws-sdk/client-lambda';
import { codeDeployClient } from '../../lib/aws/clients/codedeploy';
import { lambdaClient } from '../../lib/aws/clients/lambda';
import { applicationName, groupName } from '../../lib/core/contracts/code-deploy-names';
import { answering, aService, type ServiceOptions } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { answersOf, buildsOf, everywhere } from './live';

jest.setTimeout(PATIENCE);

/** A stage whose owner demands a canary of twenty minutes, which are twenty seconds on this local cloud. */
const STACK = 'rollback-shift-prod';
const SERVICE: ServiceOptions = {
  path: '.',
  name: 'rollback-shift',
  api: true,
  functions: { hello: 'hello A', bye: 'bye A' },
};
const STAGE = { app: 'rollback-shift', stage: 'prod' };
const IDS = ['hello', 'bye'];

const alias = async (id: string) => {
  const found = await lambdaClient().send(new GetAliasCommand({ FunctionName: `${STACK}-${id}`, Name: 'live' }));
  return { version: found.FunctionVersion, weights: found.RoutingConfig?.AdditionalVersionWeights ?? {} };
};
const aliases = () => Promise.all(IDS.map(alias));

const OPEN = ['Created', 'Queued', 'InProgress', 'Ready'] as const;

/** @returns the ids of CodeDeploy's deployments of the service; of those in these states only, if some are given */
async function deployments(includeOnlyStatuses?: readonly DeploymentStatus[]): Promise<readonly string[]> {
  const client = codeDeployClient();
  const lists = await Promise.all(
    ['HelloLambdaFunction', 'ByeLambdaFunction'].map((id) =>
      client.send(
        new ListDeploymentsCommand({
          applicationName: applicationName(STAGE, '.'),
          deploymentGroupName: groupName(id),
          includeOnlyStatuses: includeOnlyStatuses && [...includeOnlyStatuses],
        }),
      ),
    ),
  );
  return lists.flatMap(({ deployments = [] }) => deployments);
}

let app: AnApp;
interface Step extends Seen {
  readonly aliases: Awaited<ReturnType<typeof aliases>>;
  readonly hello: Awaited<ReturnType<typeof answersOf>>;
}
const step = async (seen: Seen): Promise<Step> => ({
  ...seen,
  aliases: await aliases(),
  hello: await answersOf(STACK, 'hello'),
});
type Ended = Step & { readonly open: readonly string[] };
/** After a shift; before the first one there is nothing to ask CodeDeploy. */
const shifted = async (seen: Seen): Promise<Ended> => ({ ...(await step(seen)), open: await deployments(OPEN) });
const rollBack = (more = {}) => app.platform.workers.startRollback({ ...STAGE, requestId: randomUUID(), ...more });
const push = (text: string) =>
  app.push({ 'hello.js': answering(`hello ${text}`), 'bye.js': answering(`bye ${text}`) }, { branch: 'production' });

let first: Step;
let stops: string | undefined;
let bad: Seen;
let stopped: Ended;
let good: Ended;
let back: Ended;
let gradual: readonly string[];

beforeAll(async () => {
  app = await anApp('rollback-shift', 'prod');
  const firstPush = await app.push(aService(SERVICE), { branch: 'production' });
  first = await step(await app.ended(await app.releaseOf(firstPush)));

  const shifting = await app.releaseOf(await push('B'));
  for (;;) {
    const now = await aliases();
    if (now.every(({ weights }) => Object.keys(weights).length > 0)) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  stops = (await rollBack({ dryRun: true })).preview.stops;
  const { started } = await rollBack();
  bad = await app.ended(shifting);
  stopped = await shifted(await app.ended({ ...STAGE, id: started!.releaseId }));

  good = await shifted(await app.ended(await app.releaseOf(await push('C'))));
  gradual = await deployments();
  const { started: second } = await rollBack();
  back = await shifted(await app.ended({ ...STAGE, id: second!.releaseId }));
}, PATIENCE);
afterAll(() => app.remove());

describe('a rollback while a bad release is shifting', () => {
  it('stops that release: nothing of it serves any more, and no deployment is left', () => {
    expect(stops).toBe(bad.release.id);
    expect(bad).toMatchObject({ status: 'aborted', services: { '.': { status: 'failed' } } });
    expect(stopped.status).toBe('succeeded');
    expect(stopped.release.rollback).toMatchObject({ to: first.release.id });
    // What a stopped release has touched nobody knows: the package of before is deployed in full, as new versions.
    expect(stopped.aliases.map(({ weights }) => weights)).toEqual([{}, {}]);
    expect(stopped.hello).toEqual(everywhere('hello A'));
    expect(stopped.open).toEqual([]);
  });

  it('builds nothing', async () => {
    expect(await buildsOf(stopped.release.id)).toEqual([]);
  });
});

describe('a rollback from a release that has shifted', () => {
  it('moves at once, though the stage demands a canary', async () => {
    expect(good).toMatchObject({ status: 'succeeded', open: [] });
    expect(good.hello).toEqual(everywhere('hello C'));
    expect(back).toMatchObject({ status: 'succeeded', open: [] });
    expect(back.services['.']!.decision!.shifts!.map(({ because }) => because!.code)).toEqual(['rollback', 'rollback']);
    expect(back.hello).toEqual(everywhere('hello A'));
    expect(back.aliases.map(({ weights }) => weights)).toEqual([{}, {}]);
    // Nothing was left to CodeDeploy, which alone moves step by step.
    expect(gradual.length).toBeGreaterThan(0);
    expect(await deployments()).toEqual(gradual);
  });
});
