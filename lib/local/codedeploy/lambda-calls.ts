import type { Caller } from '../calls/authorize';
import { AwsError } from '../calls/aws-error';
import type { EmulatorClient } from '../calls/emulator-client';
import type { RoleSession } from '../calls/role-session';

/** An alias, as GetAlias describes it. */
export interface LambdaAlias {
  readonly AliasArn: string;
  readonly FunctionVersion: string;
  readonly RoutingConfig?: { readonly AdditionalVersionWeights?: Readonly<Record<string, number>> };
}

interface CallOptions {
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Who calls; the role if not given. */
  readonly as?: Caller;
}

const FUNCTIONS = '/2015-03-31/functions';

/** The calls of Lambda that CodeDeploy makes, with the role of the deployment's group. */
export class LambdaCalls {
  readonly #account: Caller;

  constructor(
    private readonly emulator: EmulatorClient,
    private readonly role: RoleSession,
    { accountId, region }: { readonly accountId: string; readonly region: string },
  ) {
    this.#account = { accessKey: accountId, region };
  }

  /** @returns the alias, or undefined if the function or the alias does not exist */
  async alias(functionName: string, alias: string): Promise<LambdaAlias | undefined> {
    const path = `${FUNCTIONS}/${encodeURIComponent(functionName)}/aliases/${encodeURIComponent(alias)}`;
    return orMissing(this.#call<LambdaAlias>('GET', path));
  }

  /**
   * Looked up with nobody's rights: AWS's own policy for CodeDeploy's role, AWSCodeDeployRoleForLambda, has none.
   * @returns whether a version exists or, without a qualifier, the function
   */
  async exists(functionName: string, qualifier?: string): Promise<boolean> {
    const query = qualifier ? `?Qualifier=${qualifier}` : '';
    const path = `${FUNCTIONS}/${encodeURIComponent(functionName)}/configuration${query}`;
    return (await orMissing(this.#call('GET', path, { as: this.#account }))) !== undefined;
  }

  /** Points an alias at a version; `weights` has the share of the traffic that another version gets. */
  async updateAlias(
    { functionName, alias }: { readonly functionName: string; readonly alias: string },
    version: string,
    weights: Readonly<Record<string, number>>,
  ): Promise<void> {
    const path = `${FUNCTIONS}/${encodeURIComponent(functionName)}/aliases/${encodeURIComponent(alias)}`;
    const RoutingConfig = { AdditionalVersionWeights: weights };
    await this.#call('PUT', path, { body: JSON.stringify({ FunctionVersion: version, RoutingConfig }) });
  }

  /** Invokes a function asynchronously. @param functionName name or ARN */
  async invokeEvent(functionName: string, event: unknown): Promise<void> {
    await this.#call('POST', `${FUNCTIONS}/${encodeURIComponent(functionName)}/invocations`, {
      body: JSON.stringify(event),
      headers: { 'x-amz-invocation-type': 'Event' },
    });
  }

  async #call<T>(method: string, path: string, { body, headers, as }: CallOptions = {}): Promise<T> {
    const answer = await this.emulator.send(as ?? (await this.role.credentials()), 'lambda', {
      method,
      path,
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
    const text = answer.body.toString('utf8');
    if (answer.status < 300) return (text ? JSON.parse(text) : {}) as T;
    const { __type, message, Message } = JSON.parse(text || '{}') as Record<string, string>;
    throw new AwsError(__type ?? 'InternalFailure', message ?? Message ?? `${method} ${path} failed`, answer.status);
  }
}

/** @returns the call's answer, or undefined if Lambda answers 404 */
async function orMissing<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof AwsError && error.status === 404) return undefined;
    throw error;
  }
}
