import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformTemplate } from '../../lib/core/template/alias-transform';
import { nameDeployments } from '../../lib/core/template/api-deployments';
import { asTemplate } from '../../lib/core/template/template';
import { ensureVenv } from '../../lib/local/python-venv';

jest.setTimeout(300_000);

const FIXTURES = join(__dirname, '../core/template/fixtures');

describe('a packaged service whose functions got their aliases', () => {
  let directory = '';
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'rendered-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it.each(['event-sources', 'http-api-and-url', 'rest-and-websocket'])('passes cfn-lint: %s', async (name) => {
    const python = await ensureVenv({
      directory: join(__dirname, '../../.seedbed/lint-venv'),
      requirements: join(__dirname, 'requirements.txt'),
    });
    const packaged = asTemplate(JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), 'utf8')));
    const live = Object.fromEntries(Object.keys(packaged.Resources).map((id) => [id, '7']));
    const templates = [{}, live].map((liveVersions, index) => {
      const { template } = transformTemplate(packaged, { alias: 'live', liveVersions });
      const file = join(directory, `${name}-${index}.json`);
      writeFileSync(file, JSON.stringify(nameDeployments(template)));
      return file;
    });
    const cfnLint = join(python, '../cfn-lint');
    // W2531: the fixtures' runtime ages. W3005: the framework states dependencies that a reference implies already.
    const report = execFileSync(cfnLint, ['--ignore-checks', 'W2531', 'W3005', '--', ...templates], {
      encoding: 'utf8',
    });
    expect(report).toBe('');
  });
});
