import type { CallCount } from '../../lib/local/gateway/call-log';
import type { FaultCount, FaultKind, FaultRule } from '../../lib/local/gateway/faults';

/** A kind of call that a worker makes. */
export interface WorkerCall {
  /** The worker, as its construct is called: `StartShift`. */
  readonly worker: string;
  /** What the ARN of the caller's identity ends with. */
  readonly caller: string;
  readonly service: string;
  readonly operation: string;
}

/** @returns the call in words; unique. */
export const nameOf = ({ worker, service, operation }: WorkerCall): string => `${worker}: ${service} ${operation}`;

const ask = async <T>(path: string, method = 'GET', body?: object): Promise<T> => {
  const response = await fetch(`${process.env.AWS_ENDPOINT_URL}/_seedbed/${path}`, {
    method,
    body: body && JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
  return (await response.json()) as T;
};

/** @returns whether a call changes nothing. */
export const isRead = ({ operation }: WorkerCall): boolean =>
  /^(Get|List|Describe|Query|Scan|Head|BatchGet|AssumeRole)/.test(operation);

/** Forgets the calls so far. */
export const forgetCalls = () => ask('calls/reset', 'POST');

/** Workers that come in their own time after a release, and of which no release knows. */
const APART: readonly string[] = ['Prune'];

/** @returns all kinds of calls that workers of the platform have made for releases, each once. */
export async function workerCalls(): Promise<readonly WorkerCall[]> {
  const calls = (await ask<readonly CallCount[]>('calls')).flatMap(({ caller = '', service, operation }) => {
    const session = /:assumed-role\/[^/]+\/(.+)$/.exec(caller)?.[1] ?? '';
    const worker = workerOf(session);
    return worker === undefined || APART.includes(worker)
      ? []
      : [{ worker, caller: `/${session}`, service, operation }];
  });
  return [...new Map(calls.map((call) => [nameOf(call), call])).values()];
}

/** @returns the worker behind a role session: of its own role, or of the target's deploy role. */
function workerOf(session: string): string | undefined {
  const ofFunction = /^Seedbed-\w+?Workers(\w+?)Function[0-9A-F]{8}/.exec(session)?.[1];
  const ofTarget = /^seedbed-([a-z-]+)$/.exec(session)?.[1];
  const camel = ofTarget?.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return ofFunction ?? camel ?? /^CodeDeployHook_Seedbed(\w+)$/.exec(session)?.[1];
}

/** How often a fault happens: often enough that the SDK's own attempts do not do; a worker that is gone is gone. */
const TIMES: Readonly<Record<FaultKind, number>> = {
  throttle: 5,
  error: 5,
  'no-body': 5,
  reset: 5,
  'half-answer': 1,
  'timeout-before': 1,
  'timeout-after': 1,
  'kill-before': 1,
  'kill-after': 1,
};

/** Lets the next such call fail. */
export function inject({ caller, service, operation }: WorkerCall, kind: FaultKind): Promise<unknown> {
  const rule: Partial<FaultRule> = { caller, service, operation, kind, times: TIMES[kind] };
  return ask('faults', 'POST', rule);
}

/** @returns what came of the faults, in the order in which they were injected. */
export const injected = () => ask<readonly FaultCount[]>('faults');

/** Lets all calls pass again. */
export const heal = () => ask('faults', 'DELETE');

/** The workers whose calls `reliability-deploy` covers. */
export const DEPLOY_WORKERS: readonly string[] = [
  'Decide',
  'Finish',
  'MoveAliases',
  'Plan',
  'PrepareFunctions',
  'Push',
  'ReadFunctions',
  'Record',
  'StartBuild',
  'StartStackUpdate',
  'Sweep',
  'Watch',
];
