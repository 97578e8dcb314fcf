import { forbiddenIn, forbiddenReads } from '../core/build/forbidden-reads';
import { policySize, readStatements } from '../core/build/read-statements';
import { DEFAULT_ARCHITECTURE } from '../core/contracts/architecture';
import { isOfAws, type MachineSettings, purposeOf } from '../core/contracts/build-machine';
import { DEPLOY_ROLE_NAME } from '../core/contracts/release';
import { type ConfigProblem, keyText } from '../core/text/place';
import { platformSecrets } from './platform-secrets';
import type { SeedbedYml } from './seedbed-yml';

/** IAM's limit for all inline policies of a role: docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const LONGEST_POLICY = 10_240;

/**
 * @param platform account of the platform, and the partition of its region
 * @returns what is wrong with what stages grant their builds
 */
export function buildProblems(
  { apps, targets, github, notifications }: Pick<SeedbedYml, 'apps' | 'targets' | 'github' | 'notifications'>,
  platform: { readonly account: string; readonly region: string; readonly partition?: string },
): readonly ConfigProblem[] {
  const secrets = platformSecrets({ github, notifications });
  return Object.entries(apps).flatMap(([app, { stages }]) => {
    const forbidden = forbiddenReads(app, { apps: Object.keys(apps), secrets });
    return Object.entries(stages).flatMap(([name, { build, target }]) => {
      const place = ['apps', app, 'stages', name, 'build'];
      const { account = platform.account, deployRoleArn } = targets[target] ?? {};
      return [
        ...readsOfOthers([...place, 'reads'], build.reads, forbidden),
        ...policiesOfOthers([...place, 'policies'], build.policies, account),
        ...tooManyReads([...place, 'reads'], build.reads, { partition: 'aws', ...platform, account }),
        ...notOnLambda(place, build),
        ...fleetOfReserved(place, build, platform),
        ...imageForOtherMachine(place, build),
        ...roleOfTheOwner(place, build, { target, deployRoleArn, isForeign: account !== platform.account }),
      ];
    });
  });
}

function readsOfOthers(
  place: readonly PropertyKey[],
  reads: readonly string[],
  forbidden: ReturnType<typeof forbiddenReads>,
): readonly ConfigProblem[] {
  return reads.flatMap((read, index) => {
    const found = forbiddenIn(read, forbidden);
    if (found === undefined) return [];
    const at = [...place, index];
    const what = `${found.isPrefix ? 'what begins with ' : ''}"${found.kind}:${found.name}"`;
    const message =
      `"${keyText(at)}" is "${read}", but ${what} is of ${found.owner}, ` +
      'which no build of this app reads; name what is its own, or move what both need to a name of neither';
    return [{ place: at, message }];
  });
}

function policiesOfOthers(
  place: readonly PropertyKey[],
  policies: readonly string[],
  account: string,
): readonly ConfigProblem[] {
  return policies.flatMap((arn, index) => {
    const owner = arn.split(':')[4];
    if (owner === 'aws' || owner === account || !/^\d{12}$/.test(account)) return [];
    const at = [...place, index];
    const message =
      `"${keyText(at)}" is a policy of account ${owner}, but the stage lives in account ${account}; a role takes ` +
      "policies of its own account or AWS's: make it there";
    return [{ place: at, message }];
  });
}

function tooManyReads(
  place: readonly PropertyKey[],
  reads: readonly string[],
  where: Parameters<typeof readStatements>[1],
): readonly ConfigProblem[] {
  const size = policySize(readStatements(reads, where));
  if (size <= LONGEST_POLICY) return [];
  const message =
    `"${keyText(place)}" comes to a policy of ${size} characters, and IAM takes ${LONGEST_POLICY}; write fewer ` +
    'entries that end in "*", or a policy of your own in "policies"';
  return [{ place, message }];
}

/** https://docs.aws.amazon.com/codebuild/latest/userguide/lambda.html#lambda.limitations */
function notOnLambda(
  place: readonly PropertyKey[],
  { compute, docker, vpc }: { readonly compute: string; readonly docker: boolean; readonly vpc?: object },
): readonly ConfigProblem[] {
  if (compute !== 'lambda') return [];
  const given = [...(docker ? ['docker'] : []), ...(vpc ? ['vpc'] : [])];
  return given.map((key) => {
    const at = [...place, key];
    const message =
      `"${keyText(at)}" is given, but builds on Lambda have no ${key === 'docker' ? 'Docker' : 'network of your own'}; ` +
      `remove it, or write "compute: small", "medium" or "large"`;
    return { place: at, message };
  });
}

