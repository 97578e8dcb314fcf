import { Command } from 'commander';
import type { PlatformAdmin } from '../../lib/cli/platform/connect-admin';
import type { Platform } from '../../lib/cli/platform/connect-platform';
import { runCommand } from '../../lib/cli/platform/run-command';
import type { World } from '../../lib/cli/platform/world';
import type { AppConfig } from '../../lib/core/contracts/app-config';
import type { Diagnosis } from '../../lib/core/contracts/diagnosis';
import type {
  CancelInput,
  HoldInput,
  PreviewInput,
  RemoveStageInput,
  ResumeInput,
  StartReleaseInput,
} from '../../lib/core/contracts/payloads';
import type { Release } from '../../lib/core/contracts/release';
import type { Plan, ReleaseRecord, ServiceRecord } from '../../lib/core/contracts/state';
import { memoryApps } from '../../lib/memory/memory-apps';
import { memoryCodeStorages } from '../../lib/memory/memory-code-storages';
import { memoryEnvironments } from '../../lib/memory/memory-environments';
import { memoryExecutions } from '../../lib/memory/memory-executions';
import { memoryReleaseBuilds } from '../../lib/memory/memory-release-builds';
import { memoryReleases } from '../../lib/memory/memory-releases';
import { memoryServiceStates } from '../../lib/memory/memory-service-states';
import { memoryStages } from '../../lib/memory/memory-stages';
import type { LogLine } from '../../lib/ports/build-logs';
import type { CodeStorages } from '../../lib/ports/code-storages';
import type { StateEvent } from '../../lib/ports/execution-history';
import type { ReleaseBuilds } from '../../lib/ports/release-builds';
import type { Releases } from '../../lib/ports/releases';
import type { Stages } from '../../lib/ports/stages';
import { aRelease, COMMIT } from '../builders';
import { anApp, NOW } from '../memory-platform';

/** Adds commands to a program, in a world. */
export type Register = (program: Command, world: World) => unknown;

/** What tests put into the platform, and no command may. */
interface Written {
  readonly releases: Releases;
  readonly stages: Stages;
  readonly codeStorages: CodeStorages;
  readonly releaseBuilds: ReleaseBuilds;
}

