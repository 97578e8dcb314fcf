/** The bucket in which the Serverless Framework keeps its own artifacts, which nobody needs after Seedbed's release. */
export const DEPLOYMENT_BUCKET = 'ServerlessDeploymentBucket';
