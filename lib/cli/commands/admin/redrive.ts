import type { Command } from 'commander';
import { CALLED_WORKERS } from '../../../core/contracts/called-workers';
import { constructName } from '../../../core/contracts/worker-declaration';
import { type GivenUpCall, readGivenUpCall } from '../../../core/record/read-given-up-call';
import type { HookAnswer } from '../../../core/shift/judge-hook';
import { boundText } from '../../../core/text/bound-text';
import { useInstead } from '../../../core/text/nearest';
import type { HeldMessage } from '../../../ports/given-up-calls';
import type { AdminWorker } from '../../platform/connect-admin';
import {
  checkPlatformOptions,
  PLATFORM_HELP,
  type PlatformOptions,
  platformOptions,
  printJson,
  printLines,
} from '../../platform/platform-options';
import { EXIT, ToldFailure, UsageError } from '../../platform/run-command';
import type { World } from '../../platform/world';
import { cleanDeep } from '../../show/clean-text';
import { describeAgo } from '../../show/describe-release';

interface RedriveOptions extends PlatformOptions {
  readonly worker?: string;
  readonly dryRun?: true;
}

/** A message, what it says, and what came of it. */
interface Redriven {
  readonly message: HeldMessage;
  readonly call: GivenUpCall;
  readonly outcome: 'found' | 'made' | 'failed' | 'unreadable' | 'taken';
  /** Why it failed this time. */
  readonly error?: string;
}

interface RedrivenWorker {
  readonly worker: AdminWorker;
  readonly calls: readonly Redriven[];
  /** Roughly, before anything was taken: what somebody else has in hand. */
  readonly inHand: number;
  /** Whether there may be more than one run takes. */
  readonly more: boolean;
}

/** They are held in memory, and in hand until their turn comes. */
const MOST = 1_000;
/** In characters. */
const LONGEST_WHY = 300;

const HELP = `
Calls that a worker did not manage in all its tries lie in its queue, for 14 days or one. This shows how many, since
when and why, calls the worker again with what it was called with, oldest first, and removes a message when the worker
has managed it. What fails again stays, and so does what cannot be read. A call that is made twice does nothing twice.
At most ${MOST} of a worker are taken in one run.

It works with your own rights in the platform's account: docs/security.md says which it takes.
${PLATFORM_HELP}
Exit code: 0 nothing is left of what lay there (with --dry-run: whatever lies there), 1 something failed again or cannot
be read, 2 the command was called wrongly.

Example:
  $ seedbed admin redrive --dry-run
  $ seedbed admin redrive --worker push
`;

/** Adds `seedbed admin redrive`: makes calls again that workers gave up. */
export function registerRedrive(admin: Command, world: World): void {
  platformOptions(admin.command('redrive').description('make calls again that workers gave up'), {
    app: false,
    stage: false,
  })
    .option('--worker <name>', `of one worker only: ${CALLED_WORKERS.join(', ')}`)
    .option('--dry-run', 'only show what lies there')
    .addHelpText('after', HELP)
    .action(async (options: RedriveOptions) => {
      checkPlatformOptions(options);
      const { worker } = options;
      const keys = worker === undefined ? CALLED_WORKERS : CALLED_WORKERS.filter((key) => key === worker.toLowerCase());
      if (keys.length === 0)
        throw new UsageError(
          `--worker: no worker "${worker}" has a queue of calls that it gave up; ${useInstead(worker!, CALLED_WORKERS)}`,
        );
      await world.openAdmin(options.local, ({ workers }) =>
        redriveAll(
          workers.filter(({ key }) => keys.includes(key)),
          options,
          world,
        ),
      );
    });
}

async function redriveAll(workers: readonly AdminWorker[], options: RedriveOptions, world: World): Promise<void> {
  const tell = (lines: readonly string[]) => (options.json ? undefined : printLines(world, lines.map(cleanDeep)));
  const done: RedrivenWorker[] = [];
  for (const worker of workers) {
    const { inHand } = await worker.givenUp.count();
    const messages = [...(await worker.givenUp.take(MOST))].sort((a, b) => (a.sentAt < b.sentAt ? -1 : 1));
    const found = messages.map((message) => ({ message, call: readGivenUpCall(message), outcome: 'found' as const }));
    const lying = { worker, calls: found, inHand, more: found.length >= MOST };
    tell(describeLying(lying, world.now()));
    const calls = await redrive(lying, options);
    if (!options.dryRun) tell(describeRedriven(calls));
    done.push({ ...lying, calls });
  }
  if (options.json) printJson(world, cleanDeep({ dryRun: options.dryRun === true, workers: done.map(report) }));
  else if (done.every(({ calls, inHand }) => calls.length + inHand === 0))
    printLines(world, ['no worker has given up a call']);
  const left = done
    .flatMap(({ calls }) => calls)
    .some(({ outcome }) => outcome === 'failed' || outcome === 'unreadable');
  if (left) throw new ToldFailure(EXIT.failed);
}

