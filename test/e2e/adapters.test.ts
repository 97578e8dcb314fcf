import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRepositoryCommand } from '@aws-sdk/client-codecommit';
import { CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { CreateQueueCommand, DeleteQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { GetParametersCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { sqsGivenUpCalls } from '../../lib/aws/callers/sqs-given-up-calls';
import { readStackOutputs } from '../../lib/aws/callers/stack-outputs';
import { cloudFormationClient } from '../../lib/aws/clients/cloudformation';
import { codeCommitClient } from '../../lib/aws/clients/codecommit';
import { dynamoDbClient } from '../../lib/aws/clients/dynamodb';
import { sqsClient } from '../../lib/aws/clients/sqs';
import { ssmClient } from '../../lib/aws/clients/ssm';
import { stepFunctionsClient } from '../../lib/aws/clients/step-functions';
import { stepFunctionsCallbacks } from '../../lib/aws/executions/step-functions-callbacks';
import { stepFunctionsExecutions } from '../../lib/aws/executions/step-functions-executions';
import { stepFunctionsWorkerVersions } from '../../lib/aws/executions/step-functions-worker-versions';
import { ssmApps } from '../../lib/aws/parameters/ssm-apps';
import { ssmCloneCredentials } from '../../lib/aws/parameters/ssm-clone-credentials';
import { ssmEnvironmentRemover } from '../../lib/aws/parameters/ssm-environment-remover';
import { ssmEnvironmentStamps } from '../../lib/aws/parameters/ssm-environment-stamps';
import { ssmEnvironments } from '../../lib/aws/parameters/ssm-environments';
import { codeCommitSource } from '../../lib/aws/source/codecommit-source';
import { dynamoCodeStorages } from '../../lib/aws/state/dynamo-code-storages';
import { dynamoKnownRepositories } from '../../lib/aws/state/dynamo-known-repositories';
import { dynamoNotices } from '../../lib/aws/state/dynamo-notices';
import { dynamoPlannedBases } from '../../lib/aws/state/dynamo-planned-bases';
import { dynamoReconciliations } from '../../lib/aws/state/dynamo-reconciliations';
import { dynamoReleases } from '../../lib/aws/state/dynamo-releases';
import { dynamoServiceStates } from '../../lib/aws/state/dynamo-service-states';
import { dynamoStages } from '../../lib/aws/state/dynamo-stages';
import { dynamoWaits } from '../../lib/aws/state/dynamo-waits';
import { waitKey } from '../../lib/aws/state/state-keys';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { aloneBudget } from '../../lib/aws/target/alone-budget';
import { ownVersions } from '../../lib/aws/target/aws-target-functions';
import { dynamoCallBudget } from '../../lib/aws/target/dynamo-call-budget';
import { appParameter, repositoryParameter } from '../../lib/core/contracts/app-parameters';
import { OPEN_RELEASES_INDEX } from '../../lib/core/contracts/open-releases-index';
import { storeApp } from '../../lib/core/contracts/stored-app';
import { appsContract } from '../contracts/apps-contract';
import { callBudgetContract } from '../contracts/call-budget-contract';
import { callbacksContract } from '../contracts/callbacks-contract';
import { cloneCredentialsContract } from '../contracts/clone-credentials-contract';
import { codeStoragesContract } from '../contracts/code-storages-contract';
import { environmentRemoverContract } from '../contracts/environment-remover-contract';
import { environmentsContract } from '../contracts/environments-contract';
import { executionsContract } from '../contracts/executions-contract';
import { historyOf } from '../contracts/git-history';
import { givenUpCallsContract } from '../contracts/given-up-calls-contract';
import { knownRepositoriesContract } from '../contracts/known-repositories-contract';
import { noticesContract } from '../contracts/notices-contract';
import { plannedBasesContract } from '../contracts/planned-bases-contract';
import { reconciliationsContract } from '../contracts/reconciliations-contract';
import { releasesContract } from '../contracts/releases-contract';
import { serviceStatesContract } from '../contracts/service-states-contract';
import { sourceContract } from '../contracts/source-contract';
import { stagesContract } from '../contracts/stages-contract';
import { waitsContract } from '../contracts/waits-contract';
import { eventually, run } from '../local/a-cloud';
import { AClone } from '../local/a-github';
import { aRole } from './iam-roles';

/** The adapters hold the same contracts as their twins in memory. */
const suffix = randomBytes(6).toString('hex');

describe('over the state table', () => {
  const client = dynamoDbClient();
  const TableName = `adapters-${suffix}`;

  beforeAll(async () => {
    const strings = ['pk', 'sk', OPEN_RELEASES_INDEX.partitionKey];
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: strings.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        GlobalSecondaryIndexes: [
          {
            IndexName: OPEN_RELEASES_INDEX.name,
            KeySchema: [{ AttributeName: OPEN_RELEASES_INDEX.partitionKey, KeyType: 'HASH' }],
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
      }),
    );
  });
  afterAll(() => client.send(new DeleteTableCommand({ TableName })));

  describe('dynamoReleases', () =>
    releasesContract(() => ({
      releases: dynamoReleases(client, TableName),
      states: dynamoServiceStates(client, TableName),
    })));
  describe('dynamoPlannedBases', () => plannedBasesContract(() => dynamoPlannedBases(client, TableName)));
  describe('dynamoReconciliations', () => reconciliationsContract(() => dynamoReconciliations(client, TableName)));
  describe('dynamoKnownRepositories', () =>
    knownRepositoriesContract(() => dynamoKnownRepositories(client, TableName)));
  describe('dynamoNotices', () => noticesContract(() => dynamoNotices(client, TableName)));
  describe('dynamoCodeStorages', () => codeStoragesContract(() => dynamoCodeStorages(client, TableName)));
  describe('dynamoWaits', () =>
    waitsContract(() => ({
      waits: dynamoWaits(client, TableName),
      async add(releaseId, { service, token, subject }) {
        const Item = {
          ...waitKey(releaseId, service),
          token,
          subject: JSON.stringify(subject),
          expiresAt: 1_800_000_000,
        };
        await client.send(new PutCommand({ TableName, Item }));
      },
    })));
  describe('dynamoStages', () => stagesContract(() => dynamoStages(client, TableName)));
  describe('dynamoServiceStates', () => serviceStatesContract(() => dynamoServiceStates(client, TableName)));
});

describe('sqsGivenUpCalls', () => {
  const client = sqsClient();
  const queues: string[] = [];
  afterAll(() => Promise.all(queues.map((QueueUrl) => client.send(new DeleteQueueCommand({ QueueUrl })))));

  givenUpCallsContract(async (bodies, attributes = {}) => {
    const QueueName = `given-up-${suffix}-${queues.length}`;
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName }));
    queues.push(QueueUrl!);
    const MessageAttributes = Object.fromEntries(
      Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
    );
    for (const MessageBody of bodies) {
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
    }
    return sqsGivenUpCalls(client, QueueUrl!);
  });
});

