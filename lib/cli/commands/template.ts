import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { readTemplate } from '../../config/read-template';
import { LIVE_ALIAS } from '../../core/contracts/live-alias';
import { transformTemplate } from '../../core/template/alias-transform';
import { nameDeployments } from '../../core/template/api-deployments';
import { withoutPackagedHashes } from '../../core/template/kept-versions';
import { refuseOwnCodeDeploy } from '../../packager/kinds/serverless/refuse-own-code-deploy';
import { checkName, UsageError } from '../platform/run-command';
import { describeFindings } from './template-findings';
import { readSettingsFile } from './template-settings';

interface TemplateOptions {
  readonly stage: string;
  readonly settings?: string;
  readonly alias?: string;
}

const EXAMPLE = `
The transformed template goes to standard output, as a first release would deploy it (without the package's bundles);
what was found goes to standard error: functions without an alias, warnings, and how each function would shift.

A settings file holds "deploymentSettings" for all functions, "functions.<key>.deploymentSettings" for single ones
(by their keys in serverless.yml or their logical ids), or both; a serverless.yml without variables will do.

Example:
  $ seedbed template .serverless/cloudformation-template-update-stack.json --settings shift.yml > live.json
`;

/** Adds `seedbed template FILE`: what the alias transform makes of a template. Asks no platform and no AWS. */
export function registerTemplate(program: Command): void {
  program
    .command('template')
    .description('print a CloudFormation template with everything pointed at aliases')
    .argument('<file>', 'template in JSON or YAML')
    .option('--stage <name>', 'stage whose shifts are shown', 'prod')
    .option('--settings <file>', 'deployment settings in YAML or JSON')
    .option('--alias <name>', `name of the alias (default: what the settings say, else "${LIVE_ALIAS}")`)
    .addHelpText('after', EXAMPLE)
    .action(async (file: string, options: TemplateOptions, command: Command) => {
      const { writeOut, writeErr } = command.configureOutput();
      const { stage } = options;
      checkName('--stage', stage);
      if (options.alias !== undefined) checkAlias(options.alias);
      const packaged = readTemplate({ name: file, text: await readText(file, 'a CloudFormation template') });
      refuseOwnCodeDeploy(packaged, { file, plugins: undefined });
      const settings =
        options.settings === undefined
          ? undefined
          : readSettingsFile(
              { name: options.settings, text: await readText(options.settings, 'deployment settings in YAML or JSON') },
              { stage, template: packaged },
            );
      const alias = options.alias ?? settings?.alias ?? LIVE_ALIAS;
      const transformed = transformTemplate(withoutPackagedHashes(packaged), { alias, liveVersions: {} });
      for (const line of describeFindings(packaged, { transformed, alias, stage, settings: settings?.shift })) {
        writeErr!(`${line}\n`);
      }
      writeOut!(`${JSON.stringify(nameDeployments(transformed.template), null, 2)}\n`);
    });
}

async function readText(file: string, what: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UsageError(`there is no file ${file}; give the path of ${what}`);
    if (code === 'EISDIR') throw new UsageError(`${file} is a directory; give the path of ${what}`);
    throw error;
  }
}

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateAlias.html */
function checkAlias(alias: string): void {
  if (/^(?!\d+$)[A-Za-z0-9-_]{1,128}$/.test(alias)) return;
  throw new UsageError(
    `--alias: "${alias}" cannot be the name of an alias; ` +
      'write letters, digits, "-" or "_", at most 128 and not digits alone',
  );
}