/** Makes calls again, one after the other. Whatever happens, what was taken and is not done lies there again. */
async function redrive(
  { worker, calls }: RedrivenWorker,
  { dryRun }: Pick<RedriveOptions, 'dryRun'>,
): Promise<readonly Redriven[]> {
  const done: Redriven[] = [];
  const toPutBack = new Set(calls.map(({ message }) => message));
  try {
    for (const one of dryRun ? [] : calls) {
      const result = await redriveOne(worker, one);
      if (result.outcome === 'made') toPutBack.delete(one.message);
      done.push(result);
    }
    return dryRun ? calls : done;
  } finally {
    for (const message of toPutBack) await worker.givenUp.putBack(message);
  }
}

async function redriveOne({ givenUp, call }: AdminWorker, one: Redriven): Promise<Redriven> {
  if (one.call.kind === 'unreadable') return { ...one, outcome: 'unreadable' };
  // Those before it may have taken long, and somebody else may have it by now.
  if (!(await givenUp.keepInHand(one.message))) return { ...one, outcome: 'taken' };
  const error = problemOf(await call(one.call.payload));
  if (error !== undefined) return { ...one, outcome: 'failed', error };
  await givenUp.remove(one.message);
  return { ...one, outcome: 'made' };
}

/** @returns why a worker did not manage a call; undefined if it did. */
function problemOf(answer: HookAnswer): string | undefined {
  switch (answer.outcome) {
    case 'returned':
      return undefined;
    case 'threw':
      return `${answer.type}: ${answer.message}`;
    case 'missing':
      return 'there is no such function; deploy the platform';
    case 'refused':
      return `Lambda did not run it: ${answer.reason}`;
  }
}

const counted = (count: number): string => `${count} ${count === 1 ? 'call' : 'calls'}`;

/** A line for each reason, most frequent first: an outage gives many calls one reason. */
function describeLying({ worker, calls, inHand, more }: RedrivenWorker, now: number): string[] {
  const elsewhere = inHand > 0 ? `; about ${inHand} more in somebody else's hand, for up to 16 minutes` : '';
  if (calls.length === 0) return inHand > 0 ? [`${constructName(worker.key)}: none to take${elsewhere}`] : [];
  const reasons = new Map<string, number>();
  for (const { call } of calls) {
    const why = call.kind === 'call' ? call.why : `cannot be read: ${call.why}`;
    reasons.set(why, (reasons.get(why) ?? 0) + 1);
  }
  const oldest = describeAgo(calls[0]!.message.sentAt, now);
  const rest = more ? `; there may be more: run it again` : '';
  return [
    `${constructName(worker.key)}: ${counted(calls.length)} given up, the oldest ${oldest}${elsewhere}${rest}`,
    ...[...reasons]
      .sort(([, a], [, b]) => b - a)
      .map(([why, count]) => `  ${count} × ${boundText(why, LONGEST_WHY).replace(/\s+/g, ' ')}`),
  ];
}

function describeRedriven(calls: readonly Redriven[]): string[] {
  if (calls.length === 0) return [];
  const of = (wanted: Redriven['outcome']) => calls.filter(({ outcome }) => outcome === wanted);
  const because = (text: string) => boundText(text, LONGEST_WHY).replace(/\s+/g, ' ');
  return [
    `  → ${counted(of('made').length)} made again`,
    ...of('failed').map(({ message, error }) => `  → stays, since it failed again: ${message.id}: ${because(error!)}`),
    ...of('unreadable').map(
      ({ message, call }) =>
        `  → stays, since it cannot be read: ${message.id}: ${call.kind === 'unreadable' ? call.why : ''}`,
    ),
    ...of('taken').map(({ message }) => `  → left to somebody else, who has taken it meanwhile: ${message.id}`),
  ];
}

const report = ({ worker, calls, inHand, more }: RedrivenWorker) => ({
  worker: worker.key,
  inHand,
  more,
  calls: calls.map(({ message, call, outcome, error }) => ({
    messageId: message.id,
    sentAt: message.sentAt,
    why: call.why,
    outcome,
    readable: call.kind === 'call',
    error,
  })),
});
