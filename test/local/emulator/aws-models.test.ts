import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { VENV } from '../../../lib/local/emulator/checkout';
import { ensureVenv } from '../../../lib/local/emulator/python-venv';
import { PATIENCE } from '../a-cloud';

jest.setTimeout(PATIENCE);

/** A call as the emulator's services get it, and what the service answers if it is asked. */
interface Case {
  readonly service: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly query: Readonly<Record<string, readonly string[]>>;
  readonly answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

interface Outcome {
  readonly reached: boolean;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const EMULATOR = join(__dirname, '../../../lib/local/emulator');
const NOTHING = { status: 200, headers: {}, body: '' };

/** Runs a script of this directory. @returns what it wrote */
async function python<T>(script: string, input: unknown = null): Promise<T> {
  const command = await ensureVenv({ directory: VENV });
  return await new Promise((resolve, reject) => {
    const options = { maxBuffer: 2 ** 26 };
    const child = execFile(command, [join(__dirname, script), EMULATOR], options, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr));
      else resolve(JSON.parse(stdout));
    });
    child.stdin?.end(JSON.stringify(input));
  });
}

const json = (service: string, target: string, input: unknown, answer: object | string = {}): Case => ({
  service,
  method: 'POST',
  path: '/',
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
  body: typeof input === 'string' ? input : JSON.stringify(input),
  query: {},
  answer: { ...NOTHING, body: typeof answer === 'string' ? answer : JSON.stringify(answer) },
});
const form = (service: string, fields: Readonly<Record<string, string>>, answer = ''): Case => ({
  service,
  method: 'POST',
  path: '/',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams({ Version: '2010-05-08', ...fields }).toString(),
  query: {},
  answer: { ...NOTHING, body: answer },
});
const rest = (service: string, request: string, body: unknown = '', answer: Partial<Case['answer']> = {}): Case => {
  const [method = '', target = ''] = request.split(' ');
  const url = new URL(target, 'http://localhost');
  const query = Object.fromEntries([...url.searchParams.keys()].map((key) => [key, url.searchParams.getAll(key)]));
  return {
    service,
    method,
    path: decodeURIComponent(url.pathname),
    headers: {},
    body: typeof body === 'string' ? body : JSON.stringify(body),
    query,
    answer: { ...NOTHING, ...answer },
  };
};

/** An empty structure, in CBOR. */
const CBOR: Case = {
  ...rest('monitoring', 'POST /service/GraniteServiceVersion20100801/operation/PutMetricData'),
  headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
};

const FUNCTION = {
  FunctionName: 'any',
  Role: 'arn:aws:iam::111122223333:role/any',
  Runtime: 'nodejs20.x',
  Handler: 'index.handler',
  Code: { S3Bucket: 'bucket', S3Key: 'key' },
};
const aFunction = (settings: object) => rest('lambda', 'POST /2015-03-31/functions', { ...FUNCTION, ...settings });
const MACHINE = 'arn:aws:states:us-east-1:111122223333:stateMachine:any';
const start = (input: object) =>
  json(
    'states',
    'AWSStepFunctions.StartExecution',
    { stateMachineArn: MACHINE, ...input },
    {
      executionArn: MACHINE,
      startDate: 1,
    },
  );
const ROLE = { Action: 'CreateRole', RoleName: 'any', AssumeRolePolicyDocument: '{}' };
const versioning = (status: string) =>
  rest('s3', 'PUT /bucket?versioning', `<VersioningConfiguration><Status>${status}</Status></VersioningConfiguration>`);

