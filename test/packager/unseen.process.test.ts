import { delimiter, join } from 'node:path';
import { packageService, type ServicePackage } from '../../lib/packager/package-service';
import { aDirectory, aRepository, aWorkspace } from './scratch';

const BIN = join(__dirname, '..', '..', 'node_modules', '.bin');
const ESBUILD = require.resolve('esbuild');

/** The package of a service of a repository that is checked out. */
async function packaged(files: Record<string, string>, service: string): Promise<ServicePackage> {
  const { directory } = aRepository({ '.gitignore': 'node_modules/\n.serverless/\n.build/\n', ...files });
  const env = { PATH: [BIN, process.env.PATH].join(delimiter), HOME: process.env.HOME };
  return packageService(aWorkspace({ root: directory, service, env }), { scratch: aDirectory() });
}

const PLUGIN = (body: string) =>
  `module.exports = class {\n  hooks = { 'before:package:createDeploymentArtifacts': async () => {\n${body}\n  } };\n};\n`;

it('sees all that a service is made of which bundles with esbuild: packages that are links, settings, modules', async () => {
  const { outsideFiles, outsideUnseen } = await packaged(
    {
      'seed.yml': 'changes: files\n',
      'a/serverless.yml': `service: aaa
provider: { name: aws, runtime: nodejs22.x }
plugins: [./bundle.js, ./module.mjs]
functions: { hello: { handler: .build/hello.handler } }
package: { patterns: ['!**', '.build/**'] }
`,
      'a/package.json':
        '{ "dependencies": { "@acme/money": "file:../libs/money", "@acme/settings": "file:../settings" } }',
      'a/tsconfig.json': '{ "extends": ["../config/strict", "@acme/settings/node"] }',
      'a/bundle.js': PLUGIN(`await require('${ESBUILD}').build({
        entryPoints: ['hello.ts'], bundle: true, platform: 'node', outfile: '.build/hello.js' });`),
      'a/hello.ts': "import { currency } from '@acme/money';\nexport const handler = async () => currency;\n",
      'a/module.mjs': "import '../libs/word.mjs';\nexport default class {}\n",
      'libs/money/package.json': '{ "name": "@acme/money", "version": "1.0.0", "main": "index.ts" }',
      'libs/money/index.ts': "export { currency } from './currency';\nexport type * from './types';\n",
      'libs/money/currency.ts': "export const currency = 'EUR';\n",
      'libs/money/types.ts': 'export type Money = string;\n',
      'libs/other.ts': '',
      'libs/word.mjs': '',
      'config/strict.json': '{}',
      'settings/package.json': '{ "name": "@acme/settings", "version": "1.0.0" }',
      'settings/node.json': '{}',
    },
    'a',
  );
  expect(outsideUnseen).toEqual([]);
  expect(outsideFiles).toEqual(
    expect.arrayContaining([
      'config/strict.json',
      'libs/money/currency.ts',
      'libs/money/index.ts',
      'libs/word.mjs',
      'settings/',
    ]),
  );
  expect(outsideFiles).not.toContain('libs/other.ts');
  expect(outsideFiles).not.toContain('libs/money/types.ts');
});

it('tells what may have read files that it did not see', async () => {
  const { outsideUnseen } = await packaged(
    {
      'seed.yml': 'changes: files\nbefore_build: ["echo 1 > a/made.js"]\n',
      'a/serverless.yml': `service: aaa
provider: { name: aws, runtime: nodejs22.x }
plugins: [./generate.js]
functions: { hello: { handler: hello.handler } }
`,
      'a/hello.js': '',
      'a/package.json': '{ "scripts": { "prepare": "node generate", "postinstall": "husky" } }',
      'a/generate.js': PLUGIN(`require('node:child_process').execFileSync(process.execPath, ['-e', '']);
        require('node:child_process').execSync('true && npm ls');`),
    },
    'a',
  );
  expect(outsideUnseen).toEqual([
    'commands of before_build',
    'the script "prepare" of a/package.json',
    'what made a/made.js',
    'node',
    'true',
  ]);
});

it('looks for nothing of that unless files are to decide', async () => {
  const service = 'service: aaa\nprovider: { name: aws, runtime: nodejs22.x }\n';
  expect(await packaged({ 'a/serverless.yml': service }, 'a')).not.toHaveProperty('outsideUnseen');
});
