import { AwsError } from '../calls/aws-error';
import type { Caller } from '../calls/caller';
import type { EmulatorClient } from '../calls/emulator-client';

/** What a call needs: an action on a resource. */
export interface Right {
  /** As in the Service Authorization Reference, such as `codebuild:StartBuild`. */
  readonly action: string;
  /** An ARN; `*` of an action that takes no resources. */
  readonly resource: string;
  /** Condition keys of the request besides those that every request has. */
  readonly context?: Readonly<Record<string, string>>;
}

/**
 * @returns what a caller needs to hand a role to a service:
 *   docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
export const passRole = (role: string, service: string): Right => ({
  action: 'iam:PassRole',
  resource: role,
  context: { 'iam:PassedToService': service },
});

/**
 * Refuses a call of a service that the gateway answers itself unless the caller has all of the rights. The emulator
 * judges, as it judges the calls that reach it: by the policies that are deployed. An account's root has every right.
 * @throws AwsError `AccessDeniedException` with the caller, the action and the resource
 */
export async function requireRights(
  emulator: EmulatorClient,
  { accessKey, region, arn }: Caller,
  rights: readonly Right[],
): Promise<void> {
  if (arn.endsWith(':root') || rights.length === 0) return;
  const denied = await emulator.ask({ accessKey, region }, 'judgement', { accessKey, region, rights });
  // AWS's services of the JSON protocol refuse with this status.
  if (denied.code) throw new AwsError(denied.code, denied.message ?? '', 400);
}
