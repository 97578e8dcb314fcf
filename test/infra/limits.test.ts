import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { ReleaseError } from '../../lib/core/contracts/errors';
import { aPlatform } from './synthesise';

/** AWS's figures once more, so that a slip in the table shows. */
const MOST = {
  template: 1_000_000,
  resources: 500,
  functionPolicy: 20 * 1024,
  bucketPolicy: 20 * 1024,
  rolePolicies: 10_240,
  managedPolicy: 6_144,
  trustPolicy: 2_048,
  environment: 4 * 1024,
  parameter: 8 * 1024,
};

/** An installation, as large as its owner makes it. */
interface Installation {
  readonly github: number;
  readonly codecommit: number;
  readonly stages: number;
  readonly accounts: number;
  /** How long all names are: 0 for as short as can be, 1 for as long as is allowed. */
  readonly names: 'short' | 'long';
  readonly branches: number;
  /** How many stacks the apps are in. */
  readonly stacks?: number;
}

const padded = (text: string, length: number, names: Installation['names']): string =>
  names === 'short' ? text : text.padEnd(length, '-x');

function seedbedYml({ github, codecommit, stages, accounts, names, branches, stacks = 1 }: Installation): string {
  const count = (number: number) => Array.from({ length: number }, (_, index) => index);
  const account = (index: number): string => String(200_000_000_000 + index);
  const target = (index: number): string => padded(`t${index}`, 32, names);
  const refs = (stage: number): string =>
    count(branches)
      .map((branch) => `"${padded(`b${stage}-${branch}`, 60, names)}"`)
      .join(', ');
  const stage = (index: number): string => {
    const where = accounts > 0 ? `, target: ${target(index % accounts)}` : '';
    return `      ${padded(`s${index}`, 32, names)}: { branches: [${refs(index)}]${where} }`;
  };
  const app = (kind: 'github' | 'codecommit', index: number): string[] => {
    const name = padded(`${kind}-${index}`, 100, names);
    const repository = kind === 'github' ? `github: ${padded('acme', 39, names)}/${name}` : `codecommit: ${name}`;
    return [
      `  ${padded(`${kind}-${index}`, 32, names)}:`,
      ...(index % stacks === 0 ? [] : [`    stack: s${index % stacks}`]),
      `    repository: { ${repository} }`,
      '    stages:',
      ...count(stages).map(stage),
    ];
  };
  return [
    'targets:',
    ...count(accounts).map((index) => `  ${target(index)}: { account: '${account(index)}' }`),
    'apps:',
    ...count(github).flatMap((index) => app('github', index)),
    ...count(codecommit).flatMap((index) => app('codecommit', index)),
  ].join('\n');
}

type Json = Readonly<Record<string, never>>;
interface Made {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: templates of all kinds
  readonly Properties: any;
}

/** Whatever stands for an ARN or a name has a hundred characters. */
const size = (value: unknown): number =>
  JSON.stringify(value ?? '', (_, inner: Json) => {
    if (typeof inner !== 'object' || inner === null) return inner;
    if ('Ref' in inner || 'Fn::GetAtt' in inner || 'Fn::ImportValue' in inner) return 'x'.repeat(20);
    return 'Fn::Join' in inner ? (inner['Fn::Join'][1] as unknown[]) : inner;
  }).replace(/[[\]"],?/g, '').length;

/** @returns what is larger than AWS takes, in the files that are uploaded. */
function broken(directory: string, files: readonly string[]): readonly string[] {
  return files.flatMap((file) => {
    const text = readFileSync(join(directory, file), 'utf8');
    const resources = Object.entries((JSON.parse(text) as { Resources: Record<string, Made> }).Resources);
    const over: string[] = [];
    const look = (what: string, found: number, most: number): void => {
      if (found > most) over.push(`${file} ${what}: ${found} of ${most}`);
    };
    look('bytes', Buffer.byteLength(text), MOST.template);
    look('resources', resources.length, MOST.resources);
    const permissions = resources.filter(([, { Type }]) => Type === 'AWS::Lambda::Permission');
    for (const [id, { Type, Properties }] of resources) {
      if (Type === 'AWS::SSM::Parameter') look(id, Buffer.byteLength(Properties.Value), MOST.parameter);
      if (Type === 'AWS::Lambda::Function') {
        look(`environment of ${id}`, size(Properties.Environment?.Variables), MOST.environment);
        const of = permissions.filter(([, one]) => JSON.stringify(one.Properties.FunctionName).includes(`"${id}"`));
        look(`policy of ${id}`, size(of.map(([, one]) => one.Properties)), MOST.functionPolicy);
      }
      if (Type === 'AWS::S3::BucketPolicy') look(id, size(Properties.PolicyDocument), MOST.bucketPolicy);
      if (Type === 'AWS::IAM::ManagedPolicy') look(id, size(Properties.PolicyDocument), MOST.managedPolicy);
      if (Type !== 'AWS::IAM::Role') continue;
      look(`trust of ${id}`, size(Properties.AssumeRolePolicyDocument), MOST.trustPolicy);
      const policies = resources.filter(
        ([, one]) => one.Type === 'AWS::IAM::Policy' && JSON.stringify(one.Properties.Roles).includes(`"${id}"`),
      );
      const inline = [...(Properties.Policies ?? []), ...policies.map(([, one]) => one.Properties)];
      const total = inline.reduce((sum, { PolicyDocument }) => sum + size(PolicyDocument), 0);
      look(`policies of ${id}`, total, MOST.rolePolicies);
    }
    return over;
  });
}

/** @returns what AWS would refuse, or why we refuse it. */
function tried(installation: Installation): { readonly refused?: string; readonly broken: readonly string[] } {
  try {
    const { app } = aPlatform({ text: seedbedYml(installation) });
    const { directory, stacks } = app.synth();
    const errors = stacks.flatMap(({ messages }) => messages.filter(({ level }) => level === 'error'));
    if (errors.length > 0) return { refused: String(errors[0]!.entry.data), broken: [] };
    const files = stacks.map(({ templateFile }) => templateFile);
    return { broken: broken(directory, files) };
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    return { refused: error.message, broken: [] };
  }
}

const small: Installation = { github: 1, codecommit: 1, stages: 1, accounts: 0, names: 'short', branches: 1 };

describe('an installation', () => {
  it('that passes the checks breaks no limit of AWS, whatever its size', () => {
    const anInstallation = fc.record<Installation>({
      github: fc.integer({ min: 0, max: 80 }),
      codecommit: fc.integer({ min: 0, max: 80 }),
      stages: fc.integer({ min: 1, max: 30 }),
      accounts: fc.integer({ min: 0, max: 60 }),
      names: fc.constantFrom('short', 'long'),
      branches: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(anInstallation, (installation) => {
        expect(tried(installation).broken).toEqual([]);
      }),
      // A platform takes seconds to synthesise.
      { numRuns: 5, endOnFailure: true },
    );
  });

  it.each([
    ['61 apps of three stages', { ...small, github: 60, stages: 3 }],
    ['150 apps of three stages in three stacks', { ...small, github: 150, codecommit: 0, stages: 3, stacks: 3 }],
    ['120 repositories at CodeCommit', { ...small, github: 0, codecommit: 120, names: 'long' }],
    ['100 stages of an app', { ...small, github: 0, stages: 100 }],
    ['60 target accounts', { ...small, stages: 60, accounts: 60 }],
  ] as const)('may have %s', (_, installation) => {
    expect(tried(installation)).toEqual({ broken: [] });
  });
});
