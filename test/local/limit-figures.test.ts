import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LIMITS } from '../../lib/core/contracts/limits';
import { ensureVenv } from '../../lib/local/emulator/python-venv';
import { AMOUNTS } from '../../lib/local/quotas/amounts';

const TEST = join(__dirname, '..');
/** Prints the greatest length of an input of an operation, by botocore's model of it. */
const LONGEST = `
import botocore.session, json, sys
session = botocore.session.get_session()
def longest(service, operation, member):
    shape = session.get_service_model(service).operation_model(operation).input_shape
    return shape.members[member].metadata["max"]
print(json.dumps([longest(*each) for each in json.loads(sys.argv[1])]))`;

/** @returns what a program prints with the Python of an environment of the tests */
async function ask(venv: string, requirements: string, program: string, ...args: string[]): Promise<unknown> {
  const directory = join(TEST, '../.seedbed', venv);
  const python = await ensureVenv({ directory, requirements: join(TEST, requirements) });
  return JSON.parse((await promisify(execFile)(python, ['-I', '-c', program, ...args])).stdout);
}

it('what CloudFormation takes is what cfn-lint knows', async () => {
  const program = 'import json; from cfnlint.helpers import LIMITS; print(json.dumps(LIMITS))';
  expect(await ask('lint-venv', 'infra/requirements.txt', program)).toMatchObject({
    template: { body: LIMITS.templateBytes.most },
    Resources: { number: LIMITS.templateResources.most },
    Outputs: { number: LIMITS.templateOutputs.most },
    Parameters: { number: LIMITS.templateParameters.most },
  });
});

it('names and texts may be as long as botocore’s models say', async () => {
  const inputs = [
    ['roleName', 'iam', 'CreateRole', 'RoleName'],
    ['ruleName', 'events', 'PutRule', 'Name'],
    ['alarmName', 'cloudwatch', 'PutMetricAlarm', 'AlarmName'],
    ['projectName', 'codebuild', 'CreateProject', 'name'],
    ['codeDeployName', 'codedeploy', 'CreateApplication', 'applicationName'],
    ['codeDeployName', 'codedeploy', 'CreateDeploymentGroup', 'deploymentGroupName'],
    ['codeDeployName', 'codedeploy', 'CreateDeploymentConfig', 'deploymentConfigName'],
    ['executionName', 'stepfunctions', 'StartExecution', 'name'],
    ['payload', 'stepfunctions', 'StartExecution', 'input'],
    ['stateMachineDefinition', 'stepfunctions', 'CreateStateMachine', 'definition'],
  ] as const;
  const asked = JSON.stringify(inputs.map(([, ...input]) => input));
  const longest = await ask('moto-venv', 'state-machines/requirements.txt', LONGEST, asked);
  expect(longest).toEqual(inputs.map(([limit]) => LIMITS[limit].most));
});

it('the platform and the local cloud have one figure for the size of a template', () => {
  expect(AMOUNTS['cloudformation-template'].figure).toBe(LIMITS.templateBytes.most);
});
