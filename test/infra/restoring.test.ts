import { Template } from 'aws-cdk-lib/assertions';
import { platformSecrets } from '../../lib/config/platform-secrets';
import { GITHUB_SECRET, GitHubSecret } from '../../lib/core/contracts/github-secret';
import { cloneParameter, environmentPath, environmentSaltParameter } from '../../lib/core/contracts/stage-environment';
import { codeSpans, documents } from '../docs/markdown';
import { aPlatform } from './synthesise';

const { text } = documents().find(({ path }) => path === 'docs/restoring.md')!;
const spans = new Set(codeSpans(text));

const YML = `
targets: { theirs: { account: '444455556666' } }
apps:
  shop:
    repository: { codecommit: shop }
    stages: { prod: { branches: [main], target: theirs, build: { reads: ['ssm:/shop/prod/*'] } } }
`;

describe('docs/restoring.md', () => {
  it('names all names in IAM that are the account’s, which stacks of another region would want too', () => {
    const { platform, apps, target, otherTargets } = aPlatform({ text: YML });
    const names = [platform, apps, target, ...Object.values(otherTargets)].flatMap((stack) =>
      Object.values(Template.fromStack(stack).toJSON().Resources as Record<string, { Properties?: object }>).flatMap(
        ({ Properties = {} }) => {
          const { RoleName, ManagedPolicyName } = Properties as Readonly<Record<string, unknown>>;
          return [RoleName, ManagedPolicyName].filter((name) => typeof name === 'string');
        },
      ),
    );
    const written = [...new Set(names)].map((name) =>
      name.replace('shop-prod', '<app>-<stage>').replace('shop_prod', '<app>_<stage>'),
    );
    expect(written.length).toBeGreaterThan(5);
    expect(written.filter((name) => !spans.has(name))).toEqual([]);
  });

  it('says how to exchange every secret that the platform has a place for', () => {
    const config = { github: { secret: GITHUB_SECRET }, notifications: [{ webhook: 'notifications[].webhook' }] };
    expect(platformSecrets(config).filter((name) => !spans.has(name))).toEqual([]);
    const { app, ...others } = GitHubSecret.shape;
    const keys = [...Object.keys(others), ...Object.keys(app.unwrap().shape).map((key) => `app.${key}`)];
    // An App's id is none.
    expect(keys.filter((key) => !spans.has(key))).toEqual(['app.id']);
    const stage = { app: '<app>', stage: '<stage>' };
    const parameters = [
      `${environmentPath(stage)}/<NAME>`,
      environmentSaltParameter('<app>', '<stage>'),
      cloneParameter('<app>', '<stage>'),
    ];
    expect(parameters.filter((name) => !spans.has(name))).toEqual([]);
    expect(spans.has('externalId')).toBe(true);
  });
});
