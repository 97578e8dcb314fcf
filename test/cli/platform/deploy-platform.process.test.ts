import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { deployPlatform } from '../../../lib/cli/platform/deploy-platform';
import { type ACloud, aCloud, PATIENCE } from '../../local/a-cloud';

jest.setTimeout(PATIENCE);

// That it deploys is what the end-to-end tests begin with.
describe('deploying the platform to the local cloud', () => {
  let at: ACloud;
  beforeAll(async () => {
    at = await aCloud('platform');
    const bootstrapped = { Name: '/cdk-bootstrap/hnb659fds/version', Value: '21', Type: 'String' } as const;
    await new SSMClient(at.client).send(new PutParameterCommand(bootstrapped));
  });
  afterAll(() => at.cloud.stop());

  it('fails with the last lines of the CDK, which say what is wrong with seedbed.yml', async () => {
    const configPath = join(at.cloud.scratchDir, 'seedbed.yml');
    writeFileSync(configPath, 'appz: {}\n');
    await expect(deployPlatform({ cloud: at.cloud, configPath })).rejects.toMatchObject({
      name: 'LocalCloudFailed',
      message: expect.stringMatching(/^cdk deploy failed; its last lines:.*unknown key "appz"/s),
    });
  });
});
