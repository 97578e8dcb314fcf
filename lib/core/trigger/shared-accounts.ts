import type { AppConfig } from '../contracts/app-config';
import { nameSome } from '../text/name-some';

/** A rule that makes stages, in an account with what those who may push a branch should not reach. */
export interface SharedAccount {
  /** Key of the rule in seedbed.yml: `apps.shop.pullRequests`. */
  readonly rule: string;
  /** What lives there, too. */
  readonly message: string;
  readonly fix: string;
}

/**
 * Whoever may push a branch or open a pull request that gets a stage deploys what he likes into the account of its
 * template. So the account should have neither the platform nor a stage that no such rule makes.
 *
 * @param apps those that are looked at; what shares their accounts is looked for among them alone
 * @param platformAccount as the targets have it, if it is known
 * @returns the rules of which that is not so, each once
 */
export function sharedAccounts(
  apps: readonly AppConfig[],
  platformAccount: string | undefined,
): readonly SharedAccount[] {
  const lasting = apps.flatMap(lastingStages);
  return apps.flatMap((config) =>
    rulesOf(config).flatMap(({ rule, who, template }) => {
      const account = config.stages[template]?.target.account;
      const stages = lasting.filter((one) => one.account === account).map(({ name }) => name);
      const others = [
        ...(account === platformAccount ? ['the platform itself'] : []),
        ...(stages.length > 0 ? [`${stages.length === 1 ? 'stage' : 'stages'} ${nameSome(stages)}`] : []),
      ];
      if (account === undefined || others.length === 0) return [];
      return [
        {
          rule,
          message:
            `stages of ${who} live in one account with ${others.join(' and ')}: whoever may push to the repository ` +
            'deploys what he likes beside it',
          fix:
            `give them a template of their own, with no branches and tags and a target in another account, in place of ` +
            `"${template}" (docs/install.md#an-account-for-previews)`,
        },
      ];
    }),
  );
}

/** The stages that are there to stay. One that only lends its settings to made stages is none of them. */
function lastingStages({ app, stages, ...rules }: AppConfig) {
  const templates = new Set(rulesOf({ app, stages, ...rules }).map(({ template }) => template));
  return Object.entries(stages)
    .filter(([name, { branches, tags }]) => branches.length + tags.length > 0 || !templates.has(name))
    .map(([name, { target }]) => ({ name: `${app}/${name}`, account: target.account }));
}

function rulesOf({ app, pullRequests, branchStages }: AppConfig) {
  return [
    ...(pullRequests
      ? [{ rule: `apps.${app}.pullRequests`, who: 'pull requests', template: pullRequests.template }]
      : []),
    ...branchStages.map(({ branches, template }, index) => ({
      rule: `apps.${app}.branchStages[${index}]`,
      who: `branches ${nameSome(branches)}`,
      template,
    })),
  ];
}
