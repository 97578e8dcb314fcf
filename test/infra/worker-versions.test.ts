import { readdirSync } from 'node:fs';
import { Template } from 'aws-cdk-lib/assertions';
import { FIXTURES, read } from '../golden/files';
import { aPlatform } from './synthesise';

const { platform } = aPlatform();
const template = Template.fromStack(platform);
const versions = template.findResources('AWS::Lambda::Version');
const MACHINES = ['Seedbed-Release', 'Seedbed-ServiceRelease', 'Seedbed-Watcher'];

/** A part of a definition that only the deployment knows. */
type Reference = { readonly Ref?: string; readonly 'Fn::GetAtt'?: readonly [string, string] };

/** @returns what a state machine's definition refers to, and its role's logical id */
function machine(name: string): { readonly references: readonly Reference[]; readonly role: string } {
  const found = template.findResources('AWS::StepFunctions::StateMachine', { Properties: { StateMachineName: name } });
  const { DefinitionString, RoleArn } = Object.values(found)[0]!.Properties;
  const parts: readonly unknown[] = DefinitionString['Fn::Join'][1];
  const references = parts.filter((part) => typeof part === 'object') as Reference[];
  return { references, role: RoleArn['Fn::GetAtt'][0] };
}

/** @returns the functions of which a role may invoke every version, by their logical ids */
function invokes(role: string): readonly string[] {
  const policies = Object.values(template.findResources('AWS::IAM::Policy')).filter(({ Properties }) =>
    JSON.stringify(Properties.Roles).includes(`"${role}"`),
  );
  const statements: readonly { readonly Action: unknown; readonly Resource: unknown }[] = policies.flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  return statements
    .filter(({ Action }) => Action === 'lambda:InvokeFunction')
    .flatMap(({ Resource }) => Resource)
    .flatMap((one) => {
      const [arn, rest] = (one as { readonly 'Fn::Join'?: [string, [Reference, string]] })['Fn::Join']?.[1] ?? [];
      return rest === ':*' && arn?.['Fn::GetAtt'] ? [arn['Fn::GetAtt'][0]] : [];
    });
}

describe('a release that runs while the platform is deployed', () => {
  it.each(MACHINES)('ends on the workers that %s began with: each state names a version', (name) => {
    const { references } = machine(name);
    const functions = references.filter(
      (one) => one['Fn::GetAtt'] && template.findResources('AWS::Lambda::Function')[one['Fn::GetAtt'][0]],
    );
    expect(functions).toEqual([]);
    expect(references.filter(({ Ref }) => Ref !== undefined && Ref in versions).length).toBeGreaterThan(0);
  });

  it('finds these versions: a deployment leaves those that it replaces', () => {
    expect(Object.keys(versions).length).toBeGreaterThan(20);
    for (const { DeletionPolicy, UpdateReplacePolicy } of Object.values(versions)) {
      // And not `Retain`: a version that a failed deployment leaves would stand in the way of the next one, since
      // Lambda publishes the same code only once.
      expect({ DeletionPolicy, UpdateReplacePolicy }).toEqual({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    }
  });

  it.each(MACHINES)('may call them still: the role of %s is let call every version of its workers', (name) => {
    const { references, role } = machine(name);
    const called = references.flatMap(({ Ref }) => {
      const version = Ref === undefined ? undefined : versions[Ref];
      return version ? [version.Properties.FunctionName.Ref as string] : [];
    });
    expect([...new Set(called)].filter((one) => !invokes(role).includes(one))).toEqual([]);
  });

  it.each(readdirSync(FIXTURES))(
    'finds them too if it began under version %s: no function is gone, or out of reach',
    (of) => {
      // A function that goes takes all of its versions with it, and so does one with another logical id.
      const called = read<Readonly<Record<string, readonly string[]>>>(of, 'functions.json');
      const there = Object.keys(template.findResources('AWS::Lambda::Function'));
      for (const name of MACHINES) {
        expect(called[name]!.filter((id) => !there.includes(id))).toEqual([]);
        expect(called[name]!.filter((id) => !invokes(machine(name).role).includes(id))).toEqual([]);
      }
    },
  );
});
