import { App } from 'aws-cdk-lib';
import { ReleaseError } from '../lib/core/contracts/errors';
import { Seedbed } from '../lib/index';

/** The CDK app of this checkout: the platform, by the seedbed.yml in this directory. */
try {
  new Seedbed(new App());
} catch (error) {
  if (!(error instanceof ReleaseError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
