import { LIMITS } from '../../../lib/core/contracts/limits';
import { AMOUNTS } from '../../../lib/local/quotas/amounts';

// The product warns of what the local cloud refuses: two tables of the same figures, since neither may know the other.
it.each([
  ['templateBytes', 'cloudformation-template'],
  ['templateResources', 'cloudformation-resources'],
  ['templateOutputs', 'cloudformation-outputs'],
  ['templateParameters', 'cloudformation-parameters'],
  ['parameterValue', 'ssm-advanced-parameter'],
  ['standardParameterValue', 'ssm-standard-parameter'],
  ['functionPolicy', 'lambda-function-policy'],
  ['functionEnvironment', 'lambda-variables'],
  ['rolePolicies', 'iam-role-policies'],
  ['managedPolicy', 'iam-managed-policy'],
  ['trustPolicy', 'iam-trust-policy'],
] as const)('the limit %s has the figure of %s', (limit, quota) => {
  expect(LIMITS[limit].most).toBe(AMOUNTS[quota].figure);
});
