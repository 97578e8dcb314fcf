import { App } from 'aws-cdk-lib';
import { resolveConfig } from '../../lib/config/resolve-config';
import { addSeedbed } from '../../lib/infra/seedbed-app';

const PLACE = { account: '111122223333', region: 'eu-central-1' };
const TWO_APPS = `
apps:
  shop: { repository: { codecommit: shop }, stages: { dev: { branches: [main] }, prod: { branches: [release] } } }
  blog: { repository: { codecommit: blog }, stages: { dev: { branches: [main] } } }
`;

/**
 * @param options `validate`: whether the CDK validates what it synthesises, which takes seconds
 * @returns a platform with two apps, not yet synthesised
 */
export function aPlatform({ keep = true, validate = false } = {}): ReturnType<typeof addSeedbed> & {
  readonly app: App;
} {
  process.env.CDK_VALIDATION = String(validate);
  const app = new App({ analyticsReporting: false });
  return { app, ...addSeedbed(app, { ...PLACE, keep, config: resolveConfig(TWO_APPS, PLACE) }) };
}
