import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StatusEvent } from '../../lambdas/record/finish';
import { RepositoryEvent } from '../../lambdas/trigger/push';
import type { EmitEvent } from '../../lib/local/calls/event-delivery';
import { BuildRecord, type Project } from '../../lib/local/codebuild/build-record';
import { ReferenceEvents } from '../../lib/local/codecommit/reference-events';
import { Repositories } from '../../lib/local/codecommit/repositories';
import { Announcements } from '../../lib/local/codedeploy/announcements';
import { DeploymentRecord, type DeploymentRequest } from '../../lib/local/codedeploy/deployment-record';
import { NOTHING } from '../../lib/local/git/moved-references';
import { missing, registeredFields, strangers } from './event-registry';
import { fieldsOf, fieldsRead } from './fields';

const PLACE = { accountId: '111122223333', region: 'eu-central-1' };
const CALLER = { ...PLACE, accessKey: 'key', arn: 'arn:aws:sts::111122223333:assumed-role/Seedbed-StartBuild/start' };

type Event = Parameters<EmitEvent>[1];

/** @returns the events that a double emits */
async function emitted(act: (emit: EmitEvent) => Promise<unknown>): Promise<readonly Event[]> {
  const events: Event[] = [];
  await act(async (_, event) => void events.push(event));
  expect(events.length).toBeGreaterThan(0);
  return events;
}

const PROJECT: Project = {
  name: 'seedbed-shop-dev',
  arn: 'arn:aws:codebuild:eu-central-1:111122223333:project/seedbed-shop-dev',
  source: { type: 'NO_SOURCE', buildspec: 'version: 0.2' },
  environment: {
    type: 'ARM_CONTAINER',
    image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0',
    computeType: 'BUILD_GENERAL1_LARGE',
    environmentVariables: [{ name: 'RELEASE_ID', value: 'r-1', type: 'PLAINTEXT' }],
  },
};

/** Of a build from its beginning to its end. */
const ofABuild = () =>
  emitted(async (emit) => {
    const build = new BuildRecord(PROJECT, CALLER, 1, emit);
    build.begin('BUILD');
    await build.announce();
    build.finish('BUILD', 'FAILED', { statusCode: 'COMMAND_EXECUTION_ERROR', message: 'exit status 1' });
    await build.end('FAILED');
  });

/** Of a branch that comes, moves and goes. */
const ofABranch = () =>
  emitted(async (emit) => {
    const root = mkdtempSync(join(tmpdir(), 'seedbed-events-'));
    try {
      const repositories = new Repositories(root, 'http://127.0.0.1:1');
      await repositories.create('shop');
      const [one, two] = ['1', '2'].map((digit) => digit.repeat(40)) as [string, string];
      const moves = [
        { before: NOTHING, after: one },
        { before: one, after: two },
        { before: two, after: NOTHING },
      ];
      const moved = moves.map((move) => ({ ...move, name: 'refs/heads/main' }));
      await new ReferenceEvents(repositories, PLACE, emit).announce('shop', moved, CALLER.arn);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

/** Of a deployment that begins, and of its ends. */
const ofADeployment = () =>
  emitted(async (emit) => {
    const group = { deploymentGroupId: 'an-id', deploymentGroupName: 'List', triggerConfigurations: [] };
    const request = { ...PLACE, applicationName: 'seedbed-shop', group } as unknown as DeploymentRequest;
    const record = new DeploymentRecord(request, { now: () => 0, sleep: async () => {} });
    const announcements = new Announcements({} as ConstructorParameters<typeof Announcements>[0], emit);
    for (const news of ['started', 'Succeeded', 'Failed', 'Stopped'] as const) announcements.tell(record, news);
    await announcements.end();
  });

describe('what a double emits is in EventBridge’s registry of schemas, with the types it has there', () => {
  it.each([
    ['CodeBuild', ofABuild],
    ['CodeCommit', ofABranch],
    ['CodeDeploy', ofADeployment],
  ])('%s', async (_, make) => {
    for (const { source, detailType, detail } of await make()) {
      expect(strangers(fieldsOf(detail), registeredFields(source, detailType))).toEqual([]);
    }
  });
});

describe('what the registry requires, a double emits', () => {
  it.each([
    ['CodeBuild', ofABuild, ['additional-information.network-interface', 'additional-information.vpc-config']],
    ['CodeCommit', ofABranch, []],
    ['CodeDeploy', ofADeployment, []],
  ])('%s', async (_, make, without) => {
    for (const { source, detailType, detail } of await make()) {
      expect(missing(fieldsOf(detail), registeredFields(source, detailType))).toEqual(without);
    }
  });
});

it.each([
  // The rule lets only events in that have them: those about a reference.
  ['push', RepositoryEvent, 'aws.codecommit', 'CodeCommit Repository State Change', ['referenceName', 'referenceType']],
  ['finish', StatusEvent, 'aws.states', 'Step Functions Execution Status Change', []],
])('the worker %s requires what AWS requires', (_, schema, source, detailType, ensured) => {
  const registered = registeredFields(source, detailType);
  const required = [...fieldsRead(schema.shape.detail)].filter(([, field]) => field.required);
  expect(required.length).toBeGreaterThan(0);
  expect(strangers(new Map(required), registered)).toEqual([]);
  const mayLack = required.map(([path]) => path).filter((path) => !registered.get(path)!.required);
  expect(mayLack.sort()).toEqual(ensured);
});
