import { Stack, type StackProps } from 'aws-cdk-lib';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { AppConfig } from '../core/contracts/app-config';
import { ReleaseError } from '../core/contracts/errors';
import { LIMITS } from '../core/contracts/limits';
import type { StageBuild } from '../core/contracts/stage-build';
import { AppParameters } from './app-parameters';
import { BuildProjects } from './build-projects';
import { checkLimits } from './stack-limits';

export interface AppsStackProps extends StackProps {
  readonly apps: readonly AppConfig[];
  /** How each of their stages is built. */
  readonly builds: readonly StageBuild[];
  readonly artifacts: Bucket;
  readonly buildLogs: LogGroup;
}

/** What the CDK may add of its own. */
const SPARE_RESOURCES = 5;

/** What the platform has for each connected app: its configuration, and the projects in which its stages are built. */
export class AppsStack extends Stack {
  /** @throws ReleaseError ConfigInvalid if the apps have more stages than a stack can hold */
  constructor(scope: Construct, id: string, { apps, builds, artifacts, buildLogs, ...props }: AppsStackProps) {
    // A template of CloudFormation has 1 MB, of which indentation would take two fifths.
    super(scope, id, { ...props, suppressTemplateIndentation: true });
    refuseTooMany(
      this.stackName,
      apps,
      new Set(builds.filter(({ machine }) => machine.docker).map(({ app }) => app)).size,
    );
    checkLimits(this, { whenFull: FURTHER });
    new AppParameters(this, 'Apps', { apps });
    new BuildProjects(this, 'Builds', { apps, builds, artifacts, logs: buildLogs });
  }
}

/** Two parameters for each app, project and role for each stage, and repositories of images. */
function refuseTooMany(stack: string, apps: readonly AppConfig[], repositories: number): void {
  const stages = apps.reduce((sum, { stages }) => sum + Object.keys(stages).length, 0);
  const resources = 2 * apps.length + 2 * stages + repositories;
  if (resources <= LIMITS.templateResources.most - SPARE_RESOURCES) return;
  throw new ReleaseError(
    'ConfigInvalid',
    `seedbed.yml: the ${apps.length} apps of stack ${stack} with ${stages} stages are ${resources} resources, and a stack ` +
      `of CloudFormation holds ${LIMITS.templateResources.most}; ${FURTHER}`,
  );
}

const FURTHER =
  'give apps that you connect from now on a further stack with "stack: b" in seedbed.yml; ' +
  'docs/production.md#size-limits says how to move one that is connected';
