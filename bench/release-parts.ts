import { BatchGetBuildsCommand } from '@aws-sdk/client-codebuild';
import { paginateGetExecutionHistory } from '@aws-sdk/client-sfn';
import { codeBuildClient } from '../lib/aws/clients/codebuild';
import { stepFunctionsClient } from '../lib/aws/clients/step-functions';
import { serviceExecutionName } from '../lib/core/contracts/execution-name';
import { type BenchApp, type MeasuredPush, SERVICE } from './bench-app';

/** What a release spent its time on, one after the other; milliseconds by part. */
export type Parts = Readonly<Record<string, number>>;

/** Begin and end of each state of an execution, in epoch milliseconds, by name. */
export type Times = Readonly<Record<string, readonly [entered: number, exited: number]>>;

export const PACKAGING = 'packaging';

/** @returns the parts of a push that changed one handler, from `git push` to the end of its release. */
export async function deployParts({ app }: BenchApp, push: MeasuredPush): Promise<Parts> {
  const [release, service, build] = await Promise.all([
    timesOf(push.executionArn!),
    timesOf(app.platform.serviceExecutions.arnOf(serviceExecutionName(push.release, SERVICE))),
    phasesOf(push.services[SERVICE]!.buildId!),
  ]);
  return between([
    ['begin', push.pushed[0]],
    ['push: git, hook, event', Date.parse(push.release.requestedAt)],
    ['trigger: accept, lock, start', release.start![0]],
    ['execution starts', release.Plan![0]],
    ['plan', release.Plan![1]],
    ["service's execution starts", service['Begin build']![0]],
    ['start build: worker, source, environment', build.BUILD!],
    [PACKAGING, build.POST_BUILD!],
    ['build ends', build.COMPLETED!],
    ['wait for build: the watcher, a look a second', service['Wait for build']![1]],
    ['decide', service.Decide![1]],
    ['prepare: update, wait, read', service['Prepare versions']![1]],
    ['shift: alias moved', service['Move aliases']![1]],
    [RECORD, service.Record![1]],
    [FINISH, Date.parse(push.finishedAt!)],
  ]);
}

/** @returns the parts of a push that changed nothing. */
export async function nothingParts(push: MeasuredPush): Promise<Parts> {
  const release = await timesOf(push.executionArn!);
  return between([
    ['begin', push.pushed[0]],
    ['push: git, hook, event', Date.parse(push.release.requestedAt)],
    ['trigger: accept, lock, start', release.start![0]],
    ['execution starts', release.Plan![0]],
    ['plan', release.Plan![1]],
    [FINISH, Date.parse(push.finishedAt!)],
  ]);
}

const RECORD = 'record';
const FINISH = 'finish';
/** What comes after the alias has moved. */
export const AFTERWARDS: readonly string[] = [RECORD, FINISH];

function between(marks: readonly (readonly [string, number])[]): Parts {
  return Object.fromEntries(marks.slice(1).map(([name, at], index) => [name, at - marks[index]![1]]));
}

/** @returns when the states of an execution began and ended: the first time and the last. */
export async function timesOf(executionArn: string): Promise<Times> {
  const client = stepFunctionsClient();
  const pages = paginateGetExecutionHistory({ client, pageSize: 1000 }, { executionArn, includeExecutionData: false });
  const times: Record<string, [number, number]> = {};
  for await (const { events = [] } of pages) {
    for (const { type, timestamp, stateEnteredEventDetails: entered, stateExitedEventDetails: exited } of events) {
      const at = timestamp!.getTime();
      if (type === 'ExecutionStarted') times.start = [at, at];
      if (entered?.name) times[entered.name] ??= [at, at];
      if (exited?.name && times[exited.name]) times[exited.name]![1] = at;
    }
  }
  return times;
}

async function phasesOf(buildId: string): Promise<Readonly<Record<string, number>>> {
  const { builds } = await codeBuildClient().send(new BatchGetBuildsCommand({ ids: [buildId] }));
  return Object.fromEntries(
    (builds![0]!.phases ?? []).map(({ phaseType, startTime }) => [phaseType!, startTime!.getTime()]),
  );
}
