import { randomBytes, randomUUID } from 'node:crypto';
import {
  DeleteParametersCommand,
  GetParameterCommand,
  type Parameter,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  paginateGetParametersByPath,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import type { StageVariable } from '../../core/contracts/environment-variable';
import { settingsStage } from '../../core/contracts/release';
import {
  environmentPath,
  environmentSaltParameter,
  environmentStampParameter,
  type StageOfApp,
} from '../../core/contracts/stage-environment';
import type { Environments, VariableToSet } from '../../ports/environments';
import { busyIsThrottled } from '../clients/busy-is-throttled';
import { chunks } from '../clients/chunks';

/** How many names DeleteParameters takes. */
const MOST_NAMES = 10;
/** Bytes of a salt: as many as the hash has. */
const SALT_BYTES = 32;

/** The port Environments over SSM parameters, secrets encrypted with the account's own key for them. */
export function ssmEnvironments(client: SSMClient): Environments {
  const calling = <T>(call: () => Promise<T>): Promise<T> => busyIsThrottled('Systems Manager', call);

  const list: Environments['list'] = (stage, { secrets }) =>
    calling(async () => {
      const Path = environmentPath(stage);
      const variables: StageVariable[] = [];
      const input = { Path, WithDecryption: secrets };
      for await (const { Parameters = [] } of paginateGetParametersByPath({ client }, input))
        variables.push(...Parameters.map((parameter) => variableOf(parameter, Path, secrets)));
      return variables.sort((a, b) => (a.name < b.name ? -1 : 1));
    });

  async function remove(stage: StageOfApp, names: readonly string[]): Promise<readonly string[]> {
    const path = environmentPath(stage);
    const deleted: string[] = [];
    for (const some of chunks(names, MOST_NAMES)) {
      const Names = some.map((name) => `${path}/${name}`);
      const { DeletedParameters = [] } = await calling(() => client.send(new DeleteParametersCommand({ Names })));
      deleted.push(...DeletedParameters.map((name) => name.slice(path.length + 1)));
    }
    return names.filter((name) => deleted.includes(name));
  }

  async function put(stage: StageOfApp, { name, value, secret }: VariableToSet): Promise<void> {
    const Type = secret ? ('SecureString' as const) : ('String' as const);
    const input = { Name: `${environmentPath(stage)}/${name}`, Value: value, Type, Overwrite: true };
    await calling(() => client.send(new PutParameterCommand(input)));
  }

  async function makeSalt(stage: StageOfApp): Promise<void> {
    const Name = environmentSaltParameter(stage.app, settingsStage(stage));
    const Value = randomBytes(SALT_BYTES).toString('base64');
    try {
      await calling(() => client.send(new PutParameterCommand({ Name, Value, Type: 'SecureString' })));
    } catch (error) {
      if (!(error instanceof ParameterAlreadyExists)) throw error;
    }
  }

  const stamp = (stage: StageOfApp): Promise<unknown> => {
    const Name = environmentStampParameter(stage);
    return calling(() =>
      client.send(new PutParameterCommand({ Name, Value: randomUUID(), Type: 'String', Overwrite: true })),
    );
  };

  return {
    list,

    async set(stage, variables) {
      const known = new Map((await list(stage, { secrets: false })).map(({ name, secret }) => [name, secret]));
      // A parameter's type cannot change: a variable that becomes a secret, or stops being one, is created again.
      const otherKind = variables.filter(({ name, secret }) => known.has(name) && known.get(name) !== secret);
      if (otherKind.length > 0)
        await remove(
          stage,
          otherKind.map(({ name }) => name),
        );
      await makeSalt(stage);
      for (const variable of variables) await put(stage, variable);
      await stamp(stage);
    },

    async remove(stage, names) {
      const removed = await remove(stage, names);
      if (removed.length > 0) await stamp(stage);
      return removed;
    },

    async salt(stage) {
      const Name = environmentSaltParameter(stage.app, settingsStage(stage));
      try {
        const { Parameter } = await calling(() => client.send(new GetParameterCommand({ Name, WithDecryption: true })));
        return Parameter?.Value;
      } catch (error) {
        if (error instanceof ParameterNotFound) return undefined;
        throw error;
      }
    },
  };
}

function variableOf(
  { Name = '', Type, Value, Version = 1, LastModifiedDate }: Parameter,
  path: string,
  secrets: boolean,
): StageVariable {
  const secret = Type === 'SecureString';
  return {
    name: Name.slice(path.length + 1),
    // Without decryption it is the cipher text, which is of no use to anybody.
    value: secret && !secrets ? undefined : Value,
    secret,
    version: Version,
    changedAt: (LastModifiedDate ?? new Date(0)).toISOString(),
  };
}
