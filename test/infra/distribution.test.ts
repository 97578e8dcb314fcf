import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modules } from '../../lib/distribution/modules';
import { bundleWorkers } from '../../lib/infra/bundle-workers';
import { ASSEMBLIES } from './synthesise';

const { dependencies, peerDependencies, devDependencies } = require('../../package.json');

/** What a team's project calls: the CDK runs TypeScript with it. */
const CALLED = ['tsx'];
/** What Lambda's runtime brings along, the local cloud gives to functions from here. */
const GIVEN = /^@aws-sdk\//;

describe('the npm package', () => {
  const { sources, packages } = modules();

  it('depends on what its modules need, and on nothing else', () => {
    const declared = [...Object.keys(dependencies), ...Object.keys(peerDependencies)];
    const needed = new Set([...packages, ...CALLED, ...declared.filter((name) => GIVEN.test(name))]);
    expect(declared.sort()).toEqual([...needed].sort());
  });

  it('leaves the CDK library to the project, in the version that is tested here', () => {
    expect(peerDependencies).toEqual({
      'aws-cdk-lib': devDependencies['aws-cdk-lib'],
      constructs: devDependencies.constructs,
    });
  });

  it('holds no handlers, which come as bundles, and neither the demo nor what bundles', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(sources.filter((file) => /\.handler|play-demo|local-demo|^buildspec|bundle-workers/.test(file))).toEqual([]);
  });
});

it('the workers’ bundles are the same wherever they are made: a package’s and a checkout’s', () => {
  mkdirSync(ASSEMBLIES, { recursive: true });
  const near = mkdtempSync(join(ASSEMBLIES, 'workers-'));
  const bundles = [near, join(near, 'further', 'off')].map((directory) => {
    bundleWorkers(directory);
    const files = readdirSync(directory).filter((file) => /\.mjs(\.map)?$/.test(file));
    return files.map((file) => [file, sha256(readFileSync(join(directory, file)))]);
  });
  expect(bundles[0]).toContainEqual([expect.stringMatching(/^start-build\.mjs$/), expect.anything()]);
  expect(bundles[1]).toEqual(bundles[0]);
});

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
