import { Annotations, type Stack } from 'aws-cdk-lib';
import { describeSize, isNearlyTooLarge, isTooLarge, type LimitName, type Measured } from '../core/contracts/limits';
import { measureTemplate } from './measure-template';

/**
 * Looks at a stack's template when it is synthesised: what AWS would refuse for its size fails the synthesis with what
 * it is, by how much it is too large and what to do; what comes near warns.
 *
 * @param options `whenFull`: what to do if the template is too large, if the stack has advice of its own
 */
export function checkLimits(stack: Stack, options: { readonly whenFull?: string } = {}): void {
  stack.node.addValidation({
    validate() {
      for (const measured of measureTemplate(stack.stackName, templateText(stack))) {
        if (isTooLarge(measured)) Annotations.of(stack).addError(inWords(measured, options));
        else if (isNearlyTooLarge(measured) && !OUR_OWN.includes(measured.limit))
          Annotations.of(stack).addWarningV2(`seedbed:${measured.limit}`, inWords(measured, options));
      }
      return [];
    },
  });
}

/** The CDK shows its errors without a trace, and fails: so they are annotations, not exceptions. */
const inWords = (measured: Measured, { whenFull }: { readonly whenFull?: string }): string => {
  const isFull = measured.limit === 'templateBytes' || measured.limit === 'templateResources';
  return `${describeSize(measured)}; ${(isFull && whenFull) || advice(measured.limit)}`;
};

/** What grows with nothing that is written in seedbed.yml needs no warning. */
const OUR_OWN: readonly LimitName[] = ['roleName', 'ruleName', 'functionName', 'alarmName', 'projectName'];

/** What grows with the installation, and what to split where it is too large. */
function advice(limit: LimitName): string {
  switch (limit) {
    case 'parameterValue':
      return 'write fewer stages, or fewer and shorter branches and tags of the app: one glob for several names';
    case 'functionEnvironment':
      return 'write fewer webhooks, or shorter names of secrets';
    case 'rules':
    case 'functionPolicy':
      return 'connect some of the CodeCommit repositories to a platform in another Region or account';
    case 'bucketPolicy':
      return 'connect the apps of some of the target accounts to a platform in another Region or account';
    default:
      return 'connect some of the apps to a platform in another Region or account, or remove stages';
  }
}

/** @returns the template as it is written and uploaded. */
function templateText(stack: Stack): string {
  // Not public of the CDK, and the one way to what it writes, before it is written.
  const { _toCloudFormation: make } = stack as unknown as { readonly _toCloudFormation: () => unknown };
  return JSON.stringify(stack.resolve(make.call(stack)));
}
