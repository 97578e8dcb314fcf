import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { SYSTEM_CLOCK } from '../../aws/system-clock';
import type { Bundle, Manifest } from '../../core/contracts/manifest';
import { imageSha256 } from '../../core/deploy/packaged-code';
import { packageDirectory } from '../../packager/package-directory';
import { checkName, UsageError } from '../platform/run-command';
import { appNameFor } from './local/local-apps';

interface PackageOptions {
  readonly stage: string;
  readonly out: string;
  readonly region: string;
  readonly app?: string;
  readonly service?: string;
  readonly json?: true;
}

const EXAMPLE = `
Example:
  $ seedbed package ../shop --stage dev --out /tmp/shop-package
`;

/** Adds `seedbed package DIR`: what the build step would store, and each hash. */
export function registerPackage(program: Command): void {
  program
    .command('package')
    .description('package the services of a directory as the build step does, without a platform')
    .argument('<dir>', 'a service, or a repository of services')
    .requiredOption('--out <dir>', 'directory to store into, laid out like the artifact bucket')
    .option('--stage <name>', 'stage to package for', 'dev')
    .option('--region <region>', 'region to package for', process.env.AWS_REGION ?? 'us-east-1')
    .option('--app <name>', 'app to store under (default: the name of the directory)')
    .option('--service <path>', 'package only this service')
    .option('--json', 'print the manifests as JSON')
    .addHelpText('after', EXAMPLE)
    .action(async (dir: string, options: PackageOptions, command: Command) => {
      const directory = resolve(dir);
      const isDirectory = await stat(directory).then(
        (stats) => stats.isDirectory(),
        () => false,
      );
      if (!isDirectory) throw new UsageError(`${dir} is not a directory; give the directory of a service`);
      const { stage, region, service, app = appNameFor(directory, {}) } = options;
      checkName('--stage', stage);
      checkName('--app', app);
      const log = (line: string) => process.stderr.write(`${line}\n`);
      const request = {
        directory,
        service,
        app,
        stage,
        region,
        out: resolve(options.out),
        env: process.env,
        clock: SYSTEM_CLOCK,
        log,
      };
      const manifests = await packageDirectory(request);
      const text = options.json ? JSON.stringify(manifests, null, 2) : manifests.map(describe).join('\n');
      command.configureOutput().writeOut!(`${text}\n`);
    });
}

function describe(manifest: Manifest): string {
  const { service, stackName, framework, templateHash, configHash, environmentHash } = manifest;
  const hashes = { template: templateHash, config: configHash, environment: environmentHash };
  return [
    `service ${service} (${framework.version}), ${stackName === undefined ? 'no stack' : `stack ${stackName}`}`,
    ...Object.entries(hashes).flatMap(([name, hash]) => (hash === undefined ? [] : [`  ${name.padEnd(11)} ${hash}`])),
    ...listBundles('function', manifest.functions),
    ...listImages(manifest),
    ...listBundles('layer', manifest.layers),
    ...listBundles('asset', manifest.assets),
    ...(manifest.warnings ?? []).map((warning) => `  ${'warning'.padEnd(11)} ${warning}`),
  ].join('\n');
}

const listImages = ({ images = {} }: Manifest): readonly string[] =>
  Object.entries(images)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { image }]) => `  ${'image'.padEnd(11)} ${imageSha256(image)}  ${id}, ${image.replace(/@.*/, '')}`);

const listBundles = (kind: string, bundles: Readonly<Record<string, Bundle>>): readonly string[] =>
  Object.entries(bundles)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { contentHash, size }]) => `  ${kind.padEnd(11)} ${contentHash}  ${id}, ${size} bytes`);
