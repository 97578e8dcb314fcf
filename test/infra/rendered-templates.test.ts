import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_SHIFT_SETTINGS } from '../../lib/core/shift/settings';
import { transformTemplate } from '../../lib/core/template/alias-transform';
import { nameDeployments } from '../../lib/core/template/api-deployments';
import { allowHooks } from '../../lib/core/template/hook-permissions';
import { asTemplate, resourcesOfType, type Template } from '../../lib/core/template/template';
import { ensureVenv } from '../../lib/local/python-venv';
import { aManifest } from '../builders';

jest.setTimeout(300_000);

const FIXTURES = join(__dirname, '../core/template/fixtures');

/** The template with what the first function needs to be the hook of all others. */
function hooked(template: Template): Template {
  const [hook, ...others] = resourcesOfType(template, 'AWS::Lambda::Function').map(([id]) => id);
  const settings = { preTrafficHook: hook, alarms: [], triggers: [] };
  const shift = { ...NO_SHIFT_SETTINGS, functions: Object.fromEntries(others.map((id) => [id, settings])) };
  const { template: result } = allowHooks(template, { ...aManifest(), shift });
  expect(result.Resources).toHaveProperty('SeedbedHooks');
  return result;
}

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
      const { template } = transformTemplate(hooked(packaged), { alias: 'live', liveVersions });
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
