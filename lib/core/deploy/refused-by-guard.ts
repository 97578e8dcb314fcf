import { EXECUTION_ROLE_NAME } from '../contracts/release';

/** How IAM names the session of CloudFormation's role, and after it the kind of refusal that no right can lift. */
const WHO = `:assumed-role/${EXECUTION_ROLE_NAME}/`;
const FOR_GOOD = 'with an explicit deny';

function isRefused(reason: string): boolean {
  const who = reason.indexOf(WHO);
  return who >= 0 && reason.includes(FOR_GOOD, who);
}

/**
 * @param reason why a resource of a stack failed, as CloudFormation says it
 * @returns what to know of it if the platform's own limits refused it, else nothing; to be appended
 */
export const explainGuard = (reason: string | undefined): string =>
  reason !== undefined && isRefused(reason)
    ? " (stacks of services get at nothing of the platform's, and where roles must have a permissions boundary make none " +
      'without it: docs/security.md#what-stacks-of-services-may-do)'
    : '';
