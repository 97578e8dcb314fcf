import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnParameter } from 'aws-cdk-lib/aws-ssm';
import { LIMITS } from '../../lib/core/contracts/limits';
import { checkLimits } from '../../lib/infra/stack-limits';
import { ASSEMBLIES } from './synthesise';

/** @returns what the synthesis of a stack says of it */
function said(
  fill: (stack: Stack) => void,
  options?: Parameters<typeof checkLimits>[1],
): {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
} {
  process.env.CDK_VALIDATION = 'false';
  mkdirSync(ASSEMBLIES, { recursive: true });
  const app = new App({ analyticsReporting: false, outdir: mkdtempSync(join(ASSEMBLIES, 'assembly-')) });
  const stack = new Stack(app, 'Much');
  checkLimits(stack, options);
  fill(stack);
  const { messages } = app.synth().getStackByName('Much');
  const of = (wanted: string) =>
    messages.filter(({ level }) => level === wanted).map(({ entry }) => String(entry.data));
  return { errors: of('error'), warnings: of('warning') };
}

const aRole = (stack: Stack): CfnRole => new CfnRole(stack, 'Role', { assumeRolePolicyDocument: {} });
const aDocument = (characters: number) => ({ Statement: [{ Effect: 'Allow', Action: 'x'.repeat(characters) }] });

describe('the synthesis of a stack', () => {
  it('says nothing of one that is small', () => {
    expect(said((stack) => aRole(stack))).toEqual({ errors: [], warnings: [] });
  });

  it('says which value is too large, by how much and what to do', () => {
    const fill = (stack: Stack) =>
      new CfnParameter(stack, 'Shop', { name: '/shop', type: 'String', tier: 'Advanced', value: 'x'.repeat(8_200) });
    expect(said(fill).errors).toEqual([
      'the value (/shop) of Shop in stack Much has 8200 bytes, 8 more than AWS takes (the most of a parameter of the ' +
        'advanced tier is 8192); write fewer stages, or fewer and shorter branches and tags of the app: one glob for ' +
        'several names',
    ]);
  });

  it('warns before', () => {
    const fill = (stack: Stack) => {
      for (let index = 0; index < 160; index += 1) new CfnOutput(stack, `Output${index}`, { value: 'x' });
    };
    const { errors, warnings } = said(fill);
    expect(errors).toEqual([]);
    expect(warnings).toEqual([
      expect.stringMatching(/^stack Much has 160 outputs \(the most of a template is 200\); /),
    ]);
  });

  it('gives the advice of the stack itself where the template is full, and nowhere else', () => {
    const fill = (count: number) => (stack: Stack) => {
      for (let index = 0; index < count; index += 1)
        new CfnParameter(stack, `P${index}`, { type: 'String', value: 'x'.repeat(index === 0 ? 4_000 : 1) });
    };
    const { warnings } = said(fill(400), { whenFull: 'begin another one' });
    expect(warnings).toContainEqual(expect.stringMatching(/^stack Much has 400 resources .*; begin another one /));
    expect(warnings).toContainEqual(
      expect.stringMatching(/^the value \(\) of P0 .* has 4000 bytes .*; connect some of the apps/),
    );
  });

  it.each<[string, RegExp, (stack: Stack) => void]>([
    [
      'bytes of the template',
      /^stack Much has \d+ bytes, \d+ more than AWS takes/,
      (stack) => {
        for (let index = 0; index < 300; index += 1)
          new CfnParameter(stack, `P${index}`, { type: 'String', value: 'x'.repeat(4_000) });
      },
    ],
    [
      'policies of a role, together',
      /^the policies of Role in stack Much has 10\d{3} characters, \d+ more/,
      (stack) => {
        const roles = [aRole(stack).ref];
        for (const name of ['One', 'Two'])
          new CfnPolicy(stack, name, { policyName: name, roles, policyDocument: aDocument(5_100) });
      },
    ],
    [
      'permissions of a function',
      /^the policy of Function in stack Much has \d+ bytes, \d+ more/,
      (stack) => {
        const { attrArn } = new CfnFunction(stack, 'Function', { code: {}, role: 'x' });
        for (let index = 0; index < 45; index += 1)
          new CfnPermission(stack, `P${index}`, {
            action: 'lambda:InvokeFunction',
            principal: 'events.amazonaws.com',
            functionName: attrArn,
            sourceArn: `arn:aws:events:eu-central-1:111122223333:rule/Seedbed-PushEventsCodeCommit${index}-0123456789ABC`,
          });
      },
    ],
    [
      'environment of a function',
      /^the environment of Function in stack Much has \d+ bytes/,
      (stack) => {
        const environment = {
          variables: { WEBHOOKS: 'x'.repeat(4_000), OF: stack.account, TABLE: aRole(stack).attrArn },
        };
        new CfnFunction(stack, 'Function', { code: {}, role: 'x', environment });
      },
    ],
  ])('measures the %s', (_, message, fill) => {
    expect(said(fill).errors).toEqual([expect.stringMatching(message)]);
  });
});

it('names a page of AWS for every limit', () => {
  for (const { source } of Object.values(LIMITS)) expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
});
