import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  BatchGetBuildsCommand,
  BatchGetFleetsCommand,
  type Build,
  CodeBuildClient,
  CreateFleetCommand,
  CreateProjectCommand,
  DeleteFleetCommand,
  ListBuildsForProjectCommand,
  StartBuildCommand,
  type StartBuildCommandInput,
  StopBuildCommand,
} from '@aws-sdk/client-codebuild';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type ACloud, aCloud, aRecorder, aZip, eventually, PATIENCE, ROLE } from './a-cloud';

jest.setTimeout(PATIENCE);

const aBuildspec = (phases: Readonly<Record<string, unknown>>, more = {}) =>
  JSON.stringify({ version: 0.2, phases, ...more });
const commands = (...lines: string[]) => ({ commands: lines });

describe('a build of the double of CodeBuild', () => {
  let at: ACloud;
  let client: CodeBuildClient;

  beforeAll(async () => {
    at = await aCloud('codebuild', { buildMinute: 100 });
    client = new CodeBuildClient(at.client);
    await project('plain', { type: 'NO_SOURCE', buildspec: aBuildspec({ build: commands('true') }) });
  });
  afterAll(() => at.cloud.stop());

  const project = (
    name: string,
    source: { type: 'NO_SOURCE' | 'S3' | 'GITHUB'; location?: string; buildspec?: string },
  ) =>
    client.send(
      new CreateProjectCommand({
        name,
        source,
        artifacts: { type: 'NO_ARTIFACTS' },
        environment: {
          type: 'LINUX_CONTAINER',
          image: 'aws/codebuild/standard:7.0',
          computeType: 'BUILD_GENERAL1_SMALL',
          environmentVariables: [
            { name: 'FROM_PROJECT', value: 'project' },
            { name: 'BOTH', value: 'project' },
          ],
        },
        serviceRole: ROLE,
        timeoutInMinutes: 2160, // minutes are short here
      }),
    );
  const start = async (input: Partial<StartBuildCommandInput>) => {
    const { build } = await client.send(new StartBuildCommand({ projectName: 'plain', ...input }));
    return build?.id ?? '';
  };
  const read = async (id: string) => (await client.send(new BatchGetBuildsCommand({ ids: [id] }))).builds?.[0] as Build;
  const ended = (id: string) =>
    eventually(async () => {
      const build = await read(id);
      return build.buildComplete ? build : undefined;
    });
  const runSpec = async (buildspecOverride: string, more: Partial<StartBuildCommandInput> = {}) =>
    ended(await start({ buildspecOverride, ...more }));
  const linesOf = async ({ logs }: Build) => {
    const { events } = await new CloudWatchLogsClient(at.client).send(
      new GetLogEventsCommand({
        logGroupName: logs?.groupName,
        logStreamName: logs?.streamName ?? '',
        startFromHead: true,
      }),
    );
    return (events ?? []).map(({ message }) => message ?? '').filter((line) => !line.startsWith('[Container]'));
  };
  const phase = (build: Build, type: string) => build.phases?.find(({ phaseType }) => phaseType === type);
  /** A build's directory goes soon after its end: nobody has to wait for that. */
  const directoriesGone = () =>
    eventually(async () => {
      const builds = join(at.cloud.scratchDir, 'builds');
      return !existsSync(builds) || readdirSync(builds).length === 0 || undefined;
    });

  it('runs the phases in order and keeps environment and directory from command to command', async () => {
    const build = await runSpec(
      aBuildspec(
        {
          install: {
            'runtime-versions': { nodejs: 20 },
            commands: ['mkdir deep && cd deep', 'export GREETING="hello  you"'],
          },
          pre_build: commands('basename "$PWD"'),
          build: commands('printf "%s\\n" "$GREETING"', 'echo on the error stream >&2'),
          post_build: commands('echo $CODEBUILD_BUILD_SUCCEEDING; GREETING=changed'),
        },
        { env: { 'exported-variables': ['GREETING'] } },
      ),
    );
    expect(build.buildStatus).toBe('SUCCEEDED');
    expect(await linesOf(build)).toEqual(['deep', 'hello  you', 'on the error stream', '1']);
    expect(build.exportedEnvironmentVariables).toEqual([{ name: 'GREETING', value: 'changed' }]);
    expect(build.phases?.map(({ phaseType }) => phaseType)).toEqual([
      'SUBMITTED',
      'QUEUED',
      'PROVISIONING',
      'DOWNLOAD_SOURCE',
      'INSTALL',
      'PRE_BUILD',
      'BUILD',
      'POST_BUILD',
      'UPLOAD_ARTIFACTS',
      'FINALIZING',
      'COMPLETED',
    ]);
    await directoriesGone();
  });

  it('runs in a fleet, on the fleet’s machine, as many at once as the fleet has', async () => {
    const made = { name: 'ours', baseCapacity: 1, overflowBehavior: 'QUEUE' } as const;
    const machine = { environmentType: 'LINUX_CONTAINER', computeType: 'BUILD_GENERAL1_LARGE' } as const;
    const { fleet } = await client.send(new CreateFleetCommand({ ...made, ...machine }));
    const fleetOverride = { fleetArn: fleet!.arn };
    const spec = aBuildspec({ build: commands('sleep 1') });
    const ids = [
      await start({ buildspecOverride: spec, fleetOverride }),
      await start({ buildspecOverride: spec, fleetOverride }),
    ];
    const [first, second] = await Promise.all(ids.map(ended));
    expect(first!.environment).toMatchObject({ computeType: 'BUILD_GENERAL1_LARGE', fleet: fleetOverride });
    const [leaves, enters] = [phase(first!, 'FINALIZING')!.startTime!, phase(second!, 'PROVISIONING')!.startTime!];
    expect(enters.getTime()).toBeGreaterThanOrEqual(leaves.getTime());
    expect((await client.send(new BatchGetFleetsCommand({ names: ['ours', 'theirs'] }))).fleetsNotFound).toEqual([
      'theirs',
    ]);
    await client.send(new DeleteFleetCommand({ arn: fleet!.arn }));
    await expect(start({ fleetOverride })).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: expect.stringContaining('Fleet cannot be found'),
    });
  });

  it('has in a fleet an image that fits the fleet’s machine', async () => {
    const machine = { environmentType: 'ARM_CONTAINER', computeType: 'ATTRIBUTE_BASED_COMPUTE' } as const;
    const { fleet } = await client.send(new CreateFleetCommand({ name: 'arm', baseCapacity: 1, ...machine }));
    await expect(start({ fleetOverride: { fleetArn: fleet!.arn } })).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: expect.stringContaining('is not supported for projects with environment type ARM_CONTAINER'),
    });
  });

  describe('on Lambda', () => {
    const LAMBDA = {
      environmentTypeOverride: 'LINUX_LAMBDA_CONTAINER',
      computeTypeOverride: 'BUILD_LAMBDA_4GB',
      imageOverride: 'aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs22',
    } as const;
    const messages = ({ phases = [] }: Build) =>
      phases.flatMap(({ contexts = [] }) => contexts.map(({ message }) => message)).join('\n');

    it('has 15 minutes, whatever the project has', async () => {
      const build = await runSpec(aBuildspec({ build: commands('sleep 60') }), LAMBDA);
      expect(build.buildStatus).toBe('TIMED_OUT');
    });

    it.each([
      ['home', 'mkdir -p "$HOME/.npm"'],
      ['source', 'echo x > made'],
    ])('cannot write to its %s directory', async (_, command) => {
      const build = await runSpec(aBuildspec({ build: commands(command) }), LAMBDA);
      expect(build.buildStatus).toBe('FAILED');
      expect(messages(build)).toMatch(/exit status|only \/tmp can be written to/);
    });
  });

  it('runs on another machine than the project’s where the call says so', async () => {
    const build = await runSpec(aBuildspec({ build: commands('true') }), {
      environmentTypeOverride: 'ARM_CONTAINER',
      computeTypeOverride: 'BUILD_GENERAL1_LARGE',
      imageOverride: 'aws/codebuild/amazonlinux-aarch64-standard:3.0',
    });
    expect(build.environment).toMatchObject({
      type: 'ARM_CONTAINER',
      computeType: 'BUILD_GENERAL1_LARGE',
      image: 'aws/codebuild/amazonlinux-aarch64-standard:3.0',
    });
  });

  it.each([
    ['an image for another environment', { environmentTypeOverride: 'ARM_CONTAINER' } as const, 'curated image'],
    ['a size of another environment', { computeTypeOverride: 'BUILD_LAMBDA_4GB' } as const, 'has no compute type'],
  ])('is refused with %s', async (_, input, why) => {
    await expect(start(input)).rejects.toMatchObject({
      name: 'InvalidInputException',
      message: expect.stringContaining(why),
    });
  });

  it.each([
    [
      'an image for another environment',
      { type: 'ARM_CONTAINER', image: 'aws/codebuild/standard:7.0', computeType: 'BUILD_GENERAL1_SMALL' } as const,
      'AWS CodeBuild curated image aws/codebuild/standard:7.0 is not supported for projects with environment type ' +
        'ARM_CONTAINER and compute type BUILD_GENERAL1_SMALL',
    ],
    [
      'a time limit on Lambda',
      {
        type: 'LINUX_LAMBDA_CONTAINER',
        image: 'aws/codebuild/amazonlinux-x86_64-lambda-standard:nodejs22',
        computeType: 'BUILD_LAMBDA_4GB',
      } as const,
      'Cannot specify timeoutInMinutes for lambda compute',
    ],
  ])('has no project with %s, made by a call or by a stack', async (_, environment, message) => {
    const settings = { source: { type: 'NO_SOURCE', buildspec: 'version: 0.2' } as const, timeoutInMinutes: 60 };
    const made = { name: 'odd', artifacts: { type: 'NO_ARTIFACTS' } as const, environment, serviceRole: ROLE };
    await expect(client.send(new CreateProjectCommand({ ...made, ...settings }))).rejects.toMatchObject({
      name: 'InvalidInputException',
      message,
    });
    const { type: Type, image: Image, computeType: ComputeType } = environment;
    const Properties = {
      Name: 'odd',
      Source: { Type: 'NO_SOURCE', BuildSpec: 'version: 0.2' },
      Artifacts: { Type: 'NO_ARTIFACTS' },
      Environment: { Type, Image, ComputeType },
      ServiceRole: ROLE,
      TimeoutInMinutes: 60,
    };
    const TemplateBody = JSON.stringify({ Resources: { Odd: { Type: 'AWS::CodeBuild::Project', Properties } } });
    const cloudFormation = new CloudFormationClient({ ...at.client, maxAttempts: 12 }); // it throttles
    const StackName = `odd-${environment.computeType.toLowerCase().replaceAll('_', '-')}`;
    await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody }));
    const why = await eventually(async () => {
      const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName }));
      return StackEvents.find(
        ({ LogicalResourceId: id, ResourceStatus: status }) => id === 'Odd' && /FAILED/.test(status!),
      );
    });
    expect(why.ResourceStatusReason).toContain(
      `Failed to call CreateProject, reason: ${message} (Service: AWSCodeBuild;`,
    );
  });

  it('unpacks its source from S3 and finds the buildspec there', async () => {
    const s3 = new S3Client(at.client);
    await s3.send(new CreateBucketCommand({ Bucket: 'sources' }));
    const Body = aZip({
      'ci/build.yml': 'version: 0.2\nphases:\n  build:\n    commands:\n      - cat "$CODEBUILD_SRC_DIR/lib/file"\n',
      'lib/file': 'from the source\n',
    });
    await s3.send(new PutObjectCommand({ Bucket: 'sources', Key: 'a b/source.zip', Body }));
    await project('from-s3', { type: 'S3', location: 'sources/a b/source.zip', buildspec: 'ci/build.yml' });
    const build = await ended(await start({ projectName: 'from-s3' }));
    expect(await linesOf(build)).toEqual(['from the source']);
  });

  it('has the variables of buildspec, project and call, and what CodeBuild sets', async () => {
    await new SSMClient(at.client).send(
      new PutParameterCommand({ Name: '/token', Value: 's3cret', Type: 'SecureString' }),
    );
    const build = await runSpec(
      aBuildspec(
        {
          build: commands(
            'echo $FROM_SPEC $FROM_PROJECT $BOTH $TOKEN',
            'echo $CODEBUILD_BUILD_ID $AWS_REGION $AWS_ENDPOINT_URL',
            'command -v osls',
          ),
        },
        { env: { variables: { FROM_SPEC: 'spec', BOTH: 'spec' }, 'parameter-store': { TOKEN: '/token' } } },
      ),
      { environmentVariablesOverride: [{ name: 'BOTH', value: 'call' }] },
    );
    expect(await linesOf(build)).toEqual([
      'spec project call s3cret',
      `${build.id} us-east-1 ${at.cloud.endpoint}`,
      expect.stringMatching(/node_modules\/\.bin\/osls$/),
    ]);
  });

  it('calls AWS as the service role of its project', async () => {
    const ask = `const scope = process.env.AWS_ACCESS_KEY_ID + '/20260101/us-east-1/s3/aws4_request';
      const sign = 'AWS4-HMAC-SHA256 Credential=' + scope + ', SignedHeaders=host, Signature=0';
      fetch(process.env.AWS_ENDPOINT_URL, { headers: { authorization: sign } })`;
    await fetch(`${at.cloud.endpoint}/_seedbed/calls/reset`, { method: 'POST' });
    const build = await runSpec(aBuildspec({ build: commands(`node -e "${ask}"`) }));
    expect(build.buildStatus).toBe('SUCCEEDED');
    const uuid = build.id?.split(':')[1];
    expect(await at.cloud.calls()).toContainEqual(
      expect.objectContaining({
        service: 's3',
        operation: 'ListBuckets',
        caller: `arn:aws:sts::111122223333:assumed-role/anything/AWSCodeBuild-${uuid}`,
      }),
    );
  });

  it('fails with the command and its status, and still runs post_build', async () => {
    const build = await runSpec(
      aBuildspec({
        build: { commands: ['echo before', 'exit 3', 'echo never'], finally: ['echo finally'] },
        post_build: commands('echo after $CODEBUILD_BUILD_SUCCEEDING'),
      }),
    );
    expect(build.buildStatus).toBe('FAILED');
    expect(await linesOf(build)).toEqual(['before', 'finally', 'after 0']);
    expect(phase(build, 'BUILD')).toMatchObject({
      phaseStatus: 'FAILED',
      contexts: [
        {
          statusCode: 'COMMAND_EXECUTION_ERROR',
          message: 'Error while executing command: exit 3. Reason: exit status 3',
        },
      ],
    });
  });

  it('runs nothing more after a failed install', async () => {
    const build = await runSpec(
      aBuildspec({ install: commands('false'), build: commands('echo never'), post_build: commands('echo never') }),
    );
    expect(build.buildStatus).toBe('FAILED');
    expect(await linesOf(build)).toEqual([]);
  });

  it.each([
    [
      'a buildspec that is no buildspec',
      { buildspecOverride: 'version: 0.2\nphases:\n  bild: {}\n' },
      /YAML_FILE_ERROR.*bild/,
    ],
    ['a buildspec that is not there', { buildspecOverride: 'none.yml' }, /YAML_FILE_ERROR: stat none.yml/],
    [
      'a source that is not there',
      { sourceTypeOverride: 'S3', sourceLocationOverride: 'sources/none.zip' },
      /s3:\/\/sources\/none.zip could not be read/,
    ],
    [
      'a kind of source that nobody implements',
      { sourceTypeOverride: 'GITHUB' },
      /source type GITHUB is not implemented by the local cloud/,
    ],
    [
      'a parameter that is not there',
      { environmentVariablesOverride: [{ name: 'X', value: '/none', type: 'PARAMETER_STORE' }] },
      /parameter does not exist: \/none/,
    ],
  ] as const)('fails with words for %s', async (_, input, words) => {
    const build = await ended(await start(input as Partial<StartBuildCommandInput>));
    expect(build.buildStatus).toBe('FAILED');
    expect(phase(build, 'DOWNLOAD_SOURCE')?.contexts?.[0]?.message).toMatch(words);
    await directoriesGone();
  });

  const ENDLESS = aBuildspec({ build: commands(`trap '' TERM; sleep 600 & echo $!; wait; wait`) });
  const isRunning = (pid: number) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  const firstLine = (id: string) => eventually(async () => (await linesOf(await read(id)).catch(() => []))[0]);

  it('stops with all its processes on request', async () => {
    const id = await start({ buildspecOverride: ENDLESS });
    const pid = Number(await firstLine(id));
    await client.send(new StopBuildCommand({ id }));
    const build = await ended(id);
    expect(build.buildStatus).toBe('STOPPED');
    expect(phase(build, 'BUILD')?.phaseStatus).toBe('STOPPED');
    await eventually(async () => !isRunning(pid) || undefined);
    await directoriesGone();
  });

  it('times out', async () => {
    const build = await runSpec(ENDLESS, { timeoutInMinutesOverride: 5 });
    expect(build.buildStatus).toBe('TIMED_OUT');
    expect(build.phases?.flatMap(({ contexts }) => contexts ?? [])).toContainEqual({
      statusCode: 'BUILD_TIMED_OUT',
      message: 'Build has timed out.',
    });
  });

  it('is started once for one idempotency token', async () => {
    await project('once', { type: 'NO_SOURCE', buildspec: aBuildspec({ build: commands('true') }) });
    const input = { projectName: 'once', idempotencyToken: 'token' };
    expect(await start(input)).toBe(await start(input));
    await expect(start({ ...input, sourceVersion: 'other' })).rejects.toMatchObject({ name: 'InvalidInputException' });
    expect((await client.send(new ListBuildsForProjectCommand({ projectName: 'once' }))).ids).toHaveLength(1);
  });

  it('is not found under an unknown id', async () => {
    const answer = await client.send(new BatchGetBuildsCommand({ ids: ['plain:none'] }));
    expect(answer).toMatchObject({ builds: [], buildsNotFound: ['plain:none'] });
    await expect(start({ projectName: 'none' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('belongs to a project that CloudFormation created, and logs where the project says', async () => {
    const cloudFormation = new CloudFormationClient(at.client);
    const Properties = {
      Name: 'stacked',
      Source: { Type: 'NO_SOURCE', BuildSpec: aBuildspec({ build: commands('echo $KIND') }) },
      Artifacts: { Type: 'NO_ARTIFACTS' },
      Environment: {
        Type: 'ARM_CONTAINER',
        Image: 'x',
        ComputeType: 'BUILD_GENERAL1_SMALL',
        EnvironmentVariables: [{ Name: 'KIND', Value: 'stacked' }],
      },
      ServiceRole: ROLE,
      LogsConfig: { CloudWatchLogs: { Status: 'ENABLED', GroupName: '/seedbed/builds' } },
    };
    const TemplateBody = JSON.stringify({ Resources: { Project: { Type: 'AWS::CodeBuild::Project', Properties } } });
    await cloudFormation.send(new CreateStackCommand({ StackName: 'project', TemplateBody }));
    await eventually(async () => {
      const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: 'project' }));
      return Stacks?.[0]?.StackStatus === 'CREATE_COMPLETE' || undefined;
    });
    const build = await ended(await start({ projectName: 'stacked', timeoutInMinutesOverride: 2160 }));
    expect(build.logs?.groupName).toBe('/seedbed/builds');
    expect(await linesOf(build)).toEqual(['stacked']);
  });

  it('waits in the queue for its turn, and is refused when the queue is full', async () => {
    const small = await aCloud('codebuild-queue', {
      quotas: { figures: { 'codebuild-linux-small': 1, 'codebuild-waiting-for-each': 2 } },
    });
    try {
      const queue = new CodeBuildClient(small.client);
      const first = aBuildspec({ build: commands(`until [ -f '${small.cloud.scratchDir}/go' ]; do sleep 0.05; done`) });
      const source = { type: 'NO_SOURCE' as const, buildspec: aBuildspec({ build: commands('true') }) };
      const environment = { type: 'LINUX_CONTAINER', image: 'x', computeType: 'BUILD_GENERAL1_SMALL' } as const;
      const more = { artifacts: { type: 'NO_ARTIFACTS' as const }, environment, serviceRole: ROLE };
      await queue.send(new CreateProjectCommand({ name: 'small', source, ...more }));
      const begin = async (buildspecOverride?: string) =>
        (await queue.send(new StartBuildCommand({ projectName: 'small', buildspecOverride }))).build!.id!;
      const ids = [await begin(first), await begin(), await begin()];
      await expect(begin()).rejects.toMatchObject({
        name: 'AccountLimitExceededException',
        message: 'Cannot have more than 1 builds in queue for the account',
      });
      const all = async () => {
        const { builds = [] } = await queue.send(new BatchGetBuildsCommand({ ids }));
        return builds;
      };
      expect((await all()).slice(1).map(({ currentPhase }) => currentPhase)).toEqual(['QUEUED', 'QUEUED']);
      writeFileSync(join(small.cloud.scratchDir, 'go'), '');
      const done = await eventually(async () => {
        const builds = await all();
        return builds.every(({ buildComplete }) => buildComplete) ? builds : undefined;
      });
      const waited = done.map(({ phases = [] }) => phases.find(({ phaseType }) => phaseType === 'QUEUED')!.endTime!);
      expect(waited[1]! < waited[2]!).toBe(true);
    } finally {
      await small.cloud.stop();
    }
  });

  it('tells EventBridge when it begins and ends', async () => {
    await project('told', { type: 'NO_SOURCE', buildspec: aBuildspec({ build: commands('false') }) });
    const recorder = await aRecorder(at, { source: ['aws.codebuild'], detail: { 'project-name': ['told'] } });
    const build = await ended(await start({ projectName: 'told' }));
    const told = (await recorder.events(2)).map(({ detail }) => `${detail['build-id']} ${detail['build-status']}`);
    expect(told.sort()).toEqual([`${build.arn} FAILED`, `${build.arn} IN_PROGRESS`]);
  });
});

