import { type DeployTarget, deployApp } from '../../local/deploy-app';
import { IN_CHECKOUT, PROJECT } from '../../local/emulator/checkout';

/** Which platform to deploy, and where. */
export interface DeployPlatformOptions {
  readonly cloud: DeployTarget;
  /** Path of seedbed.yml. */
  readonly configPath: string;
  /** Called with each line that the CDK CLI prints. */
  readonly log?: (line: string) => void;
  /** Called once if another process deploys to this cloud, with its process id. */
  readonly onWait?: (owner: number) => void;
}

/**
 * Deploys the platform to a local cloud; call it again when seedbed.yml has changed.
 * @throws ReleaseError `LocalCloudFailed` with the CDK CLI's last lines
 */
export function deployPlatform({ cloud, configPath, log, onWait }: DeployPlatformOptions): Promise<void> {
  const app = {
    directory: PROJECT,
    // A team's project says in its cdk.json which app it is.
    command: IN_CHECKOUT ? `"${process.execPath}" -r tsx/cjs bin/app.ts` : undefined,
    context: { local: 'true', config: configPath },
    environment: { CDK_VALIDATION: 'false' }, // it takes 9 s; the tests of lib/infra validate the templates
  };
  return deployApp({ cloud, app, log, onWait });
}
