import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { packageDirectory } from '../../lib/packager/package-directory';
import { aDirectory } from './scratch';

const BIN = join(__dirname, '..', '..', 'node_modules', '.bin');
const SERVICE = {
  'serverless.yml':
    'service: hello\nprovider: { name: aws, runtime: python3.12 }\nfunctions: { hello: { handler: hello.handler } }\n',
  'hello.py': 'def handler(event, context): return 1\n',
};

const request = (directory: string, more: { readonly out?: string; readonly service?: string } = {}) => ({
  directory,
  app: 'shop',
  stage: 'dev',
  region: 'eu-central-1',
  out: aDirectory(),
  clock: SYSTEM_CLOCK,
  log: () => {},
  env: { PATH: `${BIN}:${process.env.PATH}`, HOME: process.env.HOME },
  ...more,
});

describe('packageDirectory', () => {
  it('stores what a build would store, and leaves the directory as it is', async () => {
    const directory = aDirectory({ ...SERVICE, 'node_modules/left/index.js': '' });
    const out = aDirectory();
    const manifests = await packageDirectory(request(directory, { out }));
    expect(manifests.map(({ service, stackName }) => [service, stackName])).toEqual([['.', 'hello-dev']]);
    const { bundle } = manifests[0]!.functions.HelloLambdaFunction!;
    expect(existsSync(join(out, bundle))).toBe(true);
    const stored = readFileSync(join(out, `packages/shop/dev/_/${'0'.repeat(26)}/manifest.json`), 'utf8');
    expect(JSON.parse(stored)).toEqual(manifests[0]);
    expect(readdirSync(directory).sort()).toEqual(['hello.py', 'node_modules', 'serverless.yml']);
  });

  it('packages functions with deploymentSettings, without the plug-in that made them known to the framework', async () => {
    const functions = '{ hello: { handler: hello.handler, deploymentSettings: { type: AllAtOnce } } }';
    const config = SERVICE['serverless.yml'].replace(/functions: .*/, `functions: ${functions}`);
    const [manifest] = await packageDirectory(request(aDirectory({ ...SERVICE, 'serverless.yml': config })));
    expect(Object.keys(manifest!.functions)).toEqual(['HelloLambdaFunction']);
  });

  it('keeps what deploying would do beside the stack, and tells what Seedbed will not do', async () => {
    const [manifest] = await packageDirectory(
      request(
        aDirectory({
          'api/hello.py': SERVICE['hello.py'],
          'api/serverless.yml': `${SERVICE['serverless.yml']
            .replace('provider: {', 'provider: { stackTags: { owner: team-a },')
            .trim()}\nplugins: [./upload.js]\n`,
          'api/upload.js':
            "module.exports = class { constructor() { this.hooks = { 'after:deploy:deploy': () => {}, 'before:package:finalize': () => {} } } }",
          'serverless-compose.yml': 'services: { hello: { path: api, dependsOn: auth } }',
        }),
      ),
    );
    expect(manifest!.stack).toEqual({ tags: { STAGE: 'dev', owner: 'team-a' }, parameters: {} });
    expect(manifest!.warnings).toEqual([
      expect.stringContaining('plug-in "./upload.js" does not run at after:deploy:deploy'),
      expect.stringContaining('"services.hello.dependsOn" is not read'),
    ]);
  });

  it('tells a compose file that is a program, and leaves out what cannot be committed', async () => {
    const directory = aDirectory({
      'api/serverless.yml': SERVICE['serverless.yml'],
      'api/hello.py': SERVICE['hello.py'],
      'serverless-compose.ts': 'export default { services: {} };\n',
    });
    const socket = createServer();
    await new Promise<void>((resolve) => socket.listen(join(directory, 'socket'), resolve));
    const [manifest] = await packageDirectory(request(directory)).finally(() => socket.close());
    expect(manifest!.warnings).toEqual([
      'serverless-compose.ts is not read: for "dependsOn" write the order in seed.yml, key "deploy_after" or "phases"; for ' +
        '"params" write them under "params" in serverless.yml, or give the stage variables with "seedbed env set"',
    ]);
  });

  it('refuses functions of one name, which the framework packages without a word', async () => {
    const functions = '{ a: { handler: hello.handler, name: one }, b: { handler: hello.handler, name: one } }';
    const config = SERVICE['serverless.yml'].replace(/functions: .*/, `functions: ${functions}`);
    await expect(packageDirectory(request(aDirectory({ ...SERVICE, 'serverless.yml': config })))).rejects.toMatchObject(
      {
        name: 'ConfigInvalid',
        message:
          'serverless.yml, line 3: the functions a, b have the same name, "one", and there can be one of a name in an ' +
          'account and region; change "functions.b.name"',
      },
    );
  });

  it('leaves it to the framework to refuse any other property that it does not know', async () => {
    const functions = '{ hello: { handler: hello.handler, deploymentSetting: { type: AllAtOnce } } }';
    const config = SERVICE['serverless.yml'].replace(/functions: .*/, `functions: ${functions}`);
    await expect(packageDirectory(request(aDirectory({ ...SERVICE, 'serverless.yml': config })))).rejects.toMatchObject(
      { code: 'PackageFailed', message: expect.stringContaining("'deploymentSetting'") },
    );
  });

  it('says so if there is no service', async () => {
    await expect(packageDirectory(request(aDirectory({ 'README.md': '' })))).rejects.toMatchObject({
      code: 'NoServiceFound',
    });
  });

  it('says so if the service that is asked for is not there', async () => {
    await expect(packageDirectory(request(aDirectory(SERVICE), { service: 'api' }))).rejects.toMatchObject({
      code: 'ServiceNotFound',
      message: 'there is no service "api"; use one of: .',
    });
  });
});
