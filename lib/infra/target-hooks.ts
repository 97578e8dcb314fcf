import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { HOOK_WORKERS } from '../../lambdas/shift/workers';
import { Worker } from '../constructs/worker';
import { HOOK_FUNCTIONS, HOOKS_TABLE } from '../core/contracts/code-deploy-names';
import { HOOK_MOMENTS, type HookMoment } from '../core/contracts/started-shift';
import { kebabName } from '../core/contracts/worker-declaration';
import { workersCode } from './workers-code';

/** What CodeDeploy calls before and after it moves traffic, and the table that tells the platform what came of it. */
export class TargetHooks extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      tableName: HOOKS_TABLE,
      partitionKey: { name: 'application', type: AttributeType.STRING },
      sortKey: { name: 'group', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.awsManagedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      timeToLiveAttribute: 'expiresAt',
      // It holds shifts under way, no history; and a table that stays would be in the way of the next of its name.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    for (const moment of HOOK_MOMENTS) this.addFunction(moment);
  }

  private addFunction(moment: HookMoment): void {
    const stack = Stack.of(this);
    const worker = new Worker(this, moment, {
      declaration: HOOK_WORKERS.runHook,
      module: kebabName('runHook' satisfies keyof typeof HOOK_WORKERS),
      code: workersCode(),
      variables: { MOMENT: moment, HOOKS_TABLE: this.table.tableName },
      functionName: HOOK_FUNCTIONS[moment],
    });
    // For a worker that died before it wrote anything down: CodeDeploy would wait for an hour. One that finds that it
    // wrote before leaves the user's hook alone.
    worker.function.configureAsyncInvoke({ retryAttempts: 2 });
    worker.allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], [this.table.tableArn]);
    // Deployments are asked for by their ids alone, and reporting on a hook takes no resources at all:
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscodedeploy.html
    worker.allow(['codedeploy:BatchGetDeployments', 'codedeploy:PutLifecycleEventHookExecutionStatus'], ['*']);
    // The names of hooks belong to the services and are not known here.
    worker.allow(
      ['lambda:InvokeFunction'],
      [
        stack.formatArn({
          service: 'lambda',
          resource: 'function',
          resourceName: '*',
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
    );
  }
}
