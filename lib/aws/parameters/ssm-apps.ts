import {
  GetParameterCommand,
  ParameterNotFound,
  paginateGetParametersByPath,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import type { AppConfig } from '../../core/contracts/app-config';
import { APP_PARAMETERS, appParameter, repositoryParameter } from '../../core/contracts/app-parameters';
import { readStoredApp } from '../../core/contracts/stored-app';
import type { Apps } from '../../ports/apps';

/** The port Apps over SSM parameters. */
export function ssmApps(client: SSMClient): Apps {
  async function read(name: string): Promise<string | undefined> {
    try {
      return (await client.send(new GetParameterCommand({ Name: name }))).Parameter?.Value;
    } catch (error) {
      if (error instanceof ParameterNotFound) return undefined;
      throw error;
    }
  }
  async function find(app: string): Promise<AppConfig | undefined> {
    const text = await read(appParameter(app));
    return text === undefined ? undefined : readStoredApp(text);
  }

  return {
    find,

    async findByRepository(repository) {
      const app = await read(repositoryParameter(repository));
      return app === undefined ? undefined : find(app);
    },

    async names() {
      const names: string[] = [];
      for await (const page of paginateGetParametersByPath({ client }, { Path: APP_PARAMETERS })) {
        names.push(...(page.Parameters ?? []).map(({ Name = '' }) => Name.slice(APP_PARAMETERS.length + 1)));
      }
      return names.sort();
    },
  };
}