/**
 * A fleet is of an account and a region, and has a network of its own: "If you're using compute fleets during project
 * creation, do not provide vpcConfig" (https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CreateProject.html).
 */
function fleetOfReserved(
  place: readonly PropertyKey[],
  { compute, fleet, vpc }: { readonly compute: string; readonly fleet?: string; readonly vpc?: object },
  platform: { readonly account: string; readonly region: string },
): readonly ConfigProblem[] {
  const problem = (key: string, what: string): ConfigProblem => {
    const at = [...place, key];
    return { place: at, message: `"${keyText(at)}" ${what}` };
  };
  if (compute !== 'reserved') {
    const what = `is given, but builds run on "compute: ${compute}"; write "compute: reserved" beside it, or remove it`;
    return fleet === undefined ? [] : [problem('fleet', what)];
  }
  if (fleet === undefined) {
    return [
      problem('compute', 'is "reserved", but no fleet is named; write "fleet: arn:aws:codebuild:…:fleet/…" beside it'),
    ];
  }
  const [, , , region, account] = fleet.split(':');
  const isElsewhere = (here: string, there: string | undefined, known: RegExp) => known.test(here) && here !== there;
  return [
    ...(isElsewhere(platform.region, region, /^[a-z]{2}(-[a-z]+)+-\d$/)
      ? [problem('fleet', `is in ${region}, but builds run in ${platform.region}; write a fleet of that region`)]
      : []),
    ...(isElsewhere(platform.account, account, /^\d{12}$/)
      ? [
          problem(
            'fleet',
            `is of account ${account}, but builds run in ${platform.account}; write a fleet of that account`,
          ),
        ]
      : []),
    ...(vpc
      ? [
          problem(
            'vpc',
            'is given, but a fleet has the network that it was made with; remove it, and give the fleet one',
          ),
        ]
      : []),
  ];
}

/** CodeBuild refuses the project: "curated image … is not supported for projects with …" (aws/copilot-cli#3110). */
function imageForOtherMachine(
  place: readonly PropertyKey[],
  { image, architecture = DEFAULT_ARCHITECTURE, compute }: Pick<MachineSettings, 'image' | 'architecture' | 'compute'>,
): readonly ConfigProblem[] {
  if (image === undefined || !isOfAws(image)) return [];
  const at = [...place, 'image'];
  const is = `"${keyText(at)}" is "${image}", which`;
  const purpose = purposeOf(image);
  if (purpose === undefined) return [{ place: at, message: `${is} is not for Linux; write an image that is` }];
  const [onLambda, elsewhere] = ['"compute: lambda"', '"compute: small", "medium" or "large"'];
  const problems = [
    ...(purpose.architecture === architecture
      ? []
      : [
          `${is} runs on ${purpose.architecture}, but builds of the stage run on ${architecture}; write ` +
            `"architecture: ${purpose.architecture}" beside it, or an image for ${architecture}`,
        ]),
    ...(purpose.isForLambda === (compute === 'lambda')
      ? []
      : [
          `${is} is ${purpose.isForLambda ? '' : 'not '}for builds on Lambda; write ` +
            `${purpose.isForLambda ? onLambda : elsewhere} beside it, or leave it out for the image that fits`,
        ]),
  ];
  return problems.map((message) => ({ place: at, message }));
}

/** Nobody but the owner could make the role where he has made all the others. */
function roleOfTheOwner(
  place: readonly PropertyKey[],
  { reads, policies }: { readonly reads: readonly string[]; readonly policies: readonly string[] },
  {
    target,
    deployRoleArn,
    isForeign,
  }: { readonly target: string; readonly deployRoleArn?: string; readonly isForeign: boolean },
): readonly ConfigProblem[] {
  const grants = reads.length + policies.length > 0;
  if (!grants || !isForeign || deployRoleArn === undefined || deployRoleArn.endsWith(`:role/${DEPLOY_ROLE_NAME}`)) {
    return [];
  }
  const message =
    `"${keyText(place)}" needs a role that the platform's stack makes in the target's account, but ` +
    `"targets.${target}.deployRoleArn" says that its roles are of your own making; remove one of the two`;
  return [{ place, message }];
}
