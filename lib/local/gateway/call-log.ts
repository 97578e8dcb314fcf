import type { AwsCall } from '../calls/aws-request';

/** Calls of one operation by one caller; for Lambda, on one function. */
export interface CallCount {
  readonly service: string;
  readonly operation: string;
  readonly functionName?: string;
  /** Access key of the caller; a worker has one per role and function, a build one of its own. */
  readonly accessKey: string;
  /** The caller's ARN (`arn:aws:sts::…:assumed-role/<role>/<function>`), once it is known. */
  readonly caller?: string;
  readonly count: number;
  /** How many of them were answered with a status of 400 or more. */
  readonly errors: number;
}

/** Counts the calls that the gateway sees: what was called, by whom and how often. */
export class CallLog {
  readonly #counts = new Map<string, { call: AwsCall; count: number; errors: number }>();
  readonly #callers = new Map<string, Promise<string | undefined>>();

  /**
   * @param identify resolves an access key to the ARN of its identity; called at most once for each key, and only when
   * the log is read
   */
  constructor(private readonly identify: (call: AwsCall) => Promise<string | undefined>) {}

  /** Notes one call and how it was answered. */
  note(call: AwsCall, status: number): void {
    const key = `${call.service} ${call.operation} ${call.functionName} ${call.accessKey}`;
    const entry = this.#counts.get(key) ?? { call, count: 0, errors: 0 };
    entry.count += 1;
    if (status >= 400) entry.errors += 1;
    this.#counts.set(key, entry);
  }

  /** Forgets all calls, so that a measurement can begin. */
  reset(): void {
    this.#counts.clear();
  }

  /** @returns all counts since the last reset, ordered by service and operation. */
  async read(): Promise<readonly CallCount[]> {
    const counts = await Promise.all(
      [...this.#counts.values()].map(async ({ call, count, errors }) => ({
        service: call.service,
        operation: call.operation,
        functionName: call.functionName,
        accessKey: call.accessKey ?? '',
        caller: call.accessKey ? await this.#callerOf(call) : undefined,
        count,
        errors,
      })),
    );
    return counts.sort((a, b) => `${a.service} ${a.operation}`.localeCompare(`${b.service} ${b.operation}`));
  }

  #callerOf(call: AwsCall): Promise<string | undefined> {
    const key = call.accessKey ?? '';
    const known = this.#callers.get(key) ?? this.identify(call).catch(() => undefined);
    this.#callers.set(key, known);
    return known;
  }
}