export interface Called {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Ids of releases, oldest first. */
export const IDS = ['A', 'B', 'C', 'D', 'E', 'F'].map((letter) => `01K${'0'.repeat(15)}${letter.repeat(8)}`);
const at = (minutesAgo: number): string => new Date(NOW - minutesAgo * 60_000).toISOString();

/** A platform in memory, what was asked of its workers, and a way to call commands on it. */
export function aWorld(
  register: Register,
  {
    apps = [anApp()],
    columns,
    directory = '/',
    admin,
  }: {
    readonly apps?: readonly AppConfig[];
    readonly columns?: number;
    readonly directory?: string;
    readonly admin?: PlatformAdmin;
  } = {},
) {
  const asked: { worker: string; input: unknown }[] = [];
  const answers: string[] = [];
  const whileAsleep: (() => unknown)[] = [];
  const logs = new Map<string, readonly LogLine[]>();
  const histories = new Map<string, readonly StateEvent[]>();
  const findings: Diagnosis['findings'] = [];
  const releases = memoryReleases();
  const serviceStates = memoryServiceStates();
  const stages = memoryStages();
  const codeStorages = memoryCodeStorages();
  const executions = memoryExecutions('Release');
  const plan: { current: Plan } = { current: { phases: [], skip: [] } };

  /** Puts a release into the history and brings it to this status. */
  async function release(more: Partial<Release> = {}, end: Partial<ReleaseRecord> = {}): Promise<Release> {
    const one = aRelease({
      id: IDS[0],
      requestedAt: at(10),
      ...more,
      trigger: { type: 'push', id: more.id ?? 'x', by: 'arn:aws:iam::1:user/ada', ...more.trigger },
    });
    const { status = 'succeeded' } = end;
    await releases.accept(one, await releases.queue(one));
    if (status === 'waiting') return one;
    await releases.takeLock(one, at(9));
    await releases.recordExecution(one, executions.arnOf(one.id));
    if (end.plan) await releases.recordPlan(one, end.plan, at(9));
    if (status === 'succeeded' || status === 'failed' || status === 'aborted') {
      await releases.end(one, { status, finishedAt: at(8), durations: { build: 1_000 }, error: end.error });
    }
    return one;
  }

  /** What a service came to in a release. */
  const deployed = (of: Release, path: string, more: Partial<ServiceRecord> = {}) =>
    serviceStates.endService(
      of,
      { status: more.status === 'failed' ? 'failed' : 'deployed', commit: of.commit, outputs: more.outputs },
      { path, status: 'deployed', planned: [], functions: [], outputs: {}, durations: {}, ...more },
    );

  /** A worker that starts a release which succeeds at once. */
  const start = async (worker: string, input: object, more: Partial<Release> = {}) => {
    asked.push({ worker, input });
    const { app, stage } = input as { app: string; stage: string };
    await release({ app, stage, id: IDS[5], ...more });
    return { releaseId: IDS[5]!, status: 'running' as const };
  };

  const platform = {
    releases,
    serviceStates,
    stages,
    codeStorages,
    executions,
    apps: memoryApps(apps),
    environments: memoryEnvironments(),
    serviceExecutions: memoryExecutions('ServiceRelease'),
    watchers: memoryExecutions('Watcher'),
    releaseBuilds: memoryReleaseBuilds(),
    progress: { ofRelease: async () => ({ status: 'running', entered: [] }), ofServices: async () => [] },
    history: { read: async (arn: string) => histories.get(arn) ?? [] },
    buildLogs: {
      read: async (id: string, after?: string) => ({
        lines: after === undefined ? (logs.get(id) ?? []) : [],
        next: 'end',
      }),
    },
    workers: {
      startRelease: (input: StartReleaseInput) => start('start', input),
      removeStage: (input: RemoveStageInput) =>
        start('remove', input, { remove: { emptyBuckets: input.emptyBuckets === true } }),
      async previewRelease(input: PreviewInput) {
        asked.push({ worker: 'preview', input });
        return { commit: COMMIT, plan: plan.current };
      },
      async holdServices(input: HoldInput) {
        asked.push({ worker: 'hold', input });
        const held = { commit: COMMIT, at: at(0), why: input.why };
        const all = await serviceStates.list(input);
        const wanted = all.filter(({ path }) => input.service === undefined || path === input.service);
        for (const { path } of wanted) await serviceStates.hold(input, path, held);
        return { services: wanted.map(({ path }) => ({ path, held })), running: undefined };
      },
      async resumeServices(input: ResumeInput) {
        asked.push({ worker: 'resume', input });
        const held = (await serviceStates.list(input)).flatMap((state) =>
          state.held ? [{ path: state.path, held: state.held }] : [],
        );
        for (const { path, held: hold } of held) await serviceStates.endHold(input, path, hold);
        return { services: held };
      },
      async cancelRelease(input: CancelInput) {
        asked.push({ worker: 'cancel', input });
        const [newest] = await releases.latest(input, 1);
        const id = input.releaseId ?? newest!.release.id;
        const was = await releases.cancel({ ...input, id }, { by: 'ada', at: at(0) });
        const error = { code: 'Cancelled', message: 'cancelled by ada; nothing was begun' };
        await releases.end({ ...input, id }, { status: 'aborted', finishedAt: at(0), error });
        return { releaseId: id, was: was === 'waiting' ? ('waiting' as const) : ('running' as const) };
      },
      diagnose: async (app: string): Promise<Diagnosis> => ({ app, repository: apps[0]!.repository, findings }),
    },
  } as unknown as Platform & Written;

  /** Calls a command as the command line does. */
  async function call(...args: string[]): Promise<Called> {
    const text = { out: '', err: '' };
    const stream = (name: 'out' | 'err') =>
      ({
        write: (more: string) => {
          text[name] += more;
          return true;
        },
        columns: name === 'out' ? columns : undefined,
      }) as unknown as NodeJS.WriteStream;
    const [out, err] = [stream('out'), stream('err')];
    const ask = async () => {
      const answer = answers.shift();
      if (answer === undefined) throw new Error('nobody answers');
      return answer;
    };
    const world: World = {
      out,
      err,
      directory,
      now: () => NOW,
      sleep: async () => void (await whileAsleep.shift()?.()),
      open: (_, work) => work(platform),
      openAdmin: (_, work) => work(admin!),
      ask: answers.length > 0 ? ask : undefined,
      secret: ask,
    };
    const program = new Command('seedbed')
      .exitOverride()
      .configureOutput({ writeOut: (more) => out.write(more), writeErr: (more) => err.write(more) });
    register(program, world);
    const status = await runCommand(
      async () => {
        await program.parseAsync(args, { from: 'user' });
        return 0;
      },
      (more) => err.write(more),
    );
    return { status, ...text };
  }

  const json = async (...args: string[]) => JSON.parse((await call(...args, '--json')).out);
  return { platform, asked, answers, whileAsleep, logs, histories, findings, plan, release, deployed, call, json, at };
}
