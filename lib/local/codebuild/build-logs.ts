import { AwsError } from '../calls/aws-error';
import type { EmulatorClient } from '../calls/emulator-client';
import type { RoleSession } from '../calls/role-session';

/** CloudWatch Logs takes at most 10,000 events at once; smaller batches show progress sooner. */
const BATCH = 1000;
const EVERY_MS = 200;

/** Where the lines of a build go. */
export interface LogStream {
  readonly groupName: string;
  readonly streamName: string;
}

/** Writes the lines of one build to CloudWatch Logs with its service role, a batch at a time and in order. */
export class BuildLogs {
  #waiting: { timestamp: number; message: string }[] = [];
  #sent: Promise<void>;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly emulator: EmulatorClient,
    private readonly role: RoleSession,
    private readonly stream: LogStream,
  ) {
    const create = async () => {
      const { groupName: logGroupName, streamName: logStreamName } = stream;
      const createStream = () => this.#call('CreateLogStream', { logGroupName, logStreamName });
      await createStream().catch(async (error) => {
        if (!(error instanceof AwsError && error.code === 'ResourceNotFoundException')) throw error;
        await this.#call('CreateLogGroup', { logGroupName });
        await createStream();
      });
    };
    this.#sent = create().catch(() => undefined); // a build does not fail because its log cannot be written
  }

  /** Adds one line. */
  line(message: string): void {
    this.#waiting.push({ timestamp: Date.now(), message: message === '' ? ' ' : `${message}` });
    if (this.#waiting.length >= BATCH) this.#send();
    this.#timer ??= setTimeout(() => this.#send(), EVERY_MS);
  }

  /** Adds a line with the time, as CodeBuild's container writes them. */
  note(message: string): void {
    this.line(`[Container] ${new Date().toISOString().slice(0, 19).replaceAll('-', '/').replace('T', ' ')} ${message}`);
  }

  /** Resolves when every line has been written. */
  async end(): Promise<void> {
    this.#send();
    await this.#sent;
  }

  #send(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const logEvents = this.#waiting;
    if (logEvents.length === 0) return;
    this.#waiting = [];
    const { groupName: logGroupName, streamName: logStreamName } = this.stream;
    this.#sent = this.#sent
      .then(() => this.#call('PutLogEvents', { logGroupName, logStreamName, logEvents }))
      .then(
        () => undefined,
        () => undefined,
      );
  }

  async #call(operation: string, input: unknown): Promise<unknown> {
    return this.emulator.json(await this.role.credentials(), 'logs', `Logs_20140328.${operation}`, input);
  }
}
