import { DEPLOY_ROLE_NAME, EXECUTION_ROLE_NAME } from '../core/contracts/release';
import { type ConfigProblem, keyText } from '../core/text/place';
import type { SeedbedYml } from './seedbed-yml';

type Targets = SeedbedYml['targets'];
type Input = Targets[string];
interface Place {
  readonly account: string;
}

const KEYS = ['executionPolicies', 'permissionsBoundary'] as const;

/** @returns what is wrong with what targets say of CloudFormation's role */
export function executionProblems(
  { apps, targets }: Pick<SeedbedYml, 'apps' | 'targets'>,
  platform: Place,
): readonly ConfigProblem[] {
  const all = withDefault(apps, targets);
  return Object.entries(targets).flatMap(([name, target]) => [
    ...policiesOfOthers(name, target, platform),
    ...roleOfTheOwner(name, target, platform),
    ...otherThanBefore(name, all, platform),
  ]);
}

/** The target `default` is there without being written as soon as a stage lives in it. */
function withDefault(apps: SeedbedYml['apps'], targets: Targets): Targets {
  const isUsed = Object.values(apps).some(({ stages }) =>
    Object.values(stages).some(({ target }) => target === 'default'),
  );
  return isUsed && targets.default === undefined ? { default: {}, ...targets } : targets;
}

function policiesOfOthers(name: string, target: Input, platform: Place): readonly ConfigProblem[] {
  const account = target.account ?? platform.account;
  if (!/^\d{12}$/.test(account)) return [];
  const { executionPolicies = [], permissionsBoundary } = target;
  const given: readonly { readonly keys: readonly PropertyKey[]; readonly arn: string }[] = [
    ...executionPolicies.map((arn, index) => ({ keys: ['executionPolicies', index], arn })),
    ...(permissionsBoundary?.startsWith('arn:') ? [{ keys: ['permissionsBoundary'], arn: permissionsBoundary }] : []),
  ];
  return given.flatMap(({ keys, arn }) => {
    const owner = arn.split(':')[4];
    if (owner === 'aws' || owner === account) return [];
    const place = ['targets', name, ...keys];
    const message =
      `"${keyText(place)}" is a policy of account ${owner}, but the target's account is ${account}; a role takes ` +
      "policies of its own account or AWS's: make it there, or correct one of the two";
    return [{ place, message }];
  });
}

/** What a role of the owner's own making may do is for the owner to say, where it is made. */
function roleOfTheOwner(name: string, target: Input, platform: Place): readonly ConfigProblem[] {
  const own = ownRole(target, platform);
  if (own === undefined) return [];
  return KEYS.filter((key) => target[key] !== undefined).map((key) => {
    const place = ['targets', name, key];
    const message =
      `"${keyText(place)}" is given, but "targets.${name}.${own}" says that CloudFormation's role there is of your own ` +
      'making; give that role the policy where you make it, or remove one of the two';
    return { place, message };
  });
}

/** @returns the key that says that no stack of ours makes CloudFormation's role of a target */
function ownRole({ account, deployRoleArn, executionRoleArn }: Input, platform: Place) {
  const isOurs = (arn: string | undefined, role: string) => arn === undefined || arn.endsWith(`:role/${role}`);
  if (!isOurs(executionRoleArn, EXECUTION_ROLE_NAME)) return 'executionRoleArn';
  const isForeign = account !== undefined && account !== platform.account;
  return isForeign && !isOurs(deployRoleArn, DEPLOY_ROLE_NAME) ? 'deployRoleArn' : undefined;
}

/** An account has one role for CloudFormation, however many targets are in it. */
function otherThanBefore(name: string, targets: Targets, platform: Place): readonly ConfigProblem[] {
  const accountOf = (one: string) => targets[one]!.account ?? platform.account;
  const names = Object.keys(targets).filter((one) => ownRole(targets[one]!, platform) === undefined);
  const first = names.find((one) => accountOf(one) === accountOf(name));
  if (first === undefined || first === name || !names.includes(name)) return [];
  return KEYS.flatMap((key) => {
    const [here, there] = [targets[name]![key], targets[first]![key]];
    if (JSON.stringify(here) === JSON.stringify(there)) return [];
    const place = ['targets', name, key];
    const message =
      `"${keyText(place)}" is not what target "${first}" says, and both are account ${accountOf(name)}, where CloudFormation ` +
      `has one role; write the same "${key}" in both`;
    return [{ place, message }];
  });
}