describe('dynamoCallBudget', () => {
  const client = dynamoDbClient();
  const TableName = `calls-${suffix}`;
  const budgetOf = (table: string, told: string[]) =>
    dynamoCallBudget(dynamoDbClient(), table, {
      clock: SYSTEM_CLOCK,
      log: { warn: (message) => void told.push(message) },
    });

  beforeAll(async () => {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pool', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pool', KeyType: 'HASH' }],
      }),
    );
  });
  afterAll(() => client.send(new DeleteTableCommand({ TableName })));

  describe('with its table', () => {
    const told: string[] = [];
    callBudgetContract(() => budgetOf(TableName, told));
    afterAll(() => expect(told).toEqual([]));
  });

  it('paces its own calls, and says so, when the table is gone', async () => {
    const told: string[] = [];
    const request = { id: 'release', rank: 'configured', calls: 5, since: Date.now() } as const;
    const turn = await budgetOf(`no-${suffix}`, told).reserve(
      { account: '123456789012', region: 'eu-central-1' },
      request,
    );
    const begins = 'begins' in turn ? turn.begins : [];
    expect(begins.at(-1)! - begins[0]!).toBe(1_500);
    expect(told).toEqual([expect.stringContaining('cannot be reserved')]);
  });
});

describe('stepFunctionsExecutions', () => {
  const client = stepFunctionsClient();
  let stateMachineArn: string;

  beforeAll(async () => {
    const wait = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 300, End: true } } };
    const created = await client.send(
      new CreateStateMachineCommand({
        name: `adapters-${suffix}`,
        definition: JSON.stringify(wait),
        roleArn: await aRole({ name: `adapters-${suffix}`, services: ['states'] }),
      }),
    );
    stateMachineArn = created.stateMachineArn!;
  });
  afterAll(() => client.send(new DeleteStateMachineCommand({ stateMachineArn })));

  executionsContract(() => stepFunctionsExecutions(client, stateMachineArn));
});

