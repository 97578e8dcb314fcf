import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

it('the CDK app names a configuration that is not there, and ends with 1', () => {
  const context = { CDK_CONTEXT_JSON: JSON.stringify({ config: 'no/seedbed.yml' }) };
  const { status, stderr } = spawnSync(process.execPath, ['-r', 'tsx/cjs', 'bin/app.ts'], {
    cwd: join(__dirname, '../..'),
    env: { ...process.env, ...context },
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/^there is no file no\/seedbed\.yml, which the context "config" names; .*\n$/m);
  expect(stderr).not.toContain('    at ');
  expect(status).toBe(1);
});
