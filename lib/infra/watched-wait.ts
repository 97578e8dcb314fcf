import { Duration, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  IntegrationPattern,
  QueryLanguage,
  TaskStateBase,
  type TaskStateJsonataBaseProps,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { ONLY_WAITS } from '../constructs/platform-rights';
import { WAIT_KEPT, WAITS, type WaitSubject } from '../core/contracts/wait';

/** The subject of a wait, whose values may be JSONata. */
type WrittenSubject = { readonly kind: WaitSubject['kind'] } & Readonly<Record<string, string>>;

export interface WatchedWaitProps {
  readonly table: ITable;
  /** The service that waits: its path as a string of JSONata. */
  readonly path: string;
  readonly subject: WrittenSubject;
  /** Variables set from what the watcher answers, `$states.result`. */
  readonly assign?: Readonly<Record<string, unknown>>;
}

/**
 * A state that waits to be called back. Step Functions itself writes what is waited for into the state table, where the
 * release's watcher finds it (`lambdas/watch`): no worker runs for it. Without a heartbeat of the watcher it fails.
 */
export class WatchedWait extends TaskStateBase {
  protected readonly taskMetrics = undefined;
  protected readonly taskPolicies: PolicyStatement[];

  constructor(
    scope: Construct,
    name: string,
    private readonly props: WatchedWaitProps,
  ) {
    const options: TaskStateJsonataBaseProps & { readonly queryLanguage: QueryLanguage } = {
      queryLanguage: QueryLanguage.JSONATA,
      integrationPattern: IntegrationPattern.WAIT_FOR_TASK_TOKEN,
      heartbeatTimeout: Timeout.duration(HEARTBEAT),
      assign: props.assign && { ...props.assign },
    };
    super(scope, name, options);
    this.taskPolicies = [
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: ['dynamodb:PutItem'],
        resources: [props.table.tableArn],
        conditions: ONLY_WAITS,
      }),
    ];
  }

  /** CDK's own state for such calls knows no conditions of rights. */
  protected _renderTask(): object {
    const { table, path, subject } = this.props;
    return {
      Resource: `arn:${Stack.of(this).partition}:states:::aws-sdk:dynamodb:putItem.waitForTaskToken`,
      Arguments: {
        TableName: table.tableName,
        Item: {
          pk: { S: `{% '${WAITS}' & $release.id %}` },
          sk: { S: `{% 'SERVICE#' & ${path} %}` },
          token: { S: '{% $states.context.Task.Token %}' },
          subject: { S: `{% $string(${jsonataObject(subject)}) %}` },
          expiresAt: { N: `{% $string($floor($millis() / 1000) + ${WAIT_KEPT}) %}` },
        },
      },
    };
  }
}

/** Three heartbeats of the watcher, and longer than one of its calls may take that died at work. */
const HEARTBEAT = Duration.seconds(90);

const jsonataObject = (values: Readonly<Record<string, string>>): string =>
  `{${Object.entries(values)
    .map(([key, value]) => `'${key}': ${/^\{%(.*)%\}$/s.exec(value)?.[1]?.trim() ?? `'${value}'`}`)
    .join(', ')}}`;
