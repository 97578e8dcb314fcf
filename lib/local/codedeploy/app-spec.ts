import { parse } from 'yaml';
import * as z from 'zod';

/** The part of an AppSpec file for Lambda that a deployment needs. */
export interface AppSpec {
  readonly functionName: string;
  readonly alias: string;
  readonly currentVersion: string;
  readonly targetVersion: string;
  /** Name or ARN of the function to call at each moment. */
  readonly hooks: Readonly<Partial<Record<HookMoment, string>>>;
}

export const HOOK_MOMENTS = ['BeforeAllowTraffic', 'AfterAllowTraffic'] as const;
export type HookMoment = (typeof HOOK_MOMENTS)[number];

const Version = z.union([z.string().regex(/^[1-9]\d*$/), z.int().positive()]).transform(String);
/** The keys of AppSpec files may be written in any case; CodeDeploy takes them all. */
const anyCase = <T extends z.ZodType>(schema: T) => z.preprocess(lowerCased, schema);

/** https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html */
const Document = anyCase(
  z.object({
    version: z.union([z.string(), z.number()]).refine((version) => Number(version) === 0, 'must be 0.0'),
    resources: z
      .array(
        z.record(
          z.string(),
          anyCase(
            z.object({
              type: z.literal('AWS::Lambda::Function'),
              properties: anyCase(
                z.object({ name: z.string(), alias: z.string(), currentversion: Version, targetversion: Version }),
              ),
            }),
          ),
        ),
      )
      .length(1),
    hooks: z.array(z.partialRecord(z.enum(HOOK_MOMENTS), z.string())).default([]),
  }),
);

function lowerCased(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key.toLowerCase(), each]));
}

/**
 * Reads an AppSpec file in JSON or YAML.
 * @throws Error saying what is wrong with it
 */
export function parseAppSpec(content: string): AppSpec {
  const parsed = Document.safeParse(parse(content));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`${issue?.path.join('.') || 'the file'}: ${issue?.message}`);
  }
  const { resources, hooks } = parsed.data;
  const [resource] = Object.values(resources[0] ?? {});
  if (!resource) throw new Error('resources: no function is named');
  const { name, alias, currentversion: currentVersion, targetversion: targetVersion } = resource.properties;
  return { functionName: name, alias, currentVersion, targetVersion, hooks: Object.assign({}, ...hooks) };
}

/** @returns the AppSpec of a rollback. Hooks judge the new version, so a rollback calls none. */
export const reversed = ({ currentVersion, targetVersion, ...spec }: AppSpec): AppSpec => ({
  ...spec,
  currentVersion: targetVersion,
  targetVersion: currentVersion,
  hooks: {},
});

/** @returns the AppSpec file. */
export const writeAppSpec = ({ functionName, alias, currentVersion, targetVersion }: AppSpec): string =>
  JSON.stringify({
    version: 0.0,
    Resources: [
      {
        [functionName]: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Name: functionName,
            Alias: alias,
            CurrentVersion: currentVersion,
            TargetVersion: targetVersion,
          },
        },
      },
    ],
  });
