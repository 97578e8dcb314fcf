import { whileUp } from '../../../lib/cli/platform/while-up';
import { stopInstance } from '../../../lib/local/instance';
import { startInstance } from '../../../lib/local/start-instance';

jest.setTimeout(300_000);

const name = `test-up-${process.pid}`;
afterEach(() => stopInstance(name));

describe('whileUp', () => {
  it('says that the local cloud went down meanwhile', async () => {
    await startInstance(name);
    const work = async () => {
      await stopInstance(name);
      throw new Error('connect ECONNREFUSED');
    };
    await expect(whileUp(name, work)).rejects.toMatchObject({
      code: 'LocalCloudFailed',
      message:
        `the local cloud "${name}" went down meanwhile: ` + `start it again with: npx seedbed local up --name ${name}`,
    });
  });

  it('hands on what the work returns or throws while it is up', async () => {
    const started = await startInstance(name);
    expect(await whileUp(name, async ({ endpoint }) => endpoint)).toBe(started.endpoint);
    await expect(whileUp(name, () => Promise.reject(new Error('something else')))).rejects.toThrow('something else');
  });
});
