import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployPlatform } from '../../lib/cli/platform/deploy-platform';
import { githubApiUrl } from '../../lib/local/github/http/paths';
import { type LocalCloud, startLocalCloud } from '../../lib/local/local-cloud';
import { keepBundles } from '../keep-bundles';
import { bootstrapAccount } from './bootstrap-account';
import { E2E_APPS, E2E_TARGETS, OTHER_ACCOUNT } from './e2e-apps';
import { SPEED } from './local-speed';
import { stopSchedules } from './stop-schedules';

declare global {
  var seedbedCloud: LocalCloud | undefined;
  var seedbedJudgements: { readonly file: string; readonly remove: () => void } | undefined;
}

/** Starts one local cloud with the platform for all end-to-end tests; each file of tests has an app of its own. */
// biome-ignore lint/style/noDefaultExport: jest asks for one
export default async function setUp(): Promise<void> {
  keepBundles();
  const directory = mkdtempSync(join(tmpdir(), 'seedbed-judgements-'));
  const judgementsFile = join(directory, 'judgements.jsonl');
  const remove = () => rmSync(directory, { recursive: true });
  globalThis.seedbedJudgements = { file: judgementsFile, remove };
  const cloud = await startLocalCloud({ name: 'e2e', speed: SPEED, judgementsFile });
  globalThis.seedbedCloud = cloud;
  const configPath = join(cloud.scratchDir, 'seedbed.yml');
  const github = { apiUrl: githubApiUrl(cloud.endpoint) };
  writeFileSync(configPath, JSON.stringify({ github, targets: E2E_TARGETS, apps: E2E_APPS }));
  await bootstrapAccount(cloud, OTHER_ACCOUNT);
  await deployPlatform({ cloud, configPath, log: () => {} });
  await stopSchedules(cloud);
  Object.assign(process.env, cloud.environment);
}
