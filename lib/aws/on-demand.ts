import type { STSClient } from '@aws-sdk/client-sts';
import type { Artifacts } from '../ports/artifacts';
import type { Builds } from '../ports/builds';
import type { CloneCredentials } from '../ports/clone-credentials';
import type { EnvironmentRemover, EnvironmentStamps } from '../ports/environments';
import type { Events } from '../ports/events';
import type { TargetPorts, TargetPortsOf } from '../ports/target-ports';
import { lazyPort } from './clients/lazy-port';
import type { TargetAccess } from './target/per-target';

/** @returns everything a worker can do in targets, for one that seldom does: clients are loaded when they are used. */
export function targetsOnDemand(sts: STSClient, access: TargetAccess): TargetPortsOf {
  let loaded: Promise<TargetPortsOf> | undefined;
  const load = (): Promise<TargetPortsOf> => {
    loaded ??= import('./target/aws-target-ports').then(({ awsTargetPorts }) => awsTargetPorts(sts, access));
    return loaded;
  };
  return (target, caller) => {
    const port = <Name extends keyof TargetPorts>(name: Name): TargetPorts[Name] =>
      lazyPort(async () => (await load())(target, caller)[name]);
    return {
      functions: port('functions'),
      stacks: port('stacks'),
      shifts: port('shifts'),
      alarms: port('alarms'),
      hookRuns: port('hookRuns'),
      buckets: port('buckets'),
      versions: port('versions'),
    };
  };
}

/** @returns the artifact repository, for a worker that seldom needs it. */
export const artifactsOnDemand = (bucket: string): Artifacts =>
  lazyPort(async () => {
    const [{ s3Client }, { s3Artifacts }] = await Promise.all([
      import('./clients/s3'),
      import('./builds/s3-artifacts'),
    ]);
    return s3Artifacts(s3Client(), bucket);
  });

/** @returns the event bus, for a worker that publishes only when it has started or ended a release. */
export const eventsOnDemand = (): Events =>
  lazyPort(async () => {
    const [{ eventBridgeClient }, { eventBridgeEvents }] = await Promise.all([
      import('./clients/eventbridge'),
      import('./telling/event-bridge-events'),
    ]);
    return eventBridgeEvents(eventBridgeClient());
  });

/** @returns a way to stop builds of any project, for a worker that seldom does. */
export const buildsOnDemand = (): Pick<Builds, 'stop'> =>
  lazyPort(async () => {
    const [{ codeBuildClient }, { codeBuildBuilds }] = await Promise.all([
      import('./clients/codebuild'),
      import('./builds/codebuild-builds'),
    ]);
    return codeBuildBuilds(codeBuildClient());
  });

/** @returns the credentials for cloning, for a worker that needs none for repositories on CodeCommit. */
export const cloneCredentialsOnDemand = (): CloneCredentials =>
  lazyPort(async () => {
    const [{ ssmClient }, { ssmCloneCredentials }] = await Promise.all([
      import('./clients/ssm'),
      import('./parameters/ssm-clone-credentials'),
    ]);
    return ssmCloneCredentials(ssmClient());
  });

/** @returns what removes the variables of made stages, for a worker that seldom does. */
export const environmentsOnDemand = (): EnvironmentRemover =>
  lazyPort(async () => {
    const [{ ssmClient }, { ssmEnvironmentRemover }] = await Promise.all([
      import('./clients/ssm'),
      import('./parameters/ssm-environment-remover'),
    ]);
    return ssmEnvironmentRemover(ssmClient());
  });

/** @returns the marks of changed environments, for a worker whose other calls need no Systems Manager. */
export const environmentStampsOnDemand = (): EnvironmentStamps =>
  lazyPort(async () => {
    const [{ ssmClient }, { ssmEnvironmentStamps }] = await Promise.all([
      import('./clients/ssm'),
      import('./parameters/ssm-environment-stamps'),
    ]);
    return ssmEnvironmentStamps(ssmClient());
  });
