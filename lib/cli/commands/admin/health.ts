import type { Command } from 'commander';
import type { WatchedAlarm } from '../../../aws/callers/cloudwatch-health';
import type { CalledWorkerKey } from '../../../core/contracts/called-workers';
import type { CodeStorage } from '../../../core/contracts/state';
import { constructName } from '../../../core/contracts/worker-declaration';
import { percentUsed } from '../../../core/record/code-storage';
import type { PlatformAdmin } from '../../platform/connect-admin';
import {
  checkPlatformOptions,
  PLATFORM_HELP,
  type PlatformOptions,
  platformOptions,
  printJson,
  printLines,
} from '../../platform/platform-options';
import { EXIT, ToldFailure } from '../../platform/run-command';
import type { World } from '../../platform/world';
import { cleanDeep } from '../../show/clean-text';
import { describeAgo } from '../../show/describe-release';
import { describeStorage } from '../../show/describe-storage';
import { type Paint, paintFor } from '../../show/paint';

/** How the platform itself is. */
interface Health {
  readonly alarms: readonly WatchedAlarm[];
  readonly queues: readonly { readonly worker: CalledWorkerKey; readonly waiting: number; readonly inHand: number }[];
  /** Of the workers that run by the clock. */
  readonly runs: readonly { readonly worker: CalledWorkerKey; readonly lastRun?: string }[];
  readonly codeStorage: readonly CodeStorage[];
}

/** They look after all else: the one every five minutes, the other every quarter of an hour. */
const BY_THE_CLOCK: readonly CalledWorkerKey[] = ['sweep', 'reconcile'];

const HELP = `
Says what the alarms say: each that has gone off, and each that knows too little, with the heading of docs/operations.md
that helps; how many calls workers gave up; when Sweep and Reconcile ran last; how full Lambda's code storage is.

It works with your own rights in the platform's account: docs/security.md says which it takes.
${PLATFORM_HELP}
Exit code: 0 no alarm has gone off, 1 one has, or there is none that could, 2 the command was called wrongly.

Example:
  $ seedbed admin health
`;

/** Adds `seedbed admin health`: how the platform itself is. */
export function registerHealth(admin: Command, world: World): void {
  platformOptions(admin.command('health').description('say whether the platform itself is well'), {
    app: false,
    stage: false,
  })
    .addHelpText('after', HELP)
    .action(async (options: PlatformOptions) => {
      checkPlatformOptions(options);
      const health = cleanDeep(await world.openAdmin(options.local, readHealth));
      if (options.json) printJson(world, report(health));
      else printLines(world, describe(health, world.now(), paintFor(world.out)));
      const { alarms } = health;
      if (alarms.length === 0 || alarms.some(({ state }) => state === 'alarm')) throw new ToldFailure(EXIT.failed);
    });
}

async function readHealth({ alarms, workers, codeStorages }: PlatformAdmin): Promise<Health> {
  const queues = workers.map(async ({ key, givenUp }) => ({ worker: key, ...(await givenUp.count()) }));
  const runs = workers
    .filter(({ key }) => BY_THE_CLOCK.includes(key))
    .map(async (worker) => ({ worker: worker.key, lastRun: await worker.lastRun() }));
  return {
    alarms: await alarms(),
    queues: await Promise.all(queues),
    runs: await Promise.all(runs),
    codeStorage: await codeStorages.list(),
  };
}

/** What CloudFormation puts around the name that an alarm has in the code. */
const shortName = (name: string): string => /^Seedbed-(?:Alarms)?(\w+?)[0-9A-F]{8}-\w+$/.exec(name)?.[1] ?? name;

/** @returns what an alarm means, and the heading that helps */
function partsOf(description: string): { readonly means: string; readonly whatToDo?: string } {
  const [means = '', whatToDo] = description.split(' What to do: ');
  return { means, whatToDo };
}

function describe({ alarms, queues, runs, codeStorage }: Health, now: number, paint: Paint): string[] {
  const of = (wanted: WatchedAlarm['state']) => alarms.filter(({ state }) => state === wanted);
  const [raised, unknown] = [of('alarm'), of('insufficient-data')];
  const ago = (at?: string) => (at === undefined ? '' : `, ${describeAgo(at, now)}`);
  const line = ({ name, since, description }: WatchedAlarm, mark: string): string[] => {
    const { means, whatToDo } = partsOf(description);
    return [`${mark} ${shortName(name)}${ago(since)}: ${means}`, ...(whatToDo ? [`    → ${whatToDo}`] : [])];
  };
  const gaveUp = queues.filter(({ waiting, inHand }) => waiting + inHand > 0);
  return [
    alarms.length === 0
      ? `${paint.red('✖')} the platform has no alarm: deploy it again with: npx cdk deploy --all`
      : `${alarms.length} alarms: ${raised.length} gone off, ${unknown.length} without enough data`,
    ...raised.flatMap((alarm) => line(alarm, paint.red('✖'))),
    ...unknown.flatMap((alarm) => line(alarm, paint.yellow('?'))),
    ...(gaveUp.length === 0 ? ['no worker has given up a call'] : []),
    ...gaveUp.map(
      ({ worker, waiting, inHand }) =>
        `${constructName(worker)} has given up about ${waiting + inHand} calls; see them with: ` +
        `npx seedbed admin redrive --worker ${worker} --dry-run`,
    ),
    ...runs.map(({ worker, lastRun }) =>
      lastRun === undefined
        ? `${constructName(worker)} has not run in the last three hours`
        : `${constructName(worker)} ran last: ${describeAgo(lastRun, now)}`,
    ),
    ...codeStorage.map((storage) => describeStorage(storage, now)),
  ];
}

const report = ({ alarms, codeStorage, ...rest }: Health) => ({
  healthy: alarms.length > 0 && alarms.every(({ state }) => state !== 'alarm'),
  alarms: alarms.map(({ description, ...alarm }) => ({ ...alarm, ...partsOf(description) })),
  ...rest,
  codeStorage: codeStorage.map((storage) => ({ ...storage, percent: percentUsed(storage) })),
});