describe('stepFunctionsCallbacks', () => {
  const client = stepFunctionsClient();
  const dynamoDb = dynamoDbClient();
  const TableName = `callbacks-${suffix}`;
  let stateMachineArn: string;

  beforeAll(async () => {
    await dynamoDb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      }),
    );
    const Item = { pk: { S: '{% $states.context.Execution.Id %}' }, token: { S: '{% $states.context.Task.Token %}' } };
    const wait = {
      Type: 'Task',
      Resource: 'arn:aws:states:::aws-sdk:dynamodb:putItem.waitForTaskToken',
      Arguments: { TableName, Item },
      HeartbeatSeconds: 600,
      End: true,
    };
    const created = await client.send(
      new CreateStateMachineCommand({
        name: TableName,
        definition: JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'Wait', States: { Wait: wait } }),
        roleArn: await aRole({ name: TableName, services: ['states'] }),
      }),
    );
    stateMachineArn = created.stateMachineArn!;
  });
  afterAll(async () => {
    await client.send(new DeleteStateMachineCommand({ stateMachineArn }));
    await dynamoDb.send(new DeleteTableCommand({ TableName }));
  });

  callbacksContract(() => ({
    callbacks: stepFunctionsCallbacks(client),
    async waiting() {
      const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));
      const Key = { pk: executionArn! };
      const { token } = await eventually(async () => (await dynamoDb.send(new GetCommand({ TableName, Key }))).Item);
      return {
        token,
        async end() {
          const ended = await eventually(async () => {
            const found = await client.send(new DescribeExecutionCommand({ executionArn }));
            return found.status === 'RUNNING' ? undefined : found;
          });
          if (ended.status === 'SUCCEEDED') return JSON.parse(ended.output!);
          return { name: ended.error, message: JSON.parse(ended.cause!).errorMessage };
        },
        async stop() {
          await client.send(new StopExecutionCommand({ executionArn }));
        },
      };
    },
  }));
});

describe('ssmCloneCredentials', () => cloneCredentialsContract(() => ssmCloneCredentials(ssmClient())));

describe('codeCommitSource', () => {
  const client = codeCommitClient();
  const work = mkdtempSync(join(tmpdir(), 'seedbed-source-'));
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  let made = 0;
  sourceContract(async () => {
    made += 1;
    const name = `source-${suffix}-${made}`;
    const { repositoryMetadata } = await client.send(new CreateRepositoryCommand({ repositoryName: name }));
    await run('git', ['clone', '--quiet', repositoryMetadata!.cloneUrlHttp!, join(work, name)]);
    const repository = { provider: 'codecommit', name } as const;
    return { source: codeCommitSource(client), repository, ...historyOf(new AClone(join(work, name))) };
  });
});

describe('ssmApps', () => {
  const client = ssmClient();

  appsContract(async (configs) => {
    for (const config of configs) {
      await client.send(
        new PutParameterCommand({ Name: appParameter(config.app), Value: storeApp(config), Type: 'String' }),
      );
      await client.send(
        new PutParameterCommand({ Name: repositoryParameter(config.repository), Value: config.app, Type: 'String' }),
      );
    }
    return ssmApps(client);
  });
});

describe('ssmEnvironmentRemover', () => {
  const client = ssmClient();

  environmentRemoverContract(async () => ({
    environments: ssmEnvironmentRemover(client),
    put: async (names) => {
      for (const Name of names) await client.send(new PutParameterCommand({ Name, Value: 'value', Type: 'String' }));
    },
    found: async (names) => {
      const { Parameters = [] } = await client.send(new GetParametersCommand({ Names: [...names] }));
      const there = new Set(Parameters.map(({ Name }) => Name));
      return names.filter((name) => there.has(name));
    },
  }));
});
describe('ssmEnvironments', () =>
  environmentsContract(() => ({ ...ssmEnvironments(ssmClient()), ...ssmEnvironmentStamps(ssmClient()) })));

/** In milliseconds: before any version of a worker was published. */
const MADE_IN_2026 = Date.UTC(2026, 0);

describe('stepFunctionsWorkerVersions', () => {
  it('knows which versions of workers the state machines of a stack call, and that they are there', async () => {
    const outputs = (await readStackOutputs(cloudFormationClient(), 'Seedbed'))!;
    const machines = ['ReleaseStateMachine', 'ServiceReleaseStateMachine', 'WatcherStateMachine'].map(
      (name) => outputs[name]!,
    );
    const versions = stepFunctionsWorkerVersions(stepFunctionsClient(), machines);
    const own = ownVersions(machines[0]!, aloneBudget(SYSTEM_CLOCK));
    const called = [...(await versions.current())];
    expect(called.length).toBeGreaterThan(20);
    for (const [name, [version, ...others]] of called.slice(0, 3)) {
      expect(others).toEqual([]);
      const published = await own.list(name);
      expect(published.find((one) => one.version === version)?.publishedAt).toBeGreaterThan(MADE_IN_2026);
    }
    // Releases of other tests may run: what they call is among what is there.
    for (const name of (await versions.running()).keys()) expect(called.map(([known]) => known)).toContain(name);
  });
});
