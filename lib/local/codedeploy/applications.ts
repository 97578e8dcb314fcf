import { randomUUID } from 'node:crypto';
import { AwsError } from '../calls/aws-error';
import type { Operation } from '../gateway/gateway';
import { checkName, pageOf, seconds } from './checks';
import type { Application, Home } from './home';
import { removeTags, setTags } from './tags';

/** @throws AwsError `ApplicationDoesNotExistException` */
export function findApplication(home: Home, name: unknown): Application {
  const found = home.applications.get(checkName('Application', name));
  if (found) return found;
  throw new AwsError('ApplicationDoesNotExistException', `No application found for name: ${name}`);
}

const describe = ({ applicationId, name, createTime }: Application) => ({
  applicationId,
  applicationName: name,
  createTime,
  linkedToGitHub: false,
  computePlatform: 'Lambda',
});

/** The operations on applications. */
export const applicationOperations = (
  homeOf: (caller: Parameters<Operation>[1]) => Home,
): Record<string, Operation> => ({
  CreateApplication: async (input, caller) => {
    const home = homeOf(caller);
    const name = checkName('Application', input.applicationName);
    if (input.computePlatform !== 'Lambda')
      throw new AwsError(
        'InvalidComputePlatformException',
        'the local cloud implements the compute platform Lambda only',
      );
    if (home.applications.has(name))
      throw new AwsError('ApplicationAlreadyExistsException', `Application already exists with name: ${name}`);
    const application = { applicationId: randomUUID(), createTime: seconds(home.clock.now()), name, groups: new Map() };
    home.applications.set(name, application);
    setTags(home, home.arn('application', name), input.tags ?? []);
    return { applicationId: application.applicationId };
  },
  GetApplication: async ({ applicationName }, caller) => ({
    application: describe(findApplication(homeOf(caller), applicationName)),
  }),
  ListApplications: async ({ nextToken }, caller) => {
    const { items, ...more } = pageOf([...homeOf(caller).applications.keys()], nextToken);
    return { applications: items, ...more };
  },
  DeleteApplication: async ({ applicationName }, caller) => {
    const home = homeOf(caller);
    const name = checkName('Application', applicationName);
    for (const group of home.applications.get(name)?.groups.keys() ?? [])
      removeTags(home, home.arn('deploymentgroup', `${name}/${group}`));
    home.applications.delete(name);
    removeTags(home, home.arn('application', name));
    return {};
  },
});