const REFUSED: readonly [what: string, call: Case, code: string, told: RegExp][] = [
  [
    'a member that the model has not',
    json('ssm', 'AmazonSSM.GetParameter', { Name: '/a', WithDecription: true }),
    'ValidationException',
    /'withDecription' is no member of GetParameterRequest/,
  ],
  [
    'a value of a wrong type',
    start({ input: {} }),
    'SerializationException',
    /'input' is a structure, where .* a string/,
  ],
  [
    'a body that is no JSON',
    json('dynamodb', 'DynamoDB_20120810.GetItem', '{"'),
    'SerializationException',
    /^the body is the text '{"'/,
  ],
  [
    'nothing for a required member',
    json('dynamodb', 'DynamoDB_20120810.GetItem', { Key: { id: { S: 'a' } } }),
    'ValidationException',
    /^1 validation error detected: Value null at 'tableName' .* must not be null$/,
  ],
  [
    'a value out of an enumeration',
    aFunction({ Runtime: 'cobol' }),
    'ValidationException',
    /Value 'cobol' at 'runtime' .* must satisfy enum value set: \[/,
  ],
  [
    'a value that does not match its pattern',
    rest('lambda', 'POST /2015-03-31/functions/any/aliases', { Name: 'a b', FunctionVersion: '1' }),
    'ValidationException',
    /Value 'a b' at 'name' .* must satisfy regular expression pattern: /,
  ],
  [
    'two broken values',
    rest('lambda', 'POST /2015-03-31/functions/a%20b/aliases', { Name: 'a b', FunctionVersion: '1' }),
    'ValidationException',
    /^2 validation errors detected: .*'functionName'.*; .*'name'/,
  ],
  [
    'a number in a query that is too large',
    rest('lambda', 'GET /2015-03-31/functions?MaxItems=100000'),
    'ValidationException',
    /Value '100000' at 'maxItems' .* less than or equal to 10000/,
  ],
  [
    'a word in a query for a number',
    rest('lambda', 'GET /2015-03-31/functions?MaxItems=many'),
    'SerializationException',
    /'maxItems' is the text 'many', where the model has an integer/,
  ],
  [
    'a list that is too short',
    json('codebuild', 'CodeBuild_20161006.BatchGetProjects', { names: [] }),
    'InvalidInputException',
    /'names' .* length greater than or equal to 1/,
  ],
  [
    'a name that is too long',
    start({ name: 'a'.repeat(81) }),
    'ValidationException',
    /'name' .* length less than or equal to 80/,
  ],
  [
    'no name, where the service has an exception for it',
    json('codedeploy', 'CodeDeploy_20141006.GetApplication', {}),
    'ApplicationNameRequiredException',
    /applicationName/,
  ],
  [
    'a form without a required parameter',
    form('iam', { Action: 'CreateRole', RoleName: 'any' }),
    'ValidationError',
    /Value null at 'assumeRolePolicyDocument'/,
  ],
  ['a form with an unknown parameter', form('iam', { ...ROLE, Rolle: 'a' }), 'ValidationError', /'rolle' is no member/],
  [
    'a role name with a character that names may not have',
    form('iam', { ...ROLE, RoleName: 'a/b' }),
    'ValidationError',
    /Value 'a\/b' at 'roleName'/,
  ],
  [
    'a tag with a character that tags may not have',
    form('iam', { ...ROLE, 'Tags.member.1.Key': 'path', 'Tags.member.1.Value': 'services/(a)' }),
    'ValidationError',
    /Value 'services\/\(a\)' at 'tags.1.member.value'/,
  ],
  ['XML with a value out of an enumeration', versioning('On'), 'MalformedXML', /'On'/],
  ['XML that is none', rest('s3', 'PUT /bucket?versioning', '<a'), 'MalformedXML', /./],
  [
    'a key of 1,025 bytes',
    rest('s3', `PUT /bucket/${'ä'.repeat(512)}a`, 'x'),
    'KeyTooLongError',
    /^Your key is too long$/,
  ],
  [
    'a parameter name with a character that names may not have',
    json('ssm', 'AmazonSSM.PutParameter', { Name: '/a/(b)', Value: 'c' }),
    'ValidationException',
    /^Parameter name: .* the following 3 symbols \.-_$/,
  ],
  [
    'a parameter name of 16 levels',
    json('ssm', 'AmazonSSM.PutParameter', { Name: '/a'.repeat(16), Value: 'c' }),
    'HierarchyLevelLimitExceededException',
    /at most 15 levels/,
  ],
  ['an execution name with a space', start({ name: 'a b' }), 'InvalidName', /^Invalid Name: 'a b'$/],
  [
    'a tag of a state machine with a bracket',
    json('states', 'AWSStepFunctions.TagResource', { resourceArn: MACHINE, tags: [{ key: 'a', value: '[b]' }] }),
    'ValidationException',
    /Value '\[b\]' at 'tags.1.member.value'/,
  ],
  [
    'a function name of 65 characters',
    aFunction({ FunctionName: 'a'.repeat(65) }),
    'InvalidParameterValueException',
    /'functionName' .* less than or equal to 64/,
  ],
  [
    'a reserved variable',
    aFunction({ Environment: { Variables: { AWS_REGION: 'mine' } } }),
    'InvalidParameterValueException',
    /Reserved keys used in this request: AWS_REGION/,
  ],
];

const LISTED = '<ListRolesResponse><ListRolesResult>';
const EVENT = { id: 1, timestamp: 1, type: 'TaskScheduled' };

const NONE_OF_AWS: readonly [what: string, call: Case, told: RegExp][] = [
  ['no JSON', json('ssm', 'AmazonSSM.GetParameter', { Name: '/a' }, 'nothing'), /the body is the text 'nothing'/],
  [
    'a value of a wrong type',
    json('ssm', 'AmazonSSM.GetParameter', { Name: '/a' }, { Parameter: { Version: '1' } }),
    /ssm GetParameter .*'parameter.version' is a string, where the model has a long/,
  ],
  [
    'a time as text',
    json('ssm', 'AmazonSSM.GetParameter', { Name: '/a' }, { Parameter: { LastModifiedDate: '2026-11-30' } }),
    /'parameter.lastModifiedDate' is the text '2026-11-30', where the model has a timestamp/,
  ],
  [
    'a member that the model has not',
    json('ssm', 'AmazonSSM.GetParameter', { Name: '/a' }, { Parametre: {} }),
    /'parametre' is no member of GetParameterResult/,
  ],
  [
    'no required member',
    json(
      'states',
      'AWSStepFunctions.GetExecutionHistory',
      { executionArn: MACHINE },
      {
        events: [{ ...EVENT, taskScheduledEventDetails: { resource: 'invoke' } }],
      },
    ),
    /'events.1.member.taskScheduledEventDetails.resourceType' .* must not be null/,
  ],
  [
    'a value out of an enumeration',
    rest('lambda', 'GET /2015-03-31/functions/any/configuration', '', { body: '{"StateReasonCode": ""}' }),
    /'stateReasonCode' .* must satisfy enum value set/,
  ],
  [
    'another status',
    rest('lambda', 'GET /2015-03-31/functions/any/configuration', '', { status: 202, body: '{}' }),
    /the status is 202, where the model has 200/,
  ],
  [
    'XML without the result of its operation',
    form('iam', { Action: 'ListRoles' }, '<ListRolesResponse></ListRolesResponse>'),
    /no ListRolesResult/,
  ],
  [
    'XML with a word for a boolean',
    form(
      'iam',
      { Action: 'ListRoles' },
      `${LISTED}<Roles/><IsTruncated>no</IsTruncated></ListRolesResult></ListRolesResponse>`,
    ),
    /'isTruncated' is the text 'no'/,
  ],
  [
    'a header with a word for a number',
    rest('s3', 'HEAD /bucket/key', '', { headers: { 'x-amz-missing-meta': 'some' } }),
    /'missingMeta' is the text 'some'/,
  ],
];

const FINE: readonly [what: string, call: Case][] = [
  ['JSON', start({ name: 'a-b', input: '{}' })],
  [
    'letters of any alphabet in tags',
    form(
      'iam',
      { ...ROLE, 'Tags.member.1.Key': 'Ort', 'Tags.member.1.Value': 'Köln 東京' },
      `<CreateRoleResponse><CreateRoleResult><Role><Path>/</Path><RoleName>any</RoleName><RoleId>AROA1234567890123456</RoleId>
    <Arn>arn:aws:iam::111122223333:role/any</Arn><CreateDate>2026-11-30T00:00:00Z</CreateDate></Role></CreateRoleResult>
    <ResponseMetadata/></CreateRoleResponse>`,
    ),
  ],
  ['XML', versioning('Enabled')],
  [
    'a body of bytes, and bytes as the answer',
    rest('lambda', 'POST /2015-03-31/functions/any/invocations', 'x', { body: 'y' }),
  ],
  [
    'an ARN in a path',
    rest('lambda', 'GET /2015-03-31/functions/arn:aws:lambda:us-east-1:111122223333:function:any', '', { body: '{}' }),
  ],
  ['an operation that no model has', json('ssm', 'AmazonSSM.Unheard', { any: 1 })],
  [
    'an error of the service',
    rest('lambda', 'GET /2015-03-31/functions/any', '', { status: 404, body: '{"Type":"User","Message":"none"}' }),
  ],
];

describe('the models of AWS', () => {
  let outcomes: ReadonlyMap<Case, Outcome>;

  beforeAll(async () => {
    const all = [CBOR, ...[...REFUSED, ...NONE_OF_AWS, ...FINE].map(([, call]) => call)];
    const found = await python<Outcome[]>('answer_calls.py', all); // one process: it starts slowly
    outcomes = new Map(all.map((call, i) => [call, found[i] as Outcome]));
  });
  const of = (call: Case) => outcomes.get(call) as Outcome;

  it.each(REFUSED)('refuse %s', (_, call, code, told) => {
    const { reached, status, body } = of(call);
    expect({ reached, status }).toEqual({ reached: false, status: 400 });
    expect(said(body)).toMatchObject({ code, message: expect.stringMatching(told) });
  });

  it('refuse CBOR without a required member', () => {
    const { status, headers, body } = of(CBOR);
    expect({ status, headers }).toEqual({
      status: 400,
      headers: { 'Content-Type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
    });
    expect(body).toMatch(/ValidationError.*Value null at 'namespace'/);
  });

  it.each(NONE_OF_AWS)('fail a call that is answered with %s', (_, call, told) => {
    const { reached, status, body } = of(call);
    expect({ reached, status }).toEqual({ reached: true, status: 500 });
    expect(said(body)).toMatchObject({ code: 'InternalFailure', message: expect.stringMatching(told) });
  });

  it('are read as botocore writes them, for every operation of the services that are used', async () => {
    const { right, wrong } = await python<{ right: number; wrong: [string, string, string, string][] }>(
      'read_requests.py',
    );
    expect(right).toBeGreaterThan(2400);
    expect(wrong.map(([service, operation, , read]) => [service, operation, read])).toEqual([
      // Of two operations with one request, the one that is not deprecated;
      ['s3', 'GetBucketLifecycle', 'GetBucketLifecycleConfiguration'],
      ['s3', 'GetBucketNotification', 'GetBucketNotificationConfiguration'],
      // and what only the host tells apart.
      ['s3', 'ListDirectoryBuckets', 'ListBuckets'],
      ['s3', 'PutBucketLifecycle', 'PutBucketLifecycleConfiguration'],
      ['s3', 'PutBucketNotification', 'PutBucketNotificationConfiguration'],
    ]);
  });

  it.each(FINE)('let pass %s', (_, call) => {
    const { reached, status, body } = of(call);
    expect({ reached, status, body }).toEqual({ reached: true, status: call.answer.status, body: call.answer.body });
  });
});

/** @returns the code and the message of an error, as JSON or XML has it. */
function said(body: string): { readonly code?: string; readonly message?: string } {
  if (body.startsWith('{')) {
    const { __type: code, message } = JSON.parse(body);
    return { code, message };
  }
  const inside = (name: string) => new RegExp(`<${name}>([^]*?)</${name}>`).exec(body)?.[1];
  return { code: inside('Code'), message: inside('Message') };
}
