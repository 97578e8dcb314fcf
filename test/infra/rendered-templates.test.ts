import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { readTemplate } from '../../lib/config/read-template';
import { Manifest } from '../../lib/core/contracts/manifest';
import { NO_SHIFT_SETTINGS } from '../../lib/core/contracts/settings';
import { transformTemplate } from '../../lib/core/template/alias-transform';
import { nameDeployments } from '../../lib/core/template/api-deployments';
import { allowHooks } from '../../lib/core/template/hook-permissions';
import { renderTemplate } from '../../lib/core/template/render-template';
import { resourcesOfType, type Template } from '../../lib/core/template/template';
import { ensureVenv } from '../../lib/local/emulator/python-venv';
import { packageDirectory } from '../../lib/packager/package-directory';
import { aManifest } from '../builders';

const FIXTURES = join(__dirname, '../core/template/fixtures');
const SHOP = join(__dirname, '../../examples/shop');

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'rendered-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** @returns what cfn-lint has to say of templates, by name. */
async function lint(templates: Readonly<Record<string, Template>>): Promise<string> {
  const python = await ensureVenv({
    directory: join(__dirname, '../../.seedbed/lint-venv'),
    requirements: join(__dirname, 'requirements.txt'),
  });
  const files = Object.entries(templates).map(([name, template]) => {
    const file = join(directory, `${name.replaceAll('/', '_')}.json`);
    writeFileSync(file, JSON.stringify(template));
    return file;
  });
  // W2531: the fixtures' runtime ages. W3005: the framework states dependencies that a reference implies already.
  const args = ['--ignore-checks', 'W2531', 'W3005', '--', ...files];
  try {
    return execFileSync(join(python, '../cfn-lint'), args, { encoding: 'utf8' });
  } catch (error) {
    return String((error as { stdout?: unknown }).stdout);
  }
}

/** The template with what the first function needs to be the hook of all others. */
function hooked(template: Template): Template {
  const [hook, ...others] = resourcesOfType(template, 'AWS::Lambda::Function').map(([id]) => id);
  const settings = { preTrafficHook: hook, alarms: [], triggers: [] };
  const shift = { ...NO_SHIFT_SETTINGS, functions: Object.fromEntries(others.map((id) => [id, settings])) };
  const { template: result } = allowHooks(template, { ...aManifest(), shift });
  expect(result.Resources).toHaveProperty('SeedbedHooks');
  return result;
}

/** What a first release makes of a template, and what a later one does. */
const releases = (
  name: string,
  render: (liveVersions: Readonly<Record<string, string>>) => Template,
  ids: string[],
) => ({
  [`${name}-first`]: render({}),
  [`${name}-later`]: render(Object.fromEntries(ids.map((id) => [id, '7']))),
});

describe('a template whose functions got their aliases', () => {
  it('passes cfn-lint, as packaged by the framework and with a function behind every event source', async () => {
    const templates = readdirSync(FIXTURES).map((file) => {
      const packaged = readTemplate({ name: file, text: readFileSync(join(FIXTURES, file), 'utf8') });
      const render = (liveVersions: Readonly<Record<string, string>>) =>
        nameDeployments(transformTemplate(hooked(packaged), { alias: 'live', liveVersions }).template);
      return releases(file, render, Object.keys(packaged.Resources));
    });
    expect(await lint(Object.assign({}, ...templates))).toBe('');
  });

  it('passes cfn-lint, as packaged from the examples, with the permissions of their hooks', async () => {
    const out = join(directory, 'packages');
    const log = () => {};
    const packaged = await packageDirectory({
      directory: SHOP,
      app: 'shop',
      stage: 'prod',
      region: 'us-east-1',
      out,
      env: process.env,
      log,
      clock: SYSTEM_CLOCK,
    });
    const templates = packaged.map((manifest) => {
      const { service, functions } = Manifest.parse(manifest);
      const [id] = readdirSync(join(out, 'packages/shop/prod', service)).filter((name) => /^[0-9A-Z]{26}$/.test(name));
      const file = join(out, 'packages/shop/prod', service, id!, 'template.json');
      const template = readTemplate({ name: file, text: readFileSync(file, 'utf8') });
      const render = (liveVersions: Readonly<Record<string, string>>) =>
        renderTemplate(template, { alias: manifest.alias, liveVersions, bucket: 'artifacts', manifest }).template;
      return releases(service, render, Object.keys(functions));
    });
    const all: Record<string, Template> = Object.assign({}, ...templates);
    expect(Object.values(all).some(({ Resources }) => Resources.SeedbedHooks !== undefined)).toBe(true);
    expect(await lint(all)).toBe('');
  });
});
