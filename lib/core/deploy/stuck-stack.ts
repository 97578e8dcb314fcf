/**
 * @returns what to do about a stack whose rollback failed, which CloudFormation does not update until a person acts.
 */
export const rollbackAdvice = (stackName: string): string =>
  'its rollback failed too: fix the resource that its events name, run ' +
  `"aws cloudformation continue-update-rollback --stack-name ${stackName}" ` +
  '(with --resources-to-skip for what cannot be fixed), then release again';
