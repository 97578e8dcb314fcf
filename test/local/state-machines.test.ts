import { CreateTableCommand, DeleteItemCommand, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateFunctionCommand } from '@aws-sdk/client-lambda';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { stepFunctionsCallbacks } from '../../lib/aws/executions/step-functions-callbacks';
import type { Json } from '../../lib/core/text/canonical-json';
import { answerOfCase, CASES, type Case, CHILD, callBack, definitionOf, type FUNCTIONS } from '../state-machines/cases';
import type { Definition } from '../state-machines/definition';
import { ownDefinitions, STATE_TABLE } from '../state-machines/definitions';
import { comparable, interpretScenario } from '../state-machines/interpret-scenario';
import { answerOfWatcher, inputOf, SCENARIOS, stubCode, WORKERS, withoutHeartbeat } from '../state-machines/stubs';
import { type ACloud, aCloud, aZip, eventually, PATIENCE, ROLE } from './a-cloud';

jest.setTimeout(PATIENCE);

/** An item of what is waited for. */
interface Written {
  readonly pk: { readonly S: string };
  readonly sk: { readonly S: string };
}

const PLACE = 'eu-central-1:111122223333';
const CODE = {
  echo: 'exports.handler = async (event) => event;',
  nothing: 'exports.handler = async () => undefined;',
  fail: 'exports.handler = async ({ name, message }) => { throw Object.assign(new Error(message), { name }); };',
  flaky: `exports.handler = async ({ retries, failures }) => {
    if (retries < failures) throw Object.assign(new Error('attempt ' + (retries + 1)), { name: 'Throttled' });
    return { retries };
  };`,
} satisfies Record<keyof typeof FUNCTIONS, string>;

/**
 * What the interpreter of the tests makes of a definition, on the emulator too: where both agree, neither of us made
 * it up. Where the emulator is known not to do as AWS does, a case says who says so, and fails here as soon as the
 * emulator does.
 */
describe('the interpreter of the tests and the emulator', () => {
  let at: ACloud;
  let states: SFNClient;
  let table: DynamoDBClient;
  let created = 0;

  /** Names in our definitions are those of one place. */
  const create = async (name: string, definition: Definition) => {
    const text = JSON.stringify(definition).replaceAll(PLACE, `${at.cloud.region}:${at.cloud.accountId}`);
    const made = await states.send(new CreateStateMachineCommand({ name, roleArn: ROLE, definition: text }));
    return made.stateMachineArn!;
  };
  const createFunctions = async (code: Readonly<Record<string, string>>) => {
    for (const [FunctionName, text] of Object.entries(code)) {
      const Code = { ZipFile: aZip({ 'index.js': text }) };
      const how = { Runtime: 'nodejs20.x', Handler: 'index.handler', Role: ROLE } as const;
      await at.lambda.send(new CreateFunctionCommand({ FunctionName, Code, ...how }));
    }
  };

  /**
   * @returns how an execution ends, and the states that it enters outside of Maps, of which the emulator tells nothing
   */
  async function run(stateMachineArn: string, input: Json, { States }: Definition) {
    const { executionArn } = await states.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    );
    const end = await eventually(async () => {
      await callBackAll();
      const found = await states.send(new DescribeExecutionCommand({ executionArn }));
      return found.status === 'RUNNING' ? undefined : found;
    });
    const { events = [] } = await states.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000 }));
    const names = events.flatMap(({ stateEnteredEventDetails: entered }) => (entered?.name ? [entered.name] : []));
    return {
      ends:
        end.status === 'SUCCEEDED'
          ? { output: JSON.parse(end.output ?? 'null') }
          : { error: end.error, cause: end.cause },
      enters: names.filter((name) => Object.hasOwn(States, name)),
    };
  }

  beforeAll(async () => {
    at = await aCloud('state-machines');
    states = new SFNClient(at.client);
    table = new DynamoDBClient(at.client);
    await table.send(
      new CreateTableCommand({
        TableName: STATE_TABLE,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: ['pk', 'sk'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      }),
    );
  });
  afterAll(() => at.cloud.stop());

  /** Calls back the states that wait, as their cases and scenarios say. */
  async function callBackAll(): Promise<void> {
    const { Items = [] } = await table.send(new ScanCommand({ TableName: STATE_TABLE, ConsistentRead: true }));
    for (const item of Items as unknown as (Json & Written)[]) {
      // A heartbeat that really stays away would, on a busy machine, also do so where somebody watches.
      const answer = item.pk.S === 'CASE' ? answerOfCase(item) : (answerOfWatcher(item) ?? withoutHeartbeat(item));
      if (answer) await callBack(stepFunctionsCallbacks(states), answer);
      const { pk, sk } = item;
      await table.send(new DeleteItemCommand({ TableName: STATE_TABLE, Key: { pk, sk } }));
    }
  }

  describe('of small definitions', () => {
    beforeAll(async () => {
      await createFunctions(CODE);
      await create('Child', CHILD);
    });

    const runCase = async (given: Case) => {
      created += 1;
      const definition = definitionOf(given);
      return run(await create(`case-${created}`, definition), given.input ?? null, definition);
    };
    const asOnAws = ({ ends, enters }: Case) => ({ ends, enters });

    it.each(CASES.filter(({ notInTheEmulator }) => !notInTheEmulator))('agree: $name', async (given) => {
      expect(await runCase(given)).toMatchObject(asOnAws(given));
    });

    it.each(CASES.filter(({ notInTheEmulator }) => notInTheEmulator))(
      'differ: $name. The emulator $notInTheEmulator',
      async (given) => {
        expect(await runCase(given).catch((error) => error)).not.toMatchObject(asOnAws(given));
      },
    );
  });

  describe('of our own definitions, over stubs of the workers', () => {
    const definitions = ownDefinitions();
    const arns: Record<string, string> = {};
    beforeAll(async () => {
      await createFunctions(Object.fromEntries(WORKERS.map((worker) => [worker, stubCode(worker)])));
      for (const [name, definition] of Object.entries(definitions)) arns[name] = await create(name, definition);
    });

    it.each(Object.entries(SCENARIOS))('agree: %s', async (scenario, { machine }) => {
      const ours = comparable(await interpretScenario(scenario));
      const theirs = comparable(await run(arns[machine]!, inputOf(scenario), definitions[machine]!));
      expect(ours.enters.length).toBeGreaterThan(2);
      expect(theirs).toEqual(ours);
    });
  });
});
