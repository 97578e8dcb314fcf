import picomatch from 'picomatch';
import { matchesBranch } from '../core/map-branch';
import { nearest } from '../core/nearest';
import { type ConfigProblem, keyText } from '../core/place';

import type { SeedbedYml } from './seedbed-yml';
import { readStageShift } from './stage-shift';

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
    branchesAreValid,
    branchesHaveOneStage,
    repositoriesHaveOneApp,
    shiftsAreValid,
  ].flatMap((rule) => rule(config, platform));

const targetsExist: Rule = ({ apps, targets }) => {
  const known = [...new Set(['default', ...Object.keys(targets)])];
  return stagesOf(apps).flatMap(({ place, stage }) => {
    if (known.includes(stage.target)) return [];
    const near = nearest(stage.target, known);
    const hint =
      near === undefined ? `add it to "targets", or use one of: ${known.join(', ')}` : `did you mean "${near}"?`;
    return [
      {
        place: [...place, 'target'],
        message: `"${keyText([...place, 'target'])}" is "${stage.target}", which is no target; ${hint}`,
      },
    ];
  });
};

/** Bundles must lie in the region of the functions, and the platform has one artifact bucket so far. */
const targetsAreInTheRegion: Rule = ({ targets }, platform) =>
  Object.entries(targets).flatMap(([name, { region }]) => {
    if (region === undefined || region === platform.region) return [];
    const place = ['targets', name, 'region'];
    const known = REGION.test(platform.region);
    const own = known ? `the platform is in "${platform.region}"` : "the platform's own region is not known here";
    const message = `"${keyText(place)}" is "${region}", but ${own}; a target in another region is not supported yet: remove the key, or install a platform there`;
    return [{ place, message }];
  });

const REGION = /^[a-z]{2}(-[a-z]+)+-\d+$/;

const rolesAreOfTheirAccount: Rule = ({ targets }, platform) =>
  Object.entries(targets).flatMap(([name, target]) =>
    (['deployRoleArn', 'executionRoleArn', 'codeDeployRoleArn'] as const).flatMap((key) => {
      const account = target[key]?.split(':')[4];
      const expected = target.account ?? platform.account;
      if (account === undefined || account === expected || !/^\d{12}$/.test(expected)) return [];
      const place = ['targets', name, key];
      const message = `"${keyText(place)}" is a role of account ${account}, but the target's account is ${expected}; correct one of the two`;
      return [{ place, message }];
    }),
  );

const branchesAreValid: Rule = ({ apps }) =>
  patternsOf(apps).flatMap(({ place, pattern }) => {
    const problem = problemOfPattern(pattern);
    return problem === undefined ? [] : [{ place, message: `"${keyText(place)}" is "${pattern}", ${problem}` }];
  });

/** Git allows none of these in a branch's name (git check-ref-format); of them only `*?[` mean something in a glob. */
const NEVER_IN_A_BRANCH = /[\s~^:\\]|\.\.|\/\/|^\/|\/$|@\{/;

function problemOfPattern(pattern: string): string | undefined {
  if (pattern.startsWith('refs/')) {
    return `a full reference; write the branch alone: "${pattern.replace(/^refs\/(heads\/)?/, '')}"`;
  }
  if (NEVER_IN_A_BRANCH.test(pattern)) return 'which no branch can be called; correct it';
  try {
    picomatch.makeRe(pattern, { strictBrackets: true });
  } catch {
    return 'which is not a valid glob; close its brackets, or put "[" and "]" around a bracket that is meant as such';
  }
  return undefined;
}

/** Two globs may overlap unnoticed (then both stages deploy), but a branch that is named must be meant for its stage alone. */
const branchesHaveOneStage: Rule = ({ apps }) =>
  Object.entries(apps).flatMap(([app, { stages }]) => {
    const all = patternsOf({ [app]: { stages } });
    const named = all.filter(({ pattern }) => isLiteral(pattern));
    return all.flatMap(({ place, stage, pattern }, index) => {
      const other = named.find(
        (one) =>
          one.stage !== stage &&
          safelyMatches(pattern, one.pattern) &&
          // Of two equal names the second is the problem, of a glob and a name the glob.
          (!isLiteral(pattern) || all.indexOf(one) < index),
      );
      if (other === undefined) return [];
      const hint = isLiteral(pattern)
        ? 'remove it from one of the two'
        : `leave it out with "!(${other.pattern})", or remove one of the two`;
      const message = `"${keyText(place)}" is "${pattern}", but branch "${other.pattern}" deploys to stage "${other.stage}" already; ${hint}`;
      return [{ place, message }];
    });
  });

const isLiteral = (pattern: string): boolean => !picomatch.scan(pattern).isGlob && !pattern.startsWith('!');
const safelyMatches = (pattern: string, branch: string): boolean =>
  problemOfPattern(pattern) === undefined && matchesBranch(pattern, branch);

const repositoriesHaveOneApp: Rule = ({ apps }) => {
  const first = new Map<string, string>();
  return Object.entries(apps).flatMap(([app, { repository }]) => {
    const other = first.get(repository.codecommit);
    if (other === undefined) {
      first.set(repository.codecommit, app);
      return [];
    }
    const place = ['apps', app, 'repository', 'codecommit'];
    const message = `"${keyText(place)}" is "${repository.codecommit}", the repository of app "${other}" already; one app has all services of a repository: remove one of the two`;
    return [{ place, message }];
  });
};

const shiftsAreValid: Rule = ({ apps }) =>
  stagesOf(apps).flatMap(({ place, stage }) => readStageShift(stage.shift, [...place, 'shift']).problems);

type Apps = SeedbedYml['apps'];
type Stages = Pick<Apps[string], 'stages'>;

const stagesOf = (apps: Readonly<Record<string, Stages>>) =>
  Object.entries(apps).flatMap(([app, { stages }]) =>
    Object.entries(stages).map(([name, stage]) => ({ place: ['apps', app, 'stages', name], name, stage })),
  );

const patternsOf = (apps: Readonly<Record<string, Stages>>) =>
  stagesOf(apps).flatMap(({ place, name, stage }) =>
    stage.branches.map((pattern, index) => ({ place: [...place, 'branches', index], stage: name, pattern })),
  );
