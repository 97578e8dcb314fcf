import * as z from 'zod';
import { Name } from '../core/release';

/** Where the platform's owner says what deploys where: a file in the root of the platform's repository. */
export const SEEDBED_YML = 'seedbed.yml';

/** A key written without a value, such as `default:`, means every default. */
const orEmpty = <T extends z.ZodType>(schema: T) => z.preprocess((value) => value ?? {}, schema);

/** YAML reads an account id without quotes as a number, which loses nothing as long as it has its 12 digits. */
const Account = z.preprocess(
  (value) => (typeof value === 'number' ? String(value) : value),
  z.string().regex(/^\d{12}$/),
);

const RoleArn = z.string().regex(/^arn:[a-z-]+:iam::\d{12}:role\/\S+$/);

/** An account that services are deployed to. All keys have defaults: see `resolveConfig`. */
const TargetInput = z.strictObject({
  account: Account.optional(),
  region: z.string().min(1).optional(),
  deployRoleArn: RoleArn.optional(),
  executionRoleArn: RoleArn.optional(),
  codeDeployRoleArn: RoleArn.optional(),
});

const StageInput = z.strictObject({
  /** Branch names or globs that deploy to the stage; none: it is deployed to by hand only. */
  branches: z.array(z.string().min(1)).default([]),
  target: z.string().default('default'),
  /** What the stage demands of every shift; `readStageShift` reads it. */
  shift: z.unknown().optional(),
});

const AppInput = z.strictObject({
  // https://docs.aws.amazon.com/codecommit/latest/APIReference/API_RepositoryMetadata.html
  repository: z.strictObject({ codecommit: z.string().regex(/^[\w.-]{1,100}$/) }),
  stages: z.record(Name, orEmpty(StageInput)),
});

/** seedbed.yml as the platform's owner writes it. Code reads what `resolveConfig` makes of it. */
export const SeedbedYml = z.strictObject({
  /** External id with which the platform assumes the deploy roles of all its targets. */
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
  externalId: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/)
    .default('seedbed'),
  targets: orEmpty(z.record(Name, orEmpty(TargetInput))),
  apps: orEmpty(z.record(Name, AppInput)),
});
export type SeedbedYml = z.output<typeof SeedbedYml>;

/** What each key holds, in its writer's words; unnamed keys (of apps, stages, targets) hold what their parent's entry says. */
export const EXPECTED: Readonly<Record<string, string>> = {
  externalId: 'write 2 to 1224 letters, digits or characters of _+=,.@:/-',
  targets: 'write targets by name, such as "default: {}"',
  account: 'write the 12 digits of an account id in quotes',
  region: 'write a region, such as eu-central-1',
  deployRoleArn: 'write the ARN of a role, such as arn:aws:iam::123456789012:role/seedbed-deploy',
  executionRoleArn: 'write the ARN of a role, such as arn:aws:iam::123456789012:role/seedbed-cloudformation',
  codeDeployRoleArn: 'write the ARN of a role, such as arn:aws:iam::123456789012:role/seedbed-codedeploy',
  apps: 'write apps by name, such as "shop: { repository: { codecommit: shop }, stages: { dev: { branches: [main] } } }"',
  repository: 'write where the repository is, such as "{ codecommit: shop }"',
  codecommit: 'write the name of a CodeCommit repository',
  stages: 'write stages by name, such as "dev: { branches: [main] }"',
  branches: 'write a list of branch names or globs, such as "[main]"; put what looks like a number in quotes',
  target: 'write the name of a target',
};
