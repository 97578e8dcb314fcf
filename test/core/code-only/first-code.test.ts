import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readZip } from '../../../lib/packager/read-zip';

const EXAMPLES = join(__dirname, '../../../examples/code-only');
const { handler } = require(join(EXAMPLES, 'node/index.js')) as { handler: (event: unknown) => Promise<unknown> };

describe("a function's first code", () => {
  it.each(['node/index.js', 'python/index.py'])('is in its zip as it is in the repository: %s', (file) => {
    const [kind, name] = file.split('/');
    const [entry, ...others] = readZip(`${kind}.zip`, readFileSync(join(EXAMPLES, `${kind}.zip`)));
    expect(others).toEqual([]);
    expect(entry!.path).toBe(name);
    expect(Buffer.from(entry!.unpack()).toString('utf8')).toBe(readFileSync(join(EXAMPLES, file), 'utf8'));
  });

  it.each([
    ['a REST API', { httpMethod: 'GET' }],
    ['an HTTP API or a URL', { requestContext: { http: {} } }],
    ['a load balancer', { requestContext: { elb: {} } }],
  ])('answers a request of %s with 503', async (_, event) => {
    expect(await handler(event)).toMatchObject({ statusCode: 503 });
  });

  it.each([[{ Records: [{ eventSource: 'aws:sqs' }] }], [{}], [undefined]])(
    'fails for %j, so that it is tried again',
    async (event) => {
      await expect(handler(event)).rejects.toThrow('nothing has been released');
    },
  );
});
