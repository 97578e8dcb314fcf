import { join } from 'node:path';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { packageDirectory } from '../../lib/packager/package-directory';
import { aDirectory } from './scratch';

const BIN = join(__dirname, '..', '..', 'node_modules', '.bin');

/** What is told of a service that is packaged for stage dev in eu-central-1. @throws ReleaseError */
async function warningsOf(directory: string): Promise<readonly string[] | undefined> {
  const [manifest] = await packageDirectory({
    directory,
    app: 'shop',
    stage: 'dev',
    region: 'eu-central-1',
    out: aDirectory(),
    clock: SYSTEM_CLOCK,
    log: () => {},
    env: { PATH: `${BIN}:${process.env.PATH}`, HOME: process.env.HOME },
  });
  return manifest!.warnings;
}

describe('with the release is told', () => {
  it('what reads a region or stage that is only a default, from wherever it is read', async () => {
    const directory = aDirectory({
      'serverless.yml': `service: shop
provider: { name: aws, runtime: nodejs22.x, region: eu-west-1, stage: prod, environment: '\${file(env.yml)}' }
functions: { hello: { handler: hello.handler } }
custom:
  stage: \${opt:stage, self:provider.stage}
  account: \${file(account.js)}
`,
      'env.yml': 'QUEUE: arn:aws:sqs:${self:provider.region}:111122223333:jobs-${self:custom.stage}\n',
      'account.js':
        "module.exports = async ({ resolveConfigurationProperty: read }) => `of ${await read(['provider', 'stage'])}`;\n",
      'hello.js': '',
    });
    const told = (what: string, value: string, target: string, reader: string, variable: string) =>
      `serverless.yml, line 2: "provider.${what}" is "${value}", which is only a default: the service is deployed to ` +
      `${what} "${target}". What reads it still gets "${value}": ${reader}; write \${${variable}} there in place of ` +
      `\${self:provider.${what}}`;
    expect(await warningsOf(directory)).toEqual([
      told('region', 'eu-west-1', 'eu-central-1', 'provider.environment.QUEUE (line 2)', 'aws:region'),
      told('stage', 'prod', 'dev', 'file(account.js)', 'sls:stage'),
    ]);
  });
});
