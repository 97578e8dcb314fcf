import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { DISABLE_ASSET_STAGING_CONTEXT, DISABLE_CREATION_STACK_TRACES } from 'aws-cdk-lib/cx-api';
import { resolveConfig } from '../../lib/config/resolve-config';
import { addSeedbed } from '../../lib/infra/seedbed-app';

/** Where the tests synthesise to; removed when all of them have run. */
export const ASSEMBLIES = join(__dirname, '../../node_modules/.cache/seedbed-infra');

const PLACE = { account: '111122223333', region: 'eu-central-1' };
const TWO_APPS = `
apps:
  shop: { repository: { codecommit: shop }, stages: { dev: { branches: [main] }, prod: { branches: [release] } } }
  blog: { repository: { codecommit: blog }, stages: { dev: { branches: [main] } } }
`;

/**
 * @param options `text`: of seedbed.yml, with two apps if not given; `validate`: whether the CDK validates what it
 * synthesises, which takes seconds
 * @returns the platform, not yet synthesised
 */
export function aPlatform({ text = TWO_APPS, keep = true, validate = false } = {}): ReturnType<typeof addSeedbed> & {
  readonly app: App;
} {
  process.env.CDK_VALIDATION = String(validate);
  mkdirSync(ASSEMBLIES, { recursive: true });
  const outdir = mkdtempSync(join(ASSEMBLIES, 'assembly-'));
  // Without what nobody reads here and takes a third of the time: where constructs were made, and copies of all code.
  const context = { [DISABLE_ASSET_STAGING_CONTEXT]: true, [DISABLE_CREATION_STACK_TRACES]: true };
  const app = new App({ analyticsReporting: false, stackTraces: false, treeMetadata: false, outdir, context });
  return { app, ...addSeedbed(app, { ...PLACE, keep, config: resolveConfig(text, PLACE) }) };
}
