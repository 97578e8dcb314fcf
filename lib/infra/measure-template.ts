import type { LimitName, Measured } from '../core/contracts/limits';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Properties = Readonly<Record<string, Json>>;
type Resource = { readonly Type: string; readonly Properties?: Properties };

/** A template of ours, as the CDK makes it. */
interface MadeTemplate {
  readonly Resources?: Readonly<Record<string, Resource>>;
  readonly Outputs?: object;
  readonly Parameters?: object;
}

/**
 * Measures everything in a template for which AWS has a limit. What only AWS will know, such as the name of a bucket,
 * counts with as many characters as it may have.
 *
 * @param name of the stack
 * @param text the template as it is uploaded
 */
export function measureTemplate(name: string, text: string): readonly Measured[] {
  const { Resources = {}, Outputs = {}, Parameters = {} } = JSON.parse(text) as MadeTemplate;
  const stack = `stack ${name}`;
  return [
    { limit: 'templateBytes', what: stack, size: Buffer.byteLength(text) },
    { limit: 'templateResources', what: stack, size: Object.keys(Resources).length },
    { limit: 'templateOutputs', what: stack, size: Object.keys(Outputs).length },
    { limit: 'templateParameters', what: stack, size: Object.keys(Parameters).length },
    { limit: 'rules', what: stack, size: ofType(Resources, 'AWS::Events::Rule').length },
    ...Object.entries(Resources).flatMap(([id, { Type, Properties = {} }]) =>
      (MEASURES[Type]?.(Properties) ?? []).map(([limit, what, size]) => ({
        limit,
        what: `${what} of ${id} in ${stack}`,
        size,
      })),
    ),
    ...measureRoles(stack, Resources),
    ...measureFunctionPolicies(stack, Resources),
  ];
}

type Part = readonly [LimitName, string, number];

/** What is measured of a resource by itself. */
const MEASURES: Readonly<Record<string, (properties: Properties) => readonly Part[]>> = {
  'AWS::SSM::Parameter': ({ Name, Value, Tier }) => [
    ['parameterName', 'the name', written(Name).length],
    [
      Tier === 'Advanced' || Tier === 'Intelligent-Tiering' ? 'parameterValue' : 'standardParameterValue',
      `the value (${written(Name)})`,
      Buffer.byteLength(written(Value)),
    ],
  ],
  'AWS::Lambda::Function': ({ FunctionName = '', Environment }) => [
    ['functionName', 'the name', written(FunctionName).length],
    ['functionEnvironment', 'the environment', variablesOf(Environment)],
  ],
  'AWS::S3::BucketPolicy': ({ PolicyDocument = '' }) => [['bucketPolicy', 'the policy', lengthOf(PolicyDocument)]],
  'AWS::IAM::ManagedPolicy': ({ PolicyDocument = '' }) => [['managedPolicy', 'the policy', lengthOf(PolicyDocument)]],
  'AWS::Events::Rule': ({ Name = '', EventPattern = '' }) => [
    ['ruleName', 'the name', written(Name).length],
    ['eventPattern', 'the pattern', lengthOf(EventPattern)],
  ],
  'AWS::CloudWatch::Alarm': ({ AlarmName = '' }) => [['alarmName', 'the name', written(AlarmName).length]],
  'AWS::CodeBuild::Project': ({ Name = '' }) => [['projectName', 'the name', written(Name).length]],
  'AWS::StepFunctions::StateMachine': ({ DefinitionString = '' }) => [
    ['stateMachineDefinition', 'the definition', Buffer.byteLength(written(DefinitionString))],
  ],
};

