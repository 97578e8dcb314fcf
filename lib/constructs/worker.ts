import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { JitterType, QueryLanguage, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke, type LambdaInvokeProps } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { type ErrorCode, retryableCodes } from '../core/contracts/errors';
import { WORKERS_PATH } from '../core/contracts/release';
import type { WorkerDeclaration } from '../core/contracts/worker-declaration';

export interface WorkerProps {
  readonly declaration: WorkerDeclaration;
  /** Name of its module within the code: `start-build`. */
  readonly module: string;
  /** The code of all workers. */
  readonly code: Code;
  /** Values of the variables that it declares, and maybe of others. */
  readonly variables: Readonly<Record<string, string>>;
  /** Only for a function that others call by its name. */
  readonly functionName?: string;
}

export interface TaskOptions {
  /** The worker's input: values, or JSONata between `{%` and `%}`. */
  readonly payload: Readonly<Record<string, unknown>>;
  /** Variables set from the worker's result, `$states.result`. */
  readonly assign?: Readonly<Record<string, unknown>>;
}

/** A Lambda that performs one step. It has a role of its own, which at first may only write the worker's log. */
export class Worker extends Construct {
  readonly function: LambdaFunction;

  /** @throws Error naming a variable that it declares and that has no value */
  constructor(scope: Construct, id: string, { declaration, module, code, variables, functionName }: WorkerProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', { retention: RetentionDays.THREE_MONTHS });
    const role = new Role(this, 'Role', {
      path: WORKERS_PATH,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    this.function = new LambdaFunction(this, 'Function', {
      role,
      functionName,
      code,
      handler: `${module}.handler`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: Duration.seconds(declaration.timeout ?? 30),
      memorySize: declaration.memory ?? 512,
      tracing: Tracing.ACTIVE,
      environment: {
        ...Object.fromEntries(declaration.environment.map((name) => [name, given(name, variables)])),
        NODE_OPTIONS: '--enable-source-maps',
      },
      logGroup,
      // Releases that run while the platform is deployed go on calling the versions that they began with, and `Prune`
      // deletes those that none calls any more. Those of a failed deployment go at once: they would be in the way of
      // the next, since Lambda publishes the same code only once.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
    });
  }

  /**
   * Lets the worker do these things, and nothing else, to these resources. Of many resources it makes several
   * statements: where they pass what a role's own policy holds, the CDK moves whole statements into managed ones.
   * @param conditions under which it may, as IAM writes them
   */
  allow(
    actions: readonly string[],
    resources: readonly string[],
    conditions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ): void {
    for (let at = 0; at < resources.length; at += RESOURCES_OF_STATEMENT) {
      const some = resources.slice(at, at + RESOURCES_OF_STATEMENT);
      this.function.addToRolePolicy(
        new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: some, conditions }),
      );
    }
  }

  /**
   * Makes a state that runs this worker, in the version that is deployed with the state machine: an execution keeps its
   * definition, and so its workers, however often the platform is deployed meanwhile
   * (https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html).
   *
   * It is tried again where trying again can help: on faults of Lambda itself, on throttling and faults of other
   * services, and on the errors that our code marks as such.
   * @param scope the state machine's construct
   * @param name the state's name, as people read it in the console
   */
  task(scope: Construct, name: string, options: TaskOptions): LambdaInvoke {
    const task = new VersionTask(scope, name, {
      lambdaFunction: this.function,
      queryLanguage: QueryLanguage.JSONATA,
      payload: TaskInput.fromObject(options.payload),
      payloadResponseOnly: true,
      retryOnServiceExceptions: false,
      assign: options.assign,
    });
    task.addRetry({
      errors: LAMBDA_FAULTS,
      interval: Duration.seconds(1),
      maxAttempts: 4,
      backoffRate: 2,
      jitterStrategy: JitterType.FULL,
    });
    task.addRetry({
      errors: retryableCodes().filter((code) => !PATIENT.includes(code)),
      interval: Duration.seconds(5),
      maxAttempts: 10,
      backoffRate: 1.6,
      maxDelay: Duration.seconds(60),
      jitterStrategy: JitterType.FULL,
    });
    // For half an hour: a new account runs ten at once, and workers that wait hold theirs for most of a minute; and
    // while Lambda itself is away nothing could be told of the release's end either.
    task.addRetry({
      errors: ['Lambda.TooManyRequestsException', ...LAMBDA_AWAY],
      interval: Duration.seconds(2),
      maxAttempts: 130,
      backoffRate: 1.5,
      maxDelay: Duration.seconds(30),
      jitterStrategy: JitterType.FULL,
    });
    // Some 80 minutes in all: GitHub's limit is by the hour, and its outages last minutes. With full jitter it might be
    // half.
    task.addRetry({
      errors: ['SourceUnavailable' satisfies ErrorCode],
      interval: Duration.seconds(10),
      maxAttempts: 20,
      backoffRate: 2,
      maxDelay: Duration.minutes(5),
      jitterStrategy: JitterType.NONE,
    });
    // For an hour: a stack that rolls back, after a release that was cancelled, takes as long as its resources do.
    task.addRetry({
      errors: ['StackBusy' satisfies ErrorCode],
      interval: Duration.seconds(5),
      maxAttempts: 130,
      backoffRate: 1.5,
      maxDelay: Duration.seconds(60),
      jitterStrategy: JitterType.FULL,
    });
    // For an hour: with full jitter an attempt comes after half the interval on average.
    task.addRetry({
      errors: ['BuildQueueFull' satisfies ErrorCode],
      interval: Duration.seconds(30),
      maxAttempts: 240,
      backoffRate: 1,
      jitterStrategy: JitterType.FULL,
    });
    return task;
  }
}

/**
 * Calls the function's current version. What the state machine's role may call stays the function in every version, as
 * an execution that keeps an old definition has the role's rights of today.
 */
class VersionTask extends LambdaInvoke {
  constructor(
    scope: Construct,
    id: string,
    private readonly task: LambdaInvokeProps & { readonly lambdaFunction: LambdaFunction },
  ) {
    super(scope, id, task);
  }

  protected override _renderTask(topLevelQueryLanguage?: QueryLanguage): object {
    const { functionArn } = this.task.lambdaFunction.currentVersion;
    return { ...super._renderTask(topLevelQueryLanguage), Resource: functionArn };
  }
}

/** So many ARNs of the longest names and their actions fit into a managed policy of 6,144 characters. */
const RESOURCES_OF_STATEMENT = 25;

/**
 * https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html. The last three are a worker
 * that died or ran out of time, by the error type that Lambda gives, or without one: every worker is safe to run twice.
 */
const LAMBDA_FAULTS = [
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.Unknown',
  'Runtime.ExitError',
  'Sandbox.Timedout',
];

/** Lambda answers 500, or nothing. */
const LAMBDA_AWAY = ['Lambda.ServiceException', 'Lambda.ClientExecutionTimeoutException'];

/** Errors that pass by themselves, though not soon: they are waited for longer. */
const PATIENT: readonly ErrorCode[] = ['SourceUnavailable', 'StackBusy', 'BuildQueueFull'];

function given(name: string, variables: Readonly<Record<string, string>>): string {
  const value = variables[name];
  if (value === undefined) throw new Error(`no value is given for the variable ${name} that the worker declares`);
  return value;
}
