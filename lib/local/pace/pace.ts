import * as z from 'zod';

/** One figure of a pace. */
interface PaceFigure {
  /** What takes this long, as it reads in a table. */
  readonly of: string;
  /** At AWS's pace, in milliseconds. */
  readonly aws: number;
  /** Signing name of the service whose calls it is the latency of; `others` are all that have none of their own. */
  readonly service?: string;
  /** The one operation of the service that it is the latency of. */
  readonly operation?: string;
}

/**
 * How long things take at AWS's pace, by the names with which it is set. AWS publishes none of these figures: they are
 * what side-by-side measurements of deployment tools assume, near what users report.
 */
export const PACE = {
  'lambda-update-function-code': {
    of: 'a call of UpdateFunctionCode',
    aws: 600,
    service: 'lambda',
    operation: 'UpdateFunctionCode',
  },
  lambda: { of: 'any other call of Lambda', aws: 80, service: 'lambda' },
  s3: { of: 'a call of S3', aws: 60, service: 's3' },
  cloudformation: { of: 'a call of CloudFormation', aws: 150, service: 'cloudformation' },
  others: { of: 'a call of any other service, and a refusal for calls that come too fast', aws: 40, service: 'others' },
  'function-change': {
    of: 'a function after a change, and a new version without a snapshot, until it is ready',
    aws: 1000,
  },
  'stack-operation': { of: 'an operation of a stack, to begin with', aws: 20_000 },
  'stack-function': { of: 'each function that a stack makes or changes', aws: 2000 },
} as const satisfies Readonly<Record<string, PaceFigure>>;

export type PaceName = keyof typeof PACE;
export const PACE_NAMES = Object.keys(PACE) as PaceName[];

/** Paces that have a name. */
export const PACES = ['aws'] as const;

/** Longest time that anything may be made to take: an hour, in milliseconds. */
export const LONGEST = 3_600_000;
const Figure = z.int().min(0).max(LONGEST);

/** A pace: how long things take, in milliseconds, beside what the local cloud itself needs. */
export const Pace = z.strictObject(
  Object.fromEntries(PACE_NAMES.map((name) => [name, Figure])) as Record<PaceName, typeof Figure>,
);
export type Pace = Readonly<z.infer<typeof Pace>>;

/** @returns AWS's pace, but for the figures that are given. */
export const awsPace = (figures: Partial<Pace> = {}): Pace =>
  Pace.parse({ ...Object.fromEntries(PACE_NAMES.map((name) => [name, PACE[name].aws])), ...figures });

const nameOf = ({ service, operation }: PaceFigure): string => [service, operation].filter(Boolean).join(' ');
const BY_CALL = new Map(PACE_NAMES.map((name) => [nameOf(PACE[name]), name]));

/** Requests to what runs in the cloud, and not to AWS's own services: they take what they take. */
const UNPACED = ['unsigned', 'execute-api'];

/**
 * @param service signing name
 * @returns how long a call takes, in milliseconds, beside what the local cloud itself needs for it
 */
export function latencyOf(pace: Pace, service: string, operation: string): number {
  if (UNPACED.includes(service)) return 0;
  return pace[BY_CALL.get(`${service} ${operation}`) ?? BY_CALL.get(service) ?? 'others'];
}
