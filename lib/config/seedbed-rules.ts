import { REGION } from '../core/contracts/region';
import { useInstead } from '../core/text/nearest';
import { type ConfigProblem, keyText } from '../core/text/place';
import { isLiteralRef } from '../core/trigger/map-ref';
import { isPullRequestStage } from '../core/trigger/stage-name';
import { versionOfTag } from '../core/trigger/tag-order';
import { alarmProblems } from './alarms';
import { buildProblems } from './build-rules';
import { executionProblems } from './execution-rules';
import { notificationProblems } from './notifications';
import { basePatterns, problemOfPattern, rulePatterns, safelyMatches, stagePatterns } from './ref-patterns';
import type { SeedbedYml } from './seedbed-yml';

/** Where the platform itself lives; its targets' defaults. */
export interface PlatformPlace {
  readonly account: string;
  readonly region: string;
  /** `aws` unless given. */
  readonly partition?: string;
}

/** A rule over several keys of seedbed.yml; finds all problems of its kind. */
type Rule = (config: SeedbedYml, platform: PlatformPlace) => readonly ConfigProblem[];

/** @returns every problem that every rule finds. */
export const brokenRules: Rule = (config, platform) =>
  [
    targetsExist,
    targetsAreInTheRegion,
    rolesAreOfTheirAccount,
    executionsAreClear,
    buildsStayApart,
    settingsStagesExist,
    patternsAreValid,
    namesHaveOneStage,
    tagOrdersHaveTags,
    branchRulesAreReached,
    pullRequestsHaveBases,
    pullRequestNamesAreFree,
    repositoriesHaveOneApp,
    notificationsAreClear,
    alarmsReachTheirTopic,
  ].flatMap((rule) => rule(config, platform));

const targetsExist: Rule = ({ apps, targets }) => {
  const known = [...new Set(['default', ...Object.keys(targets)])];
  return stagesOf(apps).flatMap(({ place, stage }) => {
    if (known.includes(stage.target)) return [];
    const at = [...place, 'target'];
    const hint = useInstead(stage.target, known, {
      otherwise: `add it to "targets", or use one of: ${known.join(', ')}`,
    });
    return [{ place: at, message: `"${keyText(at)}" is "${stage.target}", which is not a target; ${hint}` }];
  });
};

const alarmsReachTheirTopic: Rule = ({ alarms }, { region }) =>
  alarmProblems(alarms, REGION.test(region) ? region : undefined);

/** Bundles must lie in the region of the functions, and the platform has one artifact bucket so far. */
const targetsAreInTheRegion: Rule = ({ targets }, platform) =>
  Object.entries(targets).flatMap(([name, { region }]) => {
    if (region === undefined || region === platform.region) return [];
    const place = ['targets', name, 'region'];
    const known = REGION.test(platform.region);
    const own = known ? `the platform is in "${platform.region}"` : "the platform's own region is not known here";
    const message =
      `"${keyText(place)}" is "${region}", but ${own}; a target in another region is not supported yet: remove ` +
      'the key, or install a platform there';
    return [{ place, message }];
  });

const rolesAreOfTheirAccount: Rule = ({ targets }, platform) =>
  Object.entries(targets).flatMap(([name, target]) =>
    (['deployRoleArn', 'executionRoleArn', 'codeDeployRoleArn'] as const).flatMap((key) => {
      const account = target[key]?.split(':')[4];
      const expected = target.account ?? platform.account;
      if (account === undefined || account === expected || !/^\d{12}$/.test(expected)) return [];
      const place = ['targets', name, key];
      const message =
        `"${keyText(place)}" is a role of account ${account}, but the target's account is ${expected}; correct ` +
        'one of the two';
      return [{ place, message }];
    }),
  );

/** What CloudFormation's role may do is said of a role that is ours to make, and once. */
const executionsAreClear: Rule = (config, platform) => executionProblems(config, platform);

/** What builds are granted is what they may have, and can be granted. */
const buildsStayApart: Rule = (config, platform) => buildProblems(config, platform);

/** A rule's key `template` names the configured stage from which the made stages have their settings. */
const settingsStagesExist: Rule = ({ apps }) =>
  Object.entries(apps).flatMap(([app, { stages, pullRequests, branchStages }]) => {
    const known = Object.keys(stages);
    const rules = [
      ...(pullRequests ? [{ place: ['pullRequests'], settingsFrom: pullRequests.template }] : []),
      ...branchStages.map((rule, index) => ({ place: ['branchStages', index], settingsFrom: rule.template })),
    ];
    return rules.flatMap(({ place: at, settingsFrom }) => {
      if (known.includes(settingsFrom)) return [];
      const place = ['apps', app, ...at, 'template'];
      const use = known.length > 0 ? `, or use one of: ${known.join(', ')}` : '';
      const hint = useInstead(settingsFrom, known, { otherwise: `add it to "apps.${app}.stages"${use}` });
      const message = `"${keyText(place)}" is "${settingsFrom}", which is not a stage of the app; ${hint}`;
      return [{ place, message }];
    });
  });

const patternsAreValid: Rule = ({ apps }) =>
  Object.entries(apps).flatMap(([app, input]) =>
    [
      ...stagePatterns(app, input, 'branches'),
      ...stagePatterns(app, input, 'tags'),
      ...basePatterns(app, input),
      ...rulePatterns(app, input),
    ].flatMap(({ place, pattern, kind }) => {
      const problem = problemOfPattern(pattern, kind);
      return problem === undefined ? [] : [{ place, message: `"${keyText(place)}" is "${pattern}", ${problem}` }];
    }),
  );

