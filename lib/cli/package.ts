import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import type { Bundle, Manifest } from '../core/manifest';
import { Name } from '../core/release';
import { packageDirectory } from '../packager/package-directory';

interface PackageOptions {
  readonly stage: string;
  readonly out: string;
  readonly region: string;
  readonly app?: string;
  readonly service?: string;
  readonly json?: true;
}

const USAGE = { exitCode: 2 };
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
      if (!isDirectory) command.error(`error: ${dir} is not a directory; give the directory of a service`, USAGE);
      const stage = Name.safeParse(options.stage);
      if (!stage.success) command.error(`error: stage "${options.stage}": ${stage.error.issues[0]!.message}`, USAGE);
      const app = Name.safeParse(options.app ?? appNameOf(directory));
      if (!app.success) command.error(`error: app "${options.app}": ${app.error.issues[0]!.message}`, USAGE);
      const manifests = await packageDirectory({
        directory,
        service: options.service,
        app: app.data!,
        stage: stage.data!,
        region: options.region,
        out: resolve(options.out),
        env: process.env,
        log: (line) => process.stderr.write(`${line}\n`),
      });
      process.stdout.write(
        options.json ? `${JSON.stringify(manifests, null, 2)}\n` : manifests.map(describe).join('\n'),
      );
    });
}

/** @returns the nearest valid name to a directory's. */
function appNameOf(directory: string): string {
  const name = basename(directory)
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 32);
  return name || 'app';
}

function describe(manifest: Manifest): string {
  const { service, stackName, framework, templateHash, configHash, environmentHash } = manifest;
  const hashes = { template: templateHash, config: configHash, environment: environmentHash };
  return [
    `service ${service} (${framework.version}), stack ${stackName}`,
    ...Object.entries(hashes).map(([name, hash]) => `  ${name.padEnd(11)} ${hash}`),
    ...listBundles('function', manifest.functions),
    ...listBundles('layer', manifest.layers),
    ...listBundles('asset', manifest.assets),
    '',
  ].join('\n');
}

const listBundles = (kind: string, bundles: Readonly<Record<string, Bundle>>): readonly string[] =>
  Object.entries(bundles)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { contentHash, size }]) => `  ${kind.padEnd(11)} ${contentHash}  ${id}, ${size} bytes`);
