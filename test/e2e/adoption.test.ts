import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { cloudFormationClient } from '../../lib/aws/clients/cloudformation';
import type { Template } from '../../lib/core/template/template';
import { answering, aService, type Files, type ServiceOptions } from './a-service';
import { type AnApp, anApp, PATIENCE, type Seen } from './an-app';
import { ask, codeOf, invoke } from './live';

jest.setTimeout(PATIENCE);

/** A service that the Serverless Framework deployed by itself, before there was a platform. */
const STACK = 'adoption-dev';
const FUNCTION = `${STACK}-hello`;
const SERVICE: ServiceOptions = { path: '.', name: 'adoption', functions: { hello: 'hello A' }, api: true };

let app: AnApp;
let directory: string;
/** Where the service's route goes. */
let before: { readonly route: unknown; readonly api: string; readonly live: string };
let adopted: Seen & typeof before;
let direct: Seen & typeof before;

async function deployWithFramework(files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text ?? '');
  }
  const framework = join(__dirname, '../../node_modules/osls/bin/serverless.js');
  const env = { ...process.env, SLS_AWS_MONITORING_FREQUENCY: '200', SLS_TELEMETRY_DISABLED: '1' };
  await promisify(execFile)(process.execPath, [framework, 'deploy', '--stage', 'dev'], { cwd: directory, env });
}

async function look(): Promise<typeof before> {
  const template = new GetTemplateCommand({ StackName: STACK, TemplateStage: 'Original' });
  const { TemplateBody } = await cloudFormationClient().send(template);
  const { Resources }: Template = JSON.parse(TemplateBody!);
  return {
    route: Resources.HttpApiIntegrationHello!.Properties!.IntegrationUri,
    api: await ask(STACK, '/hello'),
    live: await codeOf(FUNCTION, 'live').then(
      ({ version }) => version,
      () => 'none',
    ),
  };
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'e2e-adoption-'));
  app = await anApp('adoption');
  await deployWithFramework(aService(SERVICE));
  before = await look();
  adopted = { ...(await app.release(aService(SERVICE))), ...(await look()) };
  direct = { ...(await app.release({ 'hello.js': answering('hello B') })), ...(await look()) };
}, PATIENCE);
afterAll(async () => {
  await app.remove();
  await rm(directory, { recursive: true, force: true });
});

describe('a service that its framework deployed before the platform', () => {
  it('is taken over, though nothing of it has changed', () => {
    expect(before).toMatchObject({ api: 'hello A', live: 'none' });
    expect(adopted.services['.']).toMatchObject({ status: 'deployed', decision: { kind: 'full' } });
    expect(adopted.api).toBe('hello A');
  });

  it('is invoked through the alias from then on', async () => {
    expect(before.route).toEqual({ 'Fn::GetAtt': ['HelloLambdaFunction', 'Arn'] });
    expect(adopted.route).toEqual({ Ref: 'HelloLambdaFunctionAliasLive' });
    expect(adopted.services['.']!.functions).toMatchObject([{ name: FUNCTION, version: adopted.live }]);
  });

  it('is updated directly by the next change of code', async () => {
    expect(direct.services['.']!.decision!.kind).toBe('incremental');
    expect(direct.api).toBe('hello B');
    expect(await invoke(FUNCTION, 'live')).toBe('hello B');
  });
});
