import { AwsError } from '../calls/aws-error';
import type { EmulatorClient } from '../calls/emulator-client';
import type { RoleSession } from '../calls/role-session';
import type { ReportUnforeseen } from '../calls/unforeseen';
import type { Clock } from '../processes/clock';
import { activeAlarms } from './alarms';
import type { Announcements } from './announcements';
import { type AppSpec, type HookMoment, parseAppSpec } from './app-spec';
import type { DeploymentRecord, ErrorInformation, LifecycleEventName } from './deployment-record';
import type { RollbackEvent } from './group-settings';
import { LambdaCalls } from './lambda-calls';
import { codeDeployRole } from './service-role';
import { trafficSteps } from './traffic-steps';

/** What all deployments share. */
export interface DeploymentHost {
  readonly emulator: EmulatorClient;
  readonly announcements: Announcements;
  readonly clock: Clock;
  /** By how much CodeDeploy's time is compressed: at 60 a minute takes a second. */
  readonly speed: number;
  /** Told of errors that nobody foresaw. */
  readonly report: ReportUnforeseen;
}

/** Why a running deployment is interrupted, as the reason of its AbortSignal. */
export type Interruption =
  | { readonly kind: 'stop'; readonly rollback: boolean | undefined }
  | { readonly kind: 'alarm'; readonly error: ErrorInformation }
  | { readonly kind: 'shutdown' };

/** How a deployment ended, and whether the alias is to go back. */
interface End {
  readonly status: 'Succeeded' | 'Failed' | 'Stopped';
  readonly error?: ErrorInformation;
  readonly rollsBack: boolean;
}

/** A deployment that cannot go on. */
class Failure extends Error {
  /** @param isBefore whether nothing has been touched yet, so that there is nothing to roll back */
  constructor(
    readonly code: string,
    message: string,
    readonly isBefore = false,
  ) {
    super(message);
  }
}

const HOOK_SECONDS = 3600;
const CALL_SECONDS = 300;
const ALARM_SECONDS = 5;
/** Even compressed, CloudWatch is asked no more often than this. */
const ALARM_LEAST_MS = 250;
const CALL_AGAIN_MS = 500;

/**
 * Runs one deployment, from reading its AppSpec file to its end, and keeps its record. Never rejects.
 * @returns whether another deployment is to take the alias back; the record has not ended then: see {@link Ending}
 */
export async function runDeployment(
  record: DeploymentRecord,
  host: DeploymentHost,
  control: AbortController,
): Promise<End | undefined> {
  const { signal } = control;
  const over = new AbortController();
  try {
    const spec = readSpec(record);
    const role = codeDeployRole(host.emulator, record);
    await role.credentials().catch((error: Error) => {
      throw new Failure('IAM_ROLE_PERMISSIONS', `${NO_ROLE} ${error.message}`, true);
    });
    const lambda = new LambdaCalls(host.emulator, role, record.request);
    if (!record.request.rollsBack) await checkLambda(spec, lambda);
    record.start();
    host.announcements.tell(record, 'started');
    if (await isAlarmed(record, { host, role, control })) signal.throwIfAborted();
    void watchAlarms(record, { host, role, control, over: over.signal });
    await runHook('BeforeAllowTraffic', { record, spec, host, lambda, signal });
    await during(record, 'AllowTraffic', () => allowTraffic({ record, spec, host, lambda, signal }));
    await runHook('AfterAllowTraffic', { record, spec, host, lambda, signal });
    signal.throwIfAborted();
    return { status: 'Succeeded', rollsBack: false };
  } catch (error) {
    const isForeseen = signal.aborted || error instanceof Failure || error instanceof AwsError;
    if (!isForeseen) host.report(`deployment ${record.id}`, error);
    return endOf(record, signal.aborted ? (signal.reason as Interruption) : undefined, error);
  } finally {
    over.abort();
  }
}