/** Globs may overlap (then both stages deploy), but a branch or tag given by name belongs to one stage only. */
const namesHaveOneStage: Rule = ({ apps }) =>
  Object.entries(apps).flatMap(([app, input]) =>
    [stagePatterns(app, input, 'branches'), stagePatterns(app, input, 'tags')].flatMap((all) => {
      const named = all.filter(({ pattern }) => isLiteralRef(pattern));
      return all.flatMap(({ place, stage, pattern, kind }, index) => {
        const other = named.find(
          (one) =>
            one.stage !== stage &&
            safelyMatches(pattern, one) &&
            // Of two equal names the second is the problem, of a glob and a name the glob.
            (!isLiteralRef(pattern) || all.indexOf(one) < index),
        );
        if (other === undefined) return [];
        const hint = isLiteralRef(pattern)
          ? 'remove it from one of the two'
          : `leave it out with "!(${other.pattern})", or remove one of the two`;
        const message =
          `"${keyText(place)}" is "${pattern}", but ${kind} "${other.pattern}" deploys to stage "${other.stage}" ` +
          `already; ${hint}`;
        return [{ place, message }];
      });
    }),
  );

/** An order is of tags, and that of versions of tags that name some. */
const tagOrdersHaveTags: Rule = ({ apps }) =>
  stagesOf(apps).flatMap(({ place, stage: { tags, tagOrder } }) => {
    const at = [...place, 'tagOrder'];
    if (tagOrder === undefined) return [];
    if (tags.length === 0) {
      return [
        { place: at, message: `"${keyText(at)}" is set, but the stage deploys no tags; add "tags", or remove it` },
      ];
    }
    if (tagOrder !== 'semver') return [];
    return tags.flatMap((tag, index) => {
      if (!isLiteralRef(tag) || versionOfTag(tag)) return [];
      const message =
        `"${keyText([...place, 'tags', index])}" is "${tag}", which names no version, but "tagOrder" is semver; write tags ` +
        'such as "v*", or choose newest-commit or any';
      return [{ place: [...place, 'tags', index], message }];
    });
  });

/**
 * A branch that a configured stage deploys has no stage of its own, and of several rules the first counts. So a glob
 * may cover what others name; but a name that never counts is a mistake.
 */
const branchRulesAreReached: Rule = ({ apps }) =>
  Object.entries(apps).flatMap(([app, input]) => {
    const configured = stagePatterns(app, input, 'branches');
    const rules = rulePatterns(app, input);
    return rules.flatMap((rule, index) => {
      if (!isLiteralRef(rule.pattern)) return [];
      const stage = configured.find(({ pattern }) => safelyMatches(pattern, rule));
      const earlier = rules.find(({ pattern }, at) => at < index && safelyMatches(pattern, rule));
      const why =
        (stage && `deploys to stage "${stage.stage}" already; remove it from one of the two`) ??
        (earlier && `has a stage by "${keyText(earlier.place)}" already; remove it, or put its rule first`);
      if (why === undefined) return [];
      return [{ place: rule.place, message: `"${keyText(rule.place)}" is "${rule.pattern}", but the branch ${why}` }];
    });
  });

const pullRequestsHaveBases: Rule = ({ apps }) =>
  Object.entries(apps).flatMap(([app, { stages, pullRequests }]) => {
    if (pullRequests === undefined || pullRequests.into) return [];
    if (Object.values(stages).some(({ branches }) => branches.length > 0)) return [];
    const place = ['apps', app, 'pullRequests', 'into'];
    const message =
      `"${keyText(place)}" is missing, and no stage of the app has branches to use instead; write the base ` +
      'branches of the pull requests that get a stage, such as "[main]"';
    return [{ place, message }];
  });

const pullRequestNamesAreFree: Rule = ({ apps }) =>
  stagesOf(apps).flatMap(({ place, app, name }) => {
    if (apps[app]!.pullRequests === undefined || !isPullRequestStage(name)) return [];
    const message =
      `"${keyText(place)}" has a name that the stage of a pull request would have; choose another name, or ` +
      `remove "apps.${app}.pullRequests"`;
    return [{ place, message }];
  });

/** GitHub takes names that differ only in their case for the same. */
const repositoriesHaveOneApp: Rule = ({ apps }) => {
  const first = new Map<string, string>();
  return Object.entries(apps).flatMap(([app, { repository }]) => {
    const provider = repository.github === undefined ? 'codecommit' : 'github';
    const name = repository[provider]!;
    const key = `${provider} ${provider === 'github' ? name.toLowerCase() : name}`;
    const other = first.get(key);
    if (other === undefined) {
      first.set(key, app);
      return [];
    }
    const place = ['apps', app, 'repository', provider];
    const message =
      `"${keyText(place)}" is "${name}", the repository of app "${other}" already; one app has all services of a ` +
      'repository: remove one of the two';
    return [{ place, message }];
  });
};

const notificationsAreClear: Rule = ({ notifications }) => notificationProblems(notifications);

type Apps = SeedbedYml['apps'];

const stagesOf = (apps: Apps) =>
  Object.entries(apps).flatMap(([app, { stages }]) =>
    Object.entries(stages).map(([name, stage]) => ({ place: ['apps', app, 'stages', name], app, name, stage })),
  );
