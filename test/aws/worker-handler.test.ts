import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { workerHandler } from '../../lib/aws/worker-handler';
import { ReleaseError, retryableCodes } from '../../lib/core/contracts/errors';

const failing = (error: unknown) =>
  workerHandler(async () => {
    throw error;
  })();
const ofNode = (code: string) => Object.assign(new Error(`connect ${code}`), { code });

it('answers what the step answers', async () => {
  expect(await workerHandler(async (text: string) => text.length)('four')).toBe(4);
});

it.each([
  ['Throttled', Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' })],
  ['ServiceUnavailable', ofNode('ECONNREFUSED')],
])('fails with %s, which the state machines try again, and says what happened', async (code, error) => {
  expect(retryableCodes()).toContain(code);
  await expect(failing(error)).rejects.toMatchObject({ name: code, message: `${error.name}: ${error.message}` });
});

it('says so if AWS gave no reason', async () => {
  const error = Object.assign(new Error(''), { name: 'Unknown', $fault: 'server' });
  await expect(failing(error)).rejects.toThrow('Unknown: AWS gave no reason');
});

it.each([
  ['of ours', new ReleaseError('StackFailed', 'the stack failed', { cause: ofNode('ECONNRESET') })],
  ['that will not pass', new TypeError('x is undefined')],
])('leaves an error %s as it is', async (_, error) => {
  await expect(failing(error)).rejects.toBe(error);
});

it('is what every worker hands to Lambda', () => {
  const lambdas = join(__dirname, '../../lambdas');
  const handlers = readdirSync(lambdas, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.handler.ts'),
  );
  const others = handlers.filter((file) => {
    const source = readFileSync(join(lambdas, file), 'utf8');
    // That of the door's workers has it within: lib/aws/door-handler.ts.
    return !/export const handler = (worker|door)Handler\(/.test(source);
  });
  expect(handlers.length).toBeGreaterThan(30);
  expect(others).toEqual([]);
});
