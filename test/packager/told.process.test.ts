import { join } from 'node:path';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { packageDirectory } from '../../lib/packager/package-directory';
import { aDirectory, git } from './scratch';

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

  it('a handler that only a layer can bring', async () => {
    const directory = aDirectory({
      'serverless.yml': `service: shop
provider: { name: aws, runtime: python3.12 }
functions:
  one: { handler: wrapper.handler, layers: ['arn:aws:lambda:eu-central-1:111122223333:layer:wrapper:1'] }
  two: { handler: wrapper.handler, layers: ['arn:aws:lambda:eu-central-1:111122223333:layer:wrapper:1'] }
`,
      'hello.py': '',
    });
    expect(await warningsOf(directory)).toEqual([
      'the handler "wrapper.handler" of one, two is not in the bundle: unless a layer brings it, Lambda cannot start it',
    ]);
  });
});

it('refuses functions whose handlers are in no bundle, and says of each why', async () => {
  const directory = aDirectory({
    '.gitignore': 'dist/\n',
    'api/serverless.yml': `service: shop
provider: { name: aws, runtime: nodejs22.x }
package: { individually: true }
functions:
  typed: { handler: typed.handler }
  built: { handler: dist/built.handler }
  left: { handler: left.handler, package: { patterns: ['!left.js'] } }
  misspelt: { handler: mispelt.handler }
  absent: { handler: somewhere/else.handler, runtime: ruby3.3 }
  above: { handler: ../other.handler }
  right: { handler: right.handler }
`,
    'api/typed.ts': '',
    'api/dist/built.js': '',
    'api/left.js': '',
    'api/misspelt.js': '',
    'api/right.mjs': '',
  });
  git(directory, 'init', '--quiet');
  const error = await warningsOf(directory).catch((refused) => refused);
  expect(error).toMatchObject({ code: 'PackageFailed' });
  const line = (number: number, name: string) =>
    `api/serverless.yml, line ${number}: function "${name}" could not start: `;
  const lacks = (file: string) =>
    `its handler is "${file}.handler", and its bundle has no ${file}.js (or .mjs, .cjs); `;
  expect(error.message.split('\n')).toEqual([
    `${line(5, 'typed')}${lacks('typed')}typed.ts is TypeScript, which osls 4.3.1 packages as it is; compile it: npm ` +
      'install --save-dev serverless-esbuild esbuild, and "plugins: [serverless-esbuild]"; or in "before_build" of seed.yml',
    `${line(6, 'built')}${lacks('dist/built')}git ignores it (.gitignore, line 1: "dist/"), so a build does not have it; ` +
      'make it in "before_build" of seed.yml, or commit it',
    `${line(7, 'left')}${lacks('left')}api/left.js is there, but "package.patterns" (or "exclude") of ` +
      'api/serverless.yml leave it out; add "left.js"',
    `${line(8, 'misspelt')}${lacks('mispelt')}did you mean misspelt.js?`,
    `${line(9, 'absent')}its handler is "somewhere/else.handler", and its bundle has no somewhere/else.rb; correct the ` +
      "handler, which starts at the service's directory, or add the file",
    `${line(10, 'above')}its handler is "../other.handler": no handler of Lambda may have ".."; write the path from the ` +
      'root of the bundle',
  ]);
});
