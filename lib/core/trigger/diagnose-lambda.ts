import { type Finding, ok, warn } from '../contracts/diagnosis';
import { OPERATIONS } from '../contracts/operations';
import { MOST_PARALLEL } from '../contracts/payloads';
import type { Target } from '../contracts/release';
import type { CodeStorage } from '../contracts/state';
import { CODE_STORAGE_ALARM, percentUsed } from '../record/code-storage';

/** What Lambda gives an account in a Region. */
export interface AccountSettings {
  /** How many functions may run at once. */
  readonly concurrent: number;
  /** Of these, how many are left by what single functions have reserved. */
  readonly unreserved: number;
  /** Bytes of the code of all functions, versions and layers: what they take, and may take. */
  readonly code: { readonly used: number; readonly limit: number };
}

/** What is known of Lambda where an app is released. */
export interface LambdaReadings {
  /** Of the platform's account; undefined if they may not be seen. */
  readonly settings: AccountSettings | undefined;
  /** By stage, how many services are deployed there. */
  readonly services: ReadonlyMap<string, number>;
  readonly targets: readonly Pick<Target, 'account' | 'region'>[];
  /** The last reading of each target that was read. */
  readonly storages: readonly CodeStorage[];
}

/** Besides one for each service: those that hear of pushes, watch what services wait for, tell and look after. */
const BESIDES = 5;

/** @returns whether a release of all of an app's services finds what it takes, and whether there is room for code. */
export function diagnoseLambda({ settings, services, targets, storages }: LambdaReadings): readonly Finding[] {
  const known = storages.filter((one) =>
    targets.some(({ account, region }) => one.account === account && one.region === region),
  );
  // They are read each night; before the first there is only what the platform's own account tells.
  const own = known.length === 0 && settings ? [judgeStorage("the platform's account", settings.code)] : [];
  const ofTargets = known.map((one) => judgeStorage(`${one.account} in ${one.region}`, one));
  return [judgeConcurrency(settings, services), ...own, ...ofTargets];
}

/** Services wait while Lambda refuses their workers, so a release is slow at worst. */
function judgeConcurrency(settings: AccountSettings | undefined, services: LambdaReadings['services']): Finding {
  if (!settings) {
    const fix =
      'look at "Concurrent executions" in the console of Service Quotas, under AWS Lambda: new accounts have 10';
    return warn(
      'lambda',
      "how many functions the platform's account may run at once is not known: it may not look",
      fix,
    );
  }
  const { concurrent, unreserved } = settings;
  const has = `the platform's account may run ${concurrent} functions at once`;
  const left = unreserved < concurrent ? `${has}, ${unreserved} of them unreserved` : has;
  const [stage, count] = [...services].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0] as const);
  const together = Math.min(count, MOST_PARALLEL);
  const needed = together + BESIDES;
  const what =
    count === 0
      ? `a release takes up to one for each service that it deploys, ${MOST_PARALLEL} at most, and ${BESIDES} more`
      : `a release of all of stage ${stage} (${count} ${count === 1 ? 'service' : 'services'}) takes up to ${needed}`;
  if (unreserved >= needed) return ok('lambda', `${left}; ${what}`);
  return warn('lambda', `${left}; ${what}: its services wait for each other, and it takes longer`, RAISE);
}

const RAISE =
  'ask for more with: aws service-quotas request-service-quota-increase --service-code lambda ' +
  '--quota-code L-B99A9384 --desired-value 1000; or set "parallel" in seed.yml, so that services wait in their order';

function judgeStorage(where: string, storage: Pick<CodeStorage, 'used' | 'limit'>): Finding {
  const { used, limit } = storage;
  const share = `${gigabytes(used)} of ${gigabytes(limit)} GB are used (${Math.round(percentUsed(storage))} %)`;
  const message = `of the code storage of ${where} ${share}; a release adds a version of each function that it changes`;
  if (percentUsed(storage) < CODE_STORAGE_ALARM) return ok('lambda', message);
  return warn('lambda', message, `make room before Lambda takes no more code: ${OPERATIONS.codeStorage}`);
}

const gigabytes = (bytes: number): string => (bytes / 1024 ** 3).toFixed(1);
