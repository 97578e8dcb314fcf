import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { CHECKOUT } from '../../local/emulator/checkout';
import { asFileProblem, readIfThere } from '../platform/seedbed-yml-file';

/** What became of the files of a team's project. */
export interface ProjectFiles {
  /** Path of seedbed.yml within the project. */
  readonly config: string;
  /** Paths within the project. */
  readonly written: readonly string[];
  /** Files that exist already, which are never changed. */
  readonly kept: readonly string[];
}

const CDK_JSON = 'cdk.json';
const PLATFORM_TS = 'bin/platform.ts';

/** What the CDK runs, and how. tsx comes with Seedbed; the flags are those that its own tests run with. */
const CDK_SETTINGS = {
  app: `node --import tsx ${PLATFORM_TS}`,
  context: {
    '@aws-cdk/aws-iam:minimizePolicies': true,
    '@aws-cdk/core:enablePartitionLiterals': true,
    '@aws-cdk/core:checkSecretUsage': true,
    '@aws-cdk/aws-events:eventsTargetQueueSameAccount': true,
  },
};

const platformTs = (config: string): string => `import { App } from 'aws-cdk-lib';
import { Seedbed } from 'seedbed';

const app = new App();

// The platform: the stacks Seedbed, SeedbedApps and SeedbedTarget, as seedbed.yml says.
new Seedbed(app, { config: ${quoted(config)} });

// Stacks, tags and aspects of your own go here, such as: Tags.of(app).add('owner', 'platform-team');
`;

/** @returns a text as TypeScript has it. */
const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

const readme = (config: string): string => `# Our deployment platform

[Seedbed](node_modules/seedbed/README.md) deploys our apps on every push. This project says which version of it runs,
and what deploys where.

| file | what it is |
| --- | --- |
| \`${config}\` | the apps, their repositories and stages: node_modules/seedbed/docs/configuration.md |
| \`${PLATFORM_TS}\` | the CDK app; stacks, tags and aspects of our own go there |
| \`package.json\` | the version of Seedbed |

\`\`\`sh
npm ci                      # in a fresh clone
npx cdk diff                # what would change
npx cdk deploy --all        # deploy the platform, after every change
npx seedbed status          # what runs, waits and is deployed
npx seedbed local up        # the whole platform on this machine, without an AWS account
\`\`\`

Installing, connecting GitHub, upgrading: node_modules/seedbed/docs/install.md
`;

const GITIGNORE = `node_modules/
cdk.out/
.seedbed/
`;

/**
 * Writes what a team's project has besides seedbed.yml: the CDK app and its settings, a README, a .gitignore. What
 * exists is kept; beside a cdk.json that names another app, bin/platform.ts is not written. A checkout of Seedbed is a
 * project already.
 * @param directory root of the project
 * @param configFile absolute path of seedbed.yml
 */
export async function writeProjectFiles(directory: string, configFile: string): Promise<ProjectFiles> {
  const config = relative(directory, configFile);
  if (directory === CHECKOUT) return { config, written: [], kept: [] };
  const files = [
    [CDK_JSON, `${JSON.stringify(CDK_SETTINGS, null, 2)}\n`],
    [PLATFORM_TS, platformTs(config)],
    ['README.md', readme(config)],
    ['.gitignore', GITIGNORE],
  ] as const;
  const written: string[] = [];
  const kept: string[] = [];
  for (const [file, text] of files) {
    if (file === PLATFORM_TS && !(await readFile(join(directory, CDK_JSON), 'utf8')).includes(PLATFORM_TS)) continue;
    (await writeNew(join(directory, file), text)) ? written.push(file) : kept.push(file);
  }
  return { config, written, kept };
}

/** @returns whether it is written; a file that exists is left alone. */
async function writeNew(file: string, text: string): Promise<boolean> {
  if ((await readIfThere(file)) !== undefined) return false;
  await asFileProblem(file, async () => {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: 'wx' });
  });
  return true;
}

/** @returns what became of them, in words. */
export function describeProjectFiles({ written, kept, config }: ProjectFiles): readonly string[] {
  const lines: string[] = [];
  if (written.length > 0) lines.push(`wrote ${written.join(', ')}`);
  if (kept.length > 0) lines.push(`not changed, since they exist already: ${kept.join(', ')}`);
  if (kept.includes(CDK_JSON) && ![...written, ...kept].includes(PLATFORM_TS))
    lines.push(
      `cdk.json names another app: add the platform to it with new Seedbed(app, { config: ${quoted(config)} })`,
    );
  return lines;
}
