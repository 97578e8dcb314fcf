import { type ParsedRead, parseRead, type ReadKind } from './build-reads';

/** Where the things lie. */
export interface ReadPlace {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

/** What a policy of IAM says. */
export interface ReadStatement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/**
 * @returns the length of a policy of these statements, as CloudFormation hands it to IAM (which counts no white space)
 */
export const policySize = (statements: readonly ReadStatement[]): number =>
  JSON.stringify({
    Statement: statements.map(({ actions, resources, conditions }) => ({
      Action: actions,
      Condition: conditions,
      Effect: 'Allow',
      Resource: resources,
    })),
    Version: '2012-10-17',
  }).length;

/**
 * What the reads of a stage are in IAM; actions and their resources are those of AWS's Service Authorization Reference:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 *
 * @param reads as `BuildRead` takes them
 */
export function readStatements(reads: readonly string[], place: ReadPlace): readonly ReadStatement[] {
  const parsed = reads.map(parseRead);
  const of = (kind: ReadKind) => parsed.filter((read) => read.kind === kind);
  return [
    ...parameterStatements(of('ssm'), place),
    ...secretStatements(of('secretsmanager'), place),
    ...objectStatements(of('s3'), place),
    ...stackStatements(of('cloudformation'), place),
    ...packageStatements(of('codeartifact'), place),
    ...keyStatements(parsed, place),
  ].filter(({ resources }) => resources.length > 0);
}

const star = ({ name, isPrefix }: ParsedRead): string => `${name}${isPrefix ? '*' : ''}`;
const arn = ({ partition, region, account }: ReadPlace, service: string, rest: string): string =>
  `arn:${partition}:${service}:${region}:${account}:${rest}`;

function parameterStatements(reads: readonly ParsedRead[], place: ReadPlace): readonly ReadStatement[] {
  // Parameters that AWS publishes are nobody's.
  const parameter = (name: string): string => {
    const isPublic = /^\/?aws\/service\//.test(name);
    return arn({ ...place, account: isPublic ? '' : place.account }, 'ssm', `parameter/${name.replace(/^\//, '')}`);
  };
  const read = ['ssm:GetParameter', 'ssm:GetParameters'];
  const list = 'ssm:GetParametersByPath';
  const single = reads.filter(({ isPrefix }) => !isPrefix);
  const prefixes = reads.filter(({ isPrefix }) => isPrefix);
  // To list what is below a path takes a right on the path itself. It shows everything below, even what IAM denies by
  // name (https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html): who may read
  // one parameter lists nothing.
  const paths = prefixes.filter(({ name }) => name.endsWith('/'));
  return [
    { actions: read, resources: single.map(({ name }) => parameter(name)) },
    { actions: [...read, list], resources: prefixes.map((one) => parameter(star(one))) },
    { actions: [list], resources: paths.map(({ name }) => parameter(name.slice(0, -1))) },
  ];
}

/** Secrets Manager ends the ARN of a secret in six characters of its own. */
const secretStatements = (reads: readonly ParsedRead[], place: ReadPlace): readonly ReadStatement[] => [
  {
    actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
    resources: reads.map(({ name, isPrefix }) =>
      arn(place, 'secretsmanager', `secret:${name}${isPrefix ? '*' : '-??????'}`),
    ),
  },
];

/** Buckets of the account alone: another account's could be anybody's. */
function objectStatements(reads: readonly ParsedRead[], { partition, account }: ReadPlace): readonly ReadStatement[] {
  const own = { 'aws:ResourceAccount': [account] };
  return [
    {
      actions: ['s3:GetObject', 's3:GetObjectVersion'],
      resources: reads.map((read) => `arn:${partition}:s3:::${star(read)}`),
      conditions: { StringEquals: own },
    },
    // Without it S3 answers "forbidden" for an object that is missing.
    ...reads.map((read) => {
      const [bucket = '', ...key] = star(read).split('/');
      return {
        actions: ['s3:ListBucket'],
        resources: [`arn:${partition}:s3:::${bucket}`],
        conditions: { StringEquals: own, StringLike: { 's3:prefix': [key.join('/')] } },
      };
    }),
  ];
}

function stackStatements(reads: readonly ParsedRead[], place: ReadPlace): readonly ReadStatement[] {
  const takesAll = reads.some(({ name }) => name === '');
  return [
    {
      actions: [
        'cloudformation:DescribeStackResource',
        'cloudformation:DescribeStackResources',
        'cloudformation:DescribeStacks',
        'cloudformation:ListStackResources',
      ],
      resources: reads.map((read) => arn(place, 'cloudformation', `stack/${star(read)}/*`)),
    },
    // They take no resources.
    { actions: ['cloudformation:ListExports', 'cloudformation:ListStacks'], resources: takesAll ? ['*'] : [] },
  ];
}

/** https://docs.aws.amazon.com/codeartifact/latest/ug/auth-and-access-control-iam-identity-based-access-control.html */
function packageStatements(reads: readonly ParsedRead[], place: ReadPlace): readonly ReadStatement[] {
  const domains = [...new Set(reads.map(({ name }) => name.split('/')[0]!))];
  return [
    {
      actions: ['codeartifact:GetAuthorizationToken'],
      resources: domains.map((domain) => arn(place, 'codeartifact', `domain/${domain}`)),
    },
    {
      actions: ['codeartifact:GetRepositoryEndpoint', 'codeartifact:ReadFromRepository'],
      resources: reads.map((read) => arn(place, 'codeartifact', `repository/${star(read)}`)),
    },
    {
      actions: ['sts:GetServiceBearerToken'],
      resources: reads.length > 0 ? ['*'] : [],
      conditions: { StringEquals: { 'sts:AWSServiceName': ['codeartifact.amazonaws.com'] } },
    },
  ];
}

/** What is encrypted with a customer's key is read by the service in the reader's name. */
function keyStatements(reads: readonly ParsedRead[], place: ReadPlace): readonly ReadStatement[] {
  const kinds = (['ssm', 'secretsmanager', 's3'] as const).filter((kind) => reads.some((read) => read.kind === kind));
  return [
    {
      actions: ['kms:Decrypt'],
      resources: kinds.length > 0 ? [arn(place, 'kms', 'key/*')] : [],
      conditions: { StringEquals: { 'kms:ViaService': kinds.map((kind) => `${kind}.${place.region}.amazonaws.com`) } },
    },
  ];
}
