import type { EmulatorClient } from '../calls/emulator-client';
import { RoleSession } from '../calls/role-session';
import type { DeploymentRecord } from './deployment-record';

/** @returns the role with which CodeDeploy acts in a deployment: that of its group. */
export const codeDeployRole = (emulator: EmulatorClient, { request }: DeploymentRecord): RoleSession =>
  new RoleSession(emulator, {
    service: 'codedeploy',
    sourceArn: `arn:aws:codedeploy:${request.region}:${request.accountId}:deploymentgroup:${request.applicationName}/${
      request.group.deploymentGroupName
    }`,
    accountId: request.accountId,
    region: request.region,
    roleArn: request.group.serviceRoleArn,
    sessionName: 'AWSCodeDeploy',
  });