it('builds that wait for each other before they end do not keep others from running', async () => {
  let ended = 0;
  let open: () => void = () => undefined;
  const both = new Promise<void>((resolve) => {
    open = resolve;
  });
  const buildMayEnd = () => {
    ended += 1;
    if (ended === 2) open();
    return both;
  };
  const { cloud, client } = await aCloud('together', {
    buildMayEnd,
    quotas: { figures: { 'codebuild-linux-small': 1 } },
  });
  try {
    const codeBuild = new CodeBuildClient(client);
    await codeBuild.send(
      new CreateProjectCommand({
        name: 'together',
        source: { type: 'NO_SOURCE', buildspec: aBuildspec({ build: commands('true') }) },
        artifacts: { type: 'NO_ARTIFACTS' },
        environment: { type: 'LINUX_CONTAINER', image: 'any', computeType: 'BUILD_GENERAL1_SMALL' },
        serviceRole: ROLE,
      }),
    );
    const start = async () => (await codeBuild.send(new StartBuildCommand({ projectName: 'together' }))).build!.id!;
    const ids = [await start(), await start()];
    const statuses = await eventually(async () => {
      const { builds = [] } = await codeBuild.send(new BatchGetBuildsCommand({ ids }));
      return builds.every(({ buildComplete }) => buildComplete) ? builds.map((one) => one.buildStatus) : undefined;
    });
    expect(statuses).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  } finally {
    await cloud.stop();
  }
});
