import { ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { AppConfig } from '../core/contracts/app-config';
import { appParameter, repositoryParameter } from '../core/contracts/app-parameters';
import { storeApp } from '../core/contracts/stored-app';

export interface AppParametersProps {
  readonly apps: readonly AppConfig[];
}

/** Each connected app's configuration, where the trigger reads it: by app, and by repository. */
export class AppParameters extends Construct {
  constructor(scope: Construct, id: string, { apps }: AppParametersProps) {
    super(scope, id);
    for (const config of apps) {
      new StringParameter(this, `App-${config.app}`, {
        parameterName: appParameter(config.app),
        stringValue: storeApp(config),
        tier: ParameterTier.INTELLIGENT_TIERING,
      });
      new StringParameter(this, `Repository-${config.app}`, {
        parameterName: repositoryParameter(config.repository),
        stringValue: config.app,
      });
    }
  }
}