function endOf(record: DeploymentRecord, interruption: Interruption | undefined, error: unknown): End | undefined {
  const wants = (event: RollbackEvent) => {
    const { enabled, events = [] } = record.request.rollback;
    return !record.request.rollsBack && enabled === true && events.includes(event);
  };
  if (interruption?.kind === 'shutdown') return undefined;
  if (interruption?.kind === 'alarm')
    return { status: 'Stopped', error: interruption.error, rollsBack: wants('DEPLOYMENT_STOP_ON_ALARM') };
  if (interruption?.kind === 'stop')
    return {
      status: 'Stopped',
      error: { code: 'MANUAL_STOP', message: 'The deployment was stopped.' },
      rollsBack: !record.request.rollsBack && (interruption.rollback ?? wants('DEPLOYMENT_STOP_ON_REQUEST')),
    };
  const { code, message, isBefore } =
    error instanceof Failure ? error : new Failure('INTERNAL_ERROR', (error as Error).message);
  return { status: 'Failed', error: { code, message }, rollsBack: !isBefore && wants('DEPLOYMENT_FAILURE') };
}

const NO_ROLE = 'CodeDeploy does not have the permissions required to assume the role of the deployment group.';

/** What AWS says of every invalid AppSpec file; what is wrong with it follows. */
const WRONG_FILE =
  'The deployment failed because the AppSpec file that specifies the AWS Lambda deployment configuration ' +
  'is missing or has an invalid configuration.';
const wrongFile = (why: string) => new Failure('INVALID_LAMBDA_CONFIGURATION', `${WRONG_FILE} ${why}`, true);

function readSpec(record: DeploymentRecord): AppSpec {
  try {
    record.spec = parseAppSpec(record.request.content);
    return record.spec;
  } catch (error) {
    throw wrongFile((error as Error).message);
  }
}

async function checkLambda(spec: AppSpec, lambda: LambdaCalls): Promise<void> {
  const { functionName, currentVersion, targetVersion } = spec;
  if (currentVersion === targetVersion) throw wrongFile('The target version must not equal the current version.');
  const alias = await lambda.alias(functionName, spec.alias);
  if (!alias) {
    if (await lambda.exists(functionName)) throw wrongFile(`The Lambda function alias ${spec.alias} does not exist.`);
    throw new Failure('INVALID_LAMBDA_FUNCTION', `The Lambda function ${functionName} does not exist.`, true);
  }
  if (Object.keys(alias.RoutingConfig?.AdditionalVersionWeights ?? {}).length > 0)
    throw wrongFile('The Lambda function alias already shifts traffic between two versions.');
  if (alias.FunctionVersion !== currentVersion)
    throw wrongFile('The Lambda function alias version does not match the current version in AppSpec file.');
  if (!(await lambda.exists(functionName, targetVersion)))
    throw wrongFile(`Version ${targetVersion} of the Lambda function does not exist.`);
}

interface Running {
  readonly record: DeploymentRecord;
  readonly spec: AppSpec;
  readonly host: DeploymentHost;
  readonly lambda: LambdaCalls;
  readonly signal: AbortSignal;
}

async function allowTraffic({ record, spec, host, lambda, signal }: Running): Promise<void> {
  const { currentVersion, targetVersion } = spec;
  for (const { waitMinutes, percent } of trafficSteps(record.request.routing)) {
    await host.clock.sleep((waitMinutes * 60_000) / host.speed, signal);
    if (percent === 100) await lambda.updateAlias(spec, targetVersion, {});
    else await lambda.updateAlias(spec, currentVersion, { [targetVersion]: percent / 100 });
    record.shifted(percent / 100);
    signal.throwIfAborted();
  }
}

async function during(record: DeploymentRecord, event: LifecycleEventName, work: () => Promise<void>): Promise<void> {
  record.begin(event);
  await work();
  record.finish(event, 'Succeeded');
}

