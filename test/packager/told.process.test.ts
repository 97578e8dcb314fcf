import { symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import type { Manifest } from '../../lib/core/contracts/manifest';
import { packageDirectory } from '../../lib/packager/package-directory';
import { aDirectory, git } from './scratch';

const BIN = join(__dirname, '..', '..', 'node_modules', '.bin');

/** The package of a directory's only service, or of one of them, for stage dev in eu-central-1. @throws ReleaseError */
async function packaged(directory: string, service?: string, env: NodeJS.ProcessEnv = {}): Promise<Manifest> {
  const [manifest] = await packageDirectory({
    directory,
    service,
    app: 'shop',
    stage: 'dev',
    region: 'eu-central-1',
    out: aDirectory(),
    clock: SYSTEM_CLOCK,
    log: () => {},
    env: { PATH: `${BIN}:${process.env.PATH}`, HOME: process.env.HOME, ...env },
  });
  return manifest!;
}

const warningsOf = async (directory: string): Promise<Manifest['warnings']> => (await packaged(directory)).warnings;

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

  it('a profile, whose credentials variables are not read with', async () => {
    const directory = aDirectory({
      'serverless.yml': `service: shop
provider: { name: aws, runtime: nodejs22.x, profile: of-its-author, stackTags: { account: '\${aws:accountId}' } }
functions: { hello: { handler: hello.handler } }
`,
      'hello.js': '',
    });
    const keys: string[] = [];
    const sts = createServer(({ headers }, response) => {
      keys.push(/Credential=(\w+)/.exec(headers.authorization ?? '')?.[1] ?? '');
      response.end(
        '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account>' +
          '<Arn>arn:aws:sts::111122223333:assumed-role/build/x</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>',
      );
    });
    await new Promise<void>((listening) => sts.listen(0, '127.0.0.1', listening));
    try {
      const { stack, warnings } = await packaged(directory, undefined, {
        AWS_ENDPOINT_URL: `http://127.0.0.1:${(sts.address() as AddressInfo).port}`,
        AWS_ACCESS_KEY_ID: 'OFTHEBUILD',
        AWS_SECRET_ACCESS_KEY: 'secret',
      });
      expect(stack?.tags).toMatchObject({ account: '111122223333' });
      expect(warnings).toEqual([expect.stringMatching(/^provider\.profile: not used; .*roles of the stage's target/)]);
      expect(new Set(keys)).toEqual(new Set(['OFTHEBUILD']));
    } finally {
      sts.close();
    }
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
    `${line(5, 'typed')}${lacks('typed')}typed.ts is TypeScript, which osls 4.3.1 packages as it is (only Serverless 4 compiles it by itself): npm ` +
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

it('knows which files outside of its directory a package was made of', async () => {
  const directory = aDirectory({
    'a/serverless.yml': 'service: aaa\nprovider: { name: aws, runtime: nodejs22.x }\n',
    'a/texts-n.yml': 'hello: hi\n',
    'a/words.json': '{}',
    'a/linked.txt': 'linked',
    'a/packed.txt': 'packed',
    'a/unread.txt': 'unread',
    'libs/util.js': 'module.exports = 1;\n',
    'layer/nodejs/one.js': '',
    'b/serverless.yml': `service: bbb
provider:
  name: aws
  runtime: nodejs22.x
  environment:
    ONE: \${file(../a/texts-\${self:custom.n}.yml):hello}
    TWO: \${file(words.js):words}
    THREE: \${file(../a/absent.yml):hello, 'none'}
custom: { n: n }
plugins: [./bundle.js, ./module.mjs]
package: { patterns: ['../a/packed*'] }
layers: { common: { path: ../layer } }
functions: { hello: { handler: out.handler } }
`,
    'b/words.js': "exports.words = require('node:fs').readFileSync(`${__dirname}/../a/words.json`, 'utf8');\n",
    'b/bundle.js': `const bundle = { entryPoints: ['hello.js'], bundle: true, platform: 'node', outfile: 'out.js' };
module.exports = class {
  hooks = { 'before:package:createDeploymentArtifacts': () => require('${require.resolve('esbuild')}').build(bundle) };
};
`,
    'b/module.mjs': "import '../libs/word.mjs';\nexport default class {}\n",
    'libs/word.mjs': '',
    'b/hello.js': "exports.handler = async () => require('../libs/util');\n",
  });
  symlinkSync('../a/linked.txt', join(directory, 'b', 'link.txt'));
  const { outsideFiles = [] } = await packaged(directory, 'b');
  expect(outsideFiles).toEqual(
    expect.arrayContaining([
      'a/*',
      'a/absent.yml',
      'a/linked.txt',
      'a/packed.txt',
      'a/texts-n.yml',
      'a/words.json',
      'layer/nodejs/*',
      'layer/nodejs/one.js',
      'libs/util.js',
      'libs/word.mjs',
    ]),
  );
  expect(outsideFiles.filter((path) => path === 'a/unread.txt' || path.startsWith('b/'))).toEqual([]);
});
