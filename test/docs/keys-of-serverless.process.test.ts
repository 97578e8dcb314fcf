import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './markdown';

/** What an osls of this project takes: its schema after its own provider has added to it. */
const READ_SCHEMA = `
const Serverless = require('osls/lib/serverless.js');
const configuration = { service: 'shop', provider: { name: 'aws' } };
const given = { commands: ['package'], options: {}, serviceDir: process.cwd(), configurationFilename: 'serverless.yml', configuration };
const serverless = new Serverless(given);
serverless.init().then(() => {
  const { properties } = serverless.configSchemaHandler.schema;
  console.log(JSON.stringify([Object.keys(properties), Object.keys(properties.provider.properties)]));
});
`;

/** Keys that only others know: serverless 3.40 (`org` to `lambdaHashingVersion`), and 4. */
const OF_OTHERS = {
  top: ['org', 'app', 'outputs', 'console', 'dashboard', 'stages', 'build', 'licenseKey'],
  provider: ['eventBridge', 'lambdaHashingVersion'],
};

/** @returns the keys in the first column of the table with this head. */
function keysUnder(head: string): readonly string[] {
  const text = readFileSync(join(ROOT, 'docs/configuration.md'), 'utf8');
  const [, table = ''] =
    new RegExp(`^\\| ${head} \\| \\|\\n\\| --- \\| --- \\|\\n((?:\\|.*\\n)+)`, 'm').exec(text) ?? [];
  return [...table.matchAll(/^\| (.+?) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`(\w+)`/g)].map(([, key]) => key!),
  );
}

it('every key of serverless.yml is in the documentation, once, and no other', () => {
  const [top, provider] = JSON.parse(
    execFileSync(process.execPath, ['-e', READ_SCHEMA], { cwd: ROOT, encoding: 'utf8' }),
  ) as readonly [readonly string[], readonly string[]];
  expect([...keysUnder('key of the top level')].sort()).toEqual([...top, ...OF_OTHERS.top].sort());
  expect([...keysUnder('key of `provider`')].sort()).toEqual([...provider, ...OF_OTHERS.provider].sort());
});