async function runHook(moment: HookMoment, { record, spec, host, lambda, signal }: Running): Promise<void> {
  signal.throwIfAborted();
  const hook = spec.hooks[moment];
  await during(record, moment, async () => {
    if (!hook) return;
    const fail = (why: string) => {
      record.finish(moment, 'Failed', why);
      return new Failure('HOOK_EXECUTION_FAILURE', HOOK_FAILED);
    };
    const { executionId, outcome } = record.callHook();
    const event = { DeploymentId: record.id, LifecycleEventHookExecutionId: executionId };
    const callProblem = await callHook(() => lambda.invokeEvent(hook, event), { host, signal });
    if (callProblem) throw fail(`The function ${hook} could not be invoked: ${callProblem}`);
    const patience = new AbortController();
    const timedOut = host.clock
      .sleep((HOOK_SECONDS * 1000) / host.speed, AbortSignal.any([signal, patience.signal]))
      .then(() => 'timed out' as const);
    const status = await Promise.race([outcome, timedOut]).finally(() => patience.abort());
    if (status === 'timed out') throw fail(`The function ${hook} did not report within an hour.`);
    if (status === 'Failed') throw fail(`The function ${hook} reported a failure.`);
  });
}

const HOOK_FAILED = 'The deployment failed because one or more of the lifecycle event validation functions failed.';

/** Invokes a hook, trying again for five minutes. @returns why it could not be invoked */
async function callHook(
  invoke: () => Promise<void>,
  { host, signal }: Pick<Running, 'host' | 'signal'>,
): Promise<string | undefined> {
  const deadline = host.clock.now() + (CALL_SECONDS * 1000) / host.speed;
  for (;;) {
    signal.throwIfAborted();
    try {
      await invoke();
      return undefined;
    } catch (error) {
      const isGone = error instanceof AwsError && error.status === 404;
      if (isGone || host.clock.now() >= deadline) return (error as Error).message;
      await host.clock.sleep(CALL_AGAIN_MS, signal);
    }
  }
}

interface Watching {
  readonly host: DeploymentHost;
  readonly role: RoleSession;
  readonly control: AbortController;
  /** Aborted when the deployment is over. */
  readonly over?: AbortSignal;
}

/** Watches the group's alarms until the deployment is over, and stops it at the first active one. */
async function watchAlarms(record: DeploymentRecord, watching: Watching & { over: AbortSignal }): Promise<void> {
  const { host, control, over } = watching;
  const signal = AbortSignal.any([over, control.signal]);
  const every = Math.max((ALARM_SECONDS * 1000) / host.speed, ALARM_LEAST_MS);
  try {
    for (;;) {
      await host.clock.sleep(every, signal);
      if (await isAlarmed(record, watching)) return;
    }
  } catch {
    // over
  }
}

/** Interrupts a deployment if one of its alarms is active. @returns whether it did */
async function isAlarmed(record: DeploymentRecord, { host, role, control, over }: Watching): Promise<boolean> {
  const { alarms, rollsBack } = record.request;
  const names = (alarms.alarms ?? []).flatMap(({ name }) => (name ? [name] : []));
  if (!alarms.enabled || rollsBack || names.length === 0) return false;
  const interrupt = (message: string) => {
    if (over?.aborted || control.signal.aborted) return false;
    control.abort({ kind: 'alarm', error: { code: 'ALARM_ACTIVE', message } } satisfies Interruption);
    return true;
  };
  try {
    const active = await activeAlarms(host.emulator, role, names);
    if (active.length === 0) return false;
    return interrupt(`${ALARMED} Activated alarms: ${active.map((name) => `<${name}>`).join(' ')}`);
  } catch (error) {
    if (alarms.ignorePollAlarmFailure) return false;
    return interrupt(`The state of the alarms could not be retrieved from CloudWatch: ${(error as Error).message}`);
  }
}

const ALARMED =
  'One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, ' +
  'and the affected deployments have been stopped.';
