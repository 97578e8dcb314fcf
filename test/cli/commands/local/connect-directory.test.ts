import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDirectory } from '../../../../lib/cli/commands/local/connect-directory';
import { resolveConfig } from '../../../../lib/config/resolve-config';

let instance: string;
let deployed: string[];
const config = () => join(instance, 'seedbed.yml');
const deploy = async (path: string): Promise<void> => {
  deployed.push(readFileSync(path, 'utf8'));
};
const stagesIn = (text: string) =>
  resolveConfig(text, { account: '111122223333', region: 'us-east-1' }).apps.map(({ app, stages }) => [
    app,
    Object.keys(stages),
  ]);

beforeEach(() => {
  instance = mkdtempSync(join(tmpdir(), 'seedbed-test-'));
  deployed = [];
});
afterEach(() => rmSync(instance, { recursive: true, force: true }));

describe('connecting a directory', () => {
  it('deploys the platform with the new app and keeps it in seedbed.yml', async () => {
    expect(await connectDirectory(instance, { directory: '/home/ada/Shop', stage: 'dev' }, deploy)).toBe('shop');
    expect(deployed.map(stagesIn)).toEqual([[['shop', ['dev']]]]);
    expect(readFileSync(config(), 'utf8')).toBe(deployed[0]);
  });

  it('deploys the platform only if app or stage are new', async () => {
    for (const stage of ['dev', 'dev', 'qa']) await connectDirectory(instance, { directory: '/a/shop', stage }, deploy);
    expect(deployed.map(stagesIn)).toEqual([[['shop', ['dev']]], [['shop', ['dev', 'qa']]]]);
  });

  it('gives directories of one name different apps', async () => {
    const first = await connectDirectory(instance, { directory: '/a/shop', stage: 'dev' }, deploy);
    const second = await connectDirectory(instance, { directory: '/b/shop', stage: 'dev' }, deploy);
    const again = await connectDirectory(instance, { directory: '/b/shop', stage: 'dev' }, deploy);
    expect(second).not.toBe(first);
    expect(again).toBe(second);
  });

  it('does not take an app that the owner of the platform has connected', async () => {
    const text = 'apps: { shop: { repository: { codecommit: shop }, stages: { dev: { branches: [main] } } } }\n';
    writeFileSync(config(), text);
    expect(await connectDirectory(instance, { directory: '/a/shop', stage: 'dev' }, deploy)).toMatch(/^shop-/);
    expect(readFileSync(config(), 'utf8')).toContain('shop: { repository: { codecommit: shop }');
  });

  it('leaves seedbed.yml as it was when the platform cannot be deployed, so the next call deploys again', async () => {
    const failing = () => Promise.reject(new Error('cdk deploy failed'));
    const connect = connectDirectory(instance, { directory: '/a/shop', stage: 'dev' }, failing);
    await expect(connect).rejects.toThrow('cdk deploy failed');
    expect(existsSync(config())).toBe(false);
    await connectDirectory(instance, { directory: '/a/shop', stage: 'dev' }, deploy);
    expect(deployed).toHaveLength(1);
  });
});
