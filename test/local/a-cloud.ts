import { execFile } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Zippable, zipSync } from 'fflate';
import { type LocalCloud, type LocalCloudOptions, startLocalCloud } from '../../lib/local/local-cloud';
import type { QuotaSettings } from '../../lib/local/quotas/account-quotas';
import type { Rate } from '../../lib/local/quotas/token-bucket';
import { makeRole, type Place, type RoleOptions } from '../iam-role';
import { patientLambda } from '../patient-lambda';
import { TestClock } from '../test-clock';

/** Runs a program without blocking: the gateway lives in this process. */
export const run = promisify(execFile);

/** A running local cloud for the tests of one file. */
export interface ACloud {
  readonly cloud: LocalCloud;
  /** What any SDK client needs to talk to it. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly forcePathStyle: true;
  };
  /** Waits until what it changes is ready. */
  readonly lambda: LambdaClient;
}

/** The clock of a whole local cloud; CloudWatch, in the emulator, reads it from a file. */
export class CloudClock extends TestClock {
  readonly #directory = mkdtempSync(join(tmpdir(), 'seedbed-clock-'));
  readonly file = join(this.#directory, 'now');

  constructor() {
    super();
    this.#write();
  }

  override windOn(milliseconds: number): void {
    super.windOn(milliseconds);
    this.#write();
  }

  remove(): void {
    rmSync(this.#directory, { recursive: true });
  }

  #write(): void {
    writeFileSync(`${this.file}.new`, String(this.now() / 1000));
    renameSync(`${this.file}.new`, this.file); // whoever reads it meanwhile reads the time before
  }
}

/** A role that Lambda, CodeBuild, CodeDeploy and Step Functions may have, and that may do everything. */
export const ROLE = 'arn:aws:iam::111122223333:role/anything';

const FAST: Rate = { burst: 1000, perSecond: 1000 };
/** Tests of doubles ask every 20 ms how things stand, which is faster than AWS lets anybody ask. */
export const IMPATIENT: QuotaSettings = {
  figures: {
    'cloudformation-describe-stacks': FAST,
    'cloudformation-describe-stack-events': FAST,
    'cloudformation-describe-stack-resources': FAST,
    'lambda-calls': FAST,
    'states-describe-execution': FAST,
  },
};

/**
 * Starts a local cloud, in which a minute takes a second unless told otherwise; stop it after the tests.
 * @param options `quotas`: those of AWS but for how often one may ask, if not given
 */
export async function aCloud(
  name: string,
  options: Pick<
    LocalCloudOptions,
    'speed' | 'buildMinute' | 'buildMayEnd' | 'clock' | 'clockFile' | 'quotas' | 'rateClock'
  > = {},
): Promise<ACloud> {
  const cloud = await startLocalCloud({ name, speed: 60, quotas: IMPATIENT, ...options });
  const services = ['lambda', 'codebuild', 'codedeploy', 'states', 'events'];
  await aUsableRole({ cloud }, { name: ROLE.split('/')[1]!, services }, options);
  const credentials = cloud.root;
  const client = { endpoint: cloud.endpoint, region: cloud.region, credentials, forcePathStyle: true } as const;
  const { clock } = options;
  // Time that stands still passes only where somebody waits.
  return {
    cloud,
    client,
    lambda: patientLambda(new LambdaClient(client), clock instanceof CloudClock ? () => clock.windOn(10) : undefined),
  };
}

/**
 * Makes a role and waits until services may assume it: that takes 5 seconds of the cloud's time.
 * @param options those of the cloud; a minute takes a second unless given
 * @returns the role's ARN
 */
export async function aUsableRole(
  { cloud }: { readonly cloud: Place },
  role: RoleOptions,
  { speed = 60, clock, clockFile }: Pick<LocalCloudOptions, 'speed' | 'clock' | 'clockFile'> = {},
): Promise<string> {
  const arn = await makeRole(cloud, role);
  const milliseconds = 5_000 / speed + 20;
  if (clockFile && clock instanceof CloudClock) clock.windOn(milliseconds);
  else await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return arn;
}

/** @returns a zip of text files, as Lambda and CodeBuild take it. */
export const aZip = (files: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])) as Zippable, {
    // Zips keep the time in steps of two seconds: the same files must be the same zip, also across such a step.
    mtime: new Date('2020-02-02'),
  });

/** Asks until the answer is there; the tests' own time limit ends it. */
export async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const RECORDER = "exports.handler = async (event) => console.log('recorded ' + JSON.stringify(event));";

/** Events that EventBridge delivered. */
export interface Recorder {
  /** Waits until this many have come. @returns them, in the order of their times */
  events(count: number): Promise<readonly { readonly detail: Readonly<Record<string, string>> }[]>;
}

/** Records what a rule delivers, in the log of a function. */
export async function aRecorder({ client, lambda }: ACloud, pattern: unknown): Promise<Recorder> {
  const FunctionName = `recorder-${Math.random().toString(36).slice(2)}`;
  const { FunctionArn } = await lambda.send(
    new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Role: ROLE,
      Code: { ZipFile: aZip({ 'index.js': RECORDER }) },
    }),
  );
  const eventBridge = new EventBridgeClient(client);
  const rule = { Name: FunctionName, EventPattern: JSON.stringify(pattern) };
  const { RuleArn: SourceArn } = await eventBridge.send(new PutRuleCommand(rule));
  await new LambdaClient(client).send(
    new AddPermissionCommand({
      FunctionName,
      StatementId: 'rule',
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn,
    }),
  );
  await eventBridge.send(new PutTargetsCommand({ Rule: FunctionName, Targets: [{ Id: 'f', Arn: FunctionArn }] }));
  const logs = new CloudWatchLogsClient(client);
  const read = new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${FunctionName}` });
  return {
    events: (count) =>
      eventually(async () => {
        const found = await logs.send(read).catch(() => undefined); // no group before the first event
        const lines = (found?.events ?? []).map(({ message = '' }) => message.split('recorded ')[1]);
        const events = lines.flatMap((line) => (line ? [JSON.parse(line)] : []));
        return events.length >= count ? events : undefined;
      }),
  };
}

/** Time for a machine that is busy with other tests, and with other work. */
export const PATIENCE = 300_000;
