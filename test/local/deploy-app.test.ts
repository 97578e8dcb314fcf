import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { deployApp } from '../../lib/local/deploy-app';
import { whileLocked } from '../../lib/local/processes/while-locked';
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

  it('waits while somebody else deploys to the same cloud', async () => {
    const steps: string[] = [];
    let finish = (): void => undefined;
    const other = whileLocked(join(at.cloud.scratchDir, 'deploy.lock'), async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      steps.push('the other has deployed');
    });
    const app = { directory, command: 'node app.js', context: { greeting: 'good evening' } };
    let ours: Promise<unknown> = Promise.resolve();
    const owner = new Promise((resolve) => {
      ours = deployApp({ cloud: at.cloud, app, onWait: resolve }).then(() => steps.push('we have deployed'));
    });
    expect(await Promise.race([owner, ours])).toBe(process.pid);
    finish();
    await Promise.all([other, ours]);
    expect(steps).toEqual(['the other has deployed', 'we have deployed']);
  });

  it('fails with the last lines of the CDK, which say what is wrong with the app', async () => {
    await expect(deployApp({ cloud: at.cloud, app: { directory, command: 'node app.js' } })).rejects.toMatchObject({
      name: 'LocalCloudFailed',
      message: expect.stringMatching(/^cdk \w+ failed; its last lines:.*there is no greeting/s),
    });
  });
});