/** Policies of a role count together, wherever the template has them. */
function measureRoles(stack: string, resources: NonNullable<MadeTemplate['Resources']>): readonly Measured[] {
  return ofType(resources, 'AWS::IAM::Role').flatMap(([id, role]) => {
    const attached = (type: string) =>
      ofType(resources, type).filter(([, { Roles }]) => list(Roles).some((one) => refersTo(one, id)));
    const own = list(role.Policies) as readonly { readonly PolicyDocument: Json }[];
    const inline = [...own, ...attached('AWS::IAM::Policy').map(([, properties]) => properties)];
    const what = (part: string): string => `${part} of ${id} in ${stack}`;
    return [
      { limit: 'roleName', what: what('the name'), size: written(role.RoleName ?? '').length },
      { limit: 'trustPolicy', what: what('the trust policy'), size: lengthOf(role.AssumeRolePolicyDocument ?? '') },
      {
        limit: 'rolePolicies',
        what: what('the policies'),
        size: inline.reduce((sum, { PolicyDocument = '' }) => sum + lengthOf(PolicyDocument), 0),
      },
      {
        limit: 'managedPoliciesOfRole',
        what: what('the role'),
        size: list(role.ManagedPolicyArns).length + attached('AWS::IAM::ManagedPolicy').length,
      },
    ] as const;
  });
}

/** Lambda writes a statement for each permission into the policy of its function. */
function measureFunctionPolicies(stack: string, resources: NonNullable<MadeTemplate['Resources']>): Measured[] {
  const sizes = new Map<string, number>();
  for (const [, permission] of ofType(resources, 'AWS::Lambda::Permission')) {
    const id = /"(\w+)","Arn"/.exec(JSON.stringify(permission.FunctionName))?.[1] ?? written(permission.FunctionName);
    sizes.set(id, (sizes.get(id) ?? EMPTY_POLICY) + AROUND_STATEMENT + lengthOf(permission));
  }
  return [...sizes].map(([id, size]) => ({ limit: 'functionPolicy', what: `the policy of ${id} in ${stack}`, size }));
}

/** `Version`, `Id` and the brackets. */
const EMPTY_POLICY = 80;
/** A statement's `Sid`, which CloudFormation makes of stack, logical id and letters, and how conditions are written. */
const AROUND_STATEMENT = 220;

const ofType = (resources: NonNullable<MadeTemplate['Resources']>, type: string): readonly [string, Properties][] =>
  Object.entries(resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, { Properties = {} }]) => [id, Properties]);

const list = (value: Json | undefined): readonly Json[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as Json];

const refersTo = (value: Json, id: string): boolean => JSON.stringify(value) === JSON.stringify({ Ref: id });

function variablesOf(environment: Json | undefined): number {
  const { Variables = {} } = (environment ?? {}) as { Variables?: Properties };
  return Object.entries(Variables).reduce((sum, [key, value]) => sum + Buffer.byteLength(key + written(value)), 0);
}

/** @returns how many characters a document has as JSON: white space between its parts does not count. */
const lengthOf = (value: Json): number => JSON.stringify(filledIn(value)).length;

/** @returns a value as text, filled in. */
const written = (value: Json | undefined): string => {
  const filled = filledIn(value ?? '');
  return typeof filled === 'string' ? filled : JSON.stringify(filled);
};

/** Of a length that no region's name has more of. */
const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws-us-gov',
  'AWS::AccountId': '111122223333',
  'AWS::Region': 'ap-southeast-1',
  'AWS::URLSuffix': 'amazonaws.com.cn',
};
/** Names that CloudFormation makes have at most 64 characters; an ARN has some 60 more around them. */
const MADE_NAME = 'x'.repeat(64);
const MADE_ARN = 'x'.repeat(128);

/** @returns the value with texts in the place of what only AWS will know. */
function filledIn(value: Json): Json {
  if (Array.isArray(value)) return value.map(filledIn);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, of] = entries.length === 1 ? entries[0]! : ['', null];
  if (name === 'Ref') return PSEUDO[String(of)] ?? MADE_NAME;
  if (name === 'Fn::GetAtt' || name === 'Fn::ImportValue') return MADE_ARN;
  if (name === 'Fn::Join') {
    const [between, parts] = of as readonly [string, readonly Json[]];
    return Array.isArray(parts) ? parts.map(written).join(between) : MADE_ARN;
  }
  if (name === 'Fn::Sub') return String(list(of)[0]).replace(/\$\{[^${}]+\}/g, MADE_NAME);
  if (name === 'Fn::Select' || name === 'Fn::Split') return MADE_NAME;
  return Object.fromEntries(entries.map(([key, inner]) => [key, filledIn(inner)]));
}
