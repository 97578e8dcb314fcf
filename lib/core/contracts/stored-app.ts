import * as z from 'zod';
import { AppConfig, StageConfig } from './app-config';
import { Name, Target } from './release';

/** What a stage has besides its branches and tags; of the target's account, `{account}` stands in its ARNs. */
const Settings = StageConfig.omit({ branches: true, tags: true }).extend({ target: Target.omit({ account: true }) });

const StoredStage = StageConfig.pick({ branches: true, tags: true }).extend({
  account: z.string(),
  /** Place of its settings in the list. */
  settings: z.number().int().nonnegative().default(0),
});

/** An app as its parameter holds it: settings that several stages share are there once. */
const StoredApp = AppConfig.omit({ stages: true }).extend({
  settings: z.array(Settings),
  stages: z.record(Name, StoredStage),
});
type StoredApp = z.input<typeof StoredApp>;

const ACCOUNT = '{account}';

/**
 * @returns an app as text for its parameter, which holds 8 KB. Written in full, each stage takes 440 bytes, nearly all
 *   of them the same for all stages of a target.
 */
export function storeApp({ stages, ...app }: AppConfig): string {
  const settings: string[] = [];
  const stored = Object.entries(stages).map(([name, { branches, tags, target, ...others }]) => {
    const { account, ...shared } = target;
    const text = JSON.stringify({ ...others, target: withAccount(shared, (arn) => arn.replaceAll(account, ACCOUNT)) });
    const found = settings.indexOf(text);
    const place = found === -1 ? settings.push(text) - 1 : found;
    return [
      name,
      { branches, ...(tags.length > 0 && { tags }), account, ...(place > 0 && { settings: place }) },
    ] as const;
  });
  const config: StoredApp = {
    ...app,
    settings: settings.map((text) => JSON.parse(text)),
    stages: Object.fromEntries(stored),
  };
  return JSON.stringify(config);
}

/**
 * @param text as `storeApp` makes it, or as versions before it did: the whole configuration
 * @throws ZodError or SyntaxError if it is neither
 */
export function readStoredApp(text: string): AppConfig {
  const value: unknown = JSON.parse(text);
  if (!isStored(value)) return AppConfig.parse(value);
  const { settings, stages, ...app } = StoredApp.parse(value);
  const read = Object.entries(stages).map(([name, { branches, tags, account, settings: place }]) => {
    const { target, ...others } = settings[place]!;
    const whole = withAccount(target, (arn) => arn.replaceAll(ACCOUNT, account));
    return [name, { branches, tags, target: { account, ...whole }, ...others }];
  });
  return AppConfig.parse({ ...app, stages: Object.fromEntries(read) });
}

const isStored = (value: unknown): boolean => typeof value === 'object' && value !== null && 'settings' in value;

type Roles = z.infer<typeof Settings>['target'];

const withAccount = (target: Roles, change: (arn: string) => string): Roles => ({
  ...target,
  deployRoleArn: change(target.deployRoleArn),
  executionRoleArn: change(target.executionRoleArn),
  ...(target.codeDeployRoleArn !== undefined && { codeDeployRoleArn: change(target.codeDeployRoleArn) }),
  ...(target.permissionsBoundary !== undefined && { permissionsBoundary: change(target.permissionsBoundary) }),
});
