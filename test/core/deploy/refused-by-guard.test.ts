import { explainGuard } from '../../../lib/core/deploy/refused-by-guard';

const refusal = (role: string, why: string) =>
  `Resource handler returned message: "User: arn:aws:sts::111122223333:assumed-role/${role}/AWSCloudFormation is not ` +
  `authorized to perform: iam:CreateRole on resource: arn:aws:iam::111122223333:role/x ${why} (Service: Iam, Status Code: 403)"`;

describe('a refusal of CloudFormation', () => {
  it('is explained where it is the platform’s own limits that refuse', () => {
    const reason = refusal('seedbed-cloudformation', 'with an explicit deny in an identity-based policy');
    expect(explainGuard(reason)).toContain('security.md#what-stacks-of-services-may-do');
  });

  it('is left to speak for itself otherwise', () => {
    expect(explainGuard(undefined)).toBe('');
    expect(explainGuard('Queue already exists')).toBe('');
    const lacking = 'because no identity-based policy allows the iam:CreateRole action';
    expect(explainGuard(refusal('seedbed-cloudformation', lacking))).toBe('');
    expect(explainGuard(refusal('team-cloudformation', 'with an explicit deny in an identity-based policy'))).toBe('');
  });
});
