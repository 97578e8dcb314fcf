import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { deployApp } from '../../lib/local/deploy-app';
import { type ACloud, aCloud, PATIENCE } from './a-cloud';

jest.setTimeout(3 * PATIENCE); // the CDK's start alone takes seconds, and there are four

/** An app with one parameter, whose value is the context value `greeting`. */
const APP = `
const { App, Stack } = require(${JSON.stringify(require.resolve('aws-cdk-lib'))});
const { StringParameter } = require(${JSON.stringify(require.resolve('aws-cdk-lib/aws-ssm'))});
const app = new App();
const greeting = app.node.tryGetContext('greeting');
if (!greeting) throw new Error('there is no greeting');
new StringParameter(new Stack(app, 'Greeting'), 'Parameter', { parameterName: '/greeting', stringValue: greeting });
`;

describe('deploying a CDK app to the local cloud', () => {
  let at: ACloud;
  let directory: string;
  beforeAll(async () => {
    at = await aCloud('deploy');
    directory = join(at.cloud.scratchDir, 'app');
    mkdirSync(directory);
    writeFileSync(join(directory, 'app.js'), APP);
  });
  afterAll(() => at.cloud.stop());

  it('deploys its stacks, with the context that it is given', async () => {
    const app = { directory, command: 'node app.js', context: { greeting: 'good morning' } };
    await deployApp({ cloud: at.cloud, app });
    const { Parameter } = await new SSMClient(at.client).send(new GetParameterCommand({ Name: '/greeting' }));
    expect(Parameter?.Value).toBe('good morning');
  });

  it('fails with the last lines of the CDK, which say what is wrong with the app', async () => {
    await expect(deployApp({ cloud: at.cloud, app: { directory, command: 'node app.js' } })).rejects.toMatchObject({
      name: 'LocalCloudFailed',
      message: expect.stringMatching(/^cdk \w+ failed; its last lines:.*there is no greeting/s),
    });
  });
});
