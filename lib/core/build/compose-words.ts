import { isJsonObject } from '../text/canonical-json';

/**
 * What `serverless-compose.yml` says of a service and Seedbed does not read.
 *
 * @param file    its name
 * @param compose what it holds
 * @param service path of the service
 * @returns a warning for each key, with what to write instead
 */
export function tellCompose(file: string, compose: unknown, service: string): readonly string[] {
  const services = isJsonObject(compose) && isJsonObject(compose.services) ? compose.services : {};
  return Object.entries(services).flatMap(([name, one]) => {
    if (!isJsonObject(one) || typeof one.path !== 'string' || bare(one.path) !== bare(service)) return [];
    return Object.entries(INSTEAD).flatMap(([key, instead]) =>
      one[key] === undefined ? [] : [`${file}: "services.${name}.${key}" is not read; ${instead}`],
    );
  });
}

const bare = (path: string): string => path.replace(/^(\.\/)+/, '').replace(/(?<!\/)\/+$/, '') || '.';

const INSTEAD = {
  dependsOn: 'write the order in seed.yml, key "deploy_after" or "phases"',
  params: 'write them under "params" in serverless.yml, or give the stage variables with "seedbed env set"',
  config: "Seedbed packages what the directory's serverless.yml says; give that file this configuration",
} as const;

/** @returns what is told where the file is a program, of which nothing is read. */
export const unreadProgram = (file: string): string =>
  `${file} is not read: for "dependsOn" ${INSTEAD.dependsOn}; for "params" ${INSTEAD.params}`;
