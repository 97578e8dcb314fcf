import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, type IChainable, LogLevel, QueryLanguage, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';

export interface ObservedStateMachineProps {
  readonly name: string;
  readonly comment: string;
  readonly start: IChainable;
  readonly timeout: Duration;
}

/** @returns a standard state machine in JSONata that logs all it does and is traced with X-Ray. */
export function observedStateMachine(
  scope: Construct,
  { name, comment, start, timeout }: ObservedStateMachineProps,
): StateMachine {
  return new StateMachine(scope, 'StateMachine', {
    stateMachineName: name,
    comment,
    definitionBody: DefinitionBody.fromChainable(start),
    queryLanguage: QueryLanguage.JSONATA,
    timeout,
    tracingEnabled: true,
    logs: {
      // Step Functions can only log to groups of this prefix without outgrowing the log resource policy.
      destination: new LogGroup(scope, 'Logs', {
        logGroupName: `/aws/vendedlogs/states/${name}`,
        retention: RetentionDays.THREE_MONTHS,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
      level: LogLevel.ALL,
      includeExecutionData: true,
    },
  });
}
