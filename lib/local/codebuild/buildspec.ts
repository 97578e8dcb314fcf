import { parse } from 'yaml';
import * as z from 'zod';

/** The phases with commands, in the order in which they run. */
export const COMMAND_PHASES = ['INSTALL', 'PRE_BUILD', 'BUILD', 'POST_BUILD'] as const;
export type CommandPhase = (typeof COMMAND_PHASES)[number];

const Command = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const Commands = z.preprocess((value) => (typeof value === 'string' ? [value] : (value ?? [])), z.array(Command));
const Phase = z.looseObject({
  commands: Commands,
  finally: Commands,
  'on-failure': z.enum(['ABORT', 'CONTINUE']).optional(),
  'runtime-versions': z.record(z.string(), z.unknown()).nullish(),
});
const Text = z.record(z.string(), Command).nullish();

/** A buildspec as CodeBuild reads it: docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html */
const BuildspecFile = z.looseObject({
  version: z.union([z.literal(0.2), z.literal('0.2')], { error: 'version must be 0.2' }),
  env: z
    .looseObject({
      shell: z.enum(['bash', 'sh']).optional(),
      variables: Text,
      'parameter-store': Text,
      'secrets-manager': Text,
      'exported-variables': z.array(z.string()).nullish(),
    })
    .nullish(),
  phases: z.strictObject({
    install: Phase.nullish(),
    pre_build: Phase.nullish(),
    build: Phase.nullish(),
    post_build: Phase.nullish(),
  }),
});

/** Commands of one phase. */
interface PhaseCommands {
  readonly commands: readonly string[];
  readonly finally: readonly string[];
  readonly onFailure: 'ABORT' | 'CONTINUE' | undefined;
}

/** One variable of a build's environment. Unless its type is PLAINTEXT, the value says where to read it. */
export interface BuildVariable {
  readonly name: string;
  readonly value: string;
  readonly type: 'PLAINTEXT' | 'PARAMETER_STORE' | 'SECRETS_MANAGER';
}

/** A valid buildspec. */
export interface Buildspec {
  readonly phases: Readonly<Record<CommandPhase, PhaseCommands>>;
  readonly variables: readonly BuildVariable[];
  readonly exported: readonly string[];
  /** What CodeBuild would do but this does not, one line each. */
  readonly ignored: readonly string[];
}

/**
 * @param text YAML, or JSON, which is YAML
 * @throws Error with all problems if it is not a valid buildspec
 */
export function parseBuildspec(text: string): Buildspec {
  const file = BuildspecFile.safeParse(parse(text));
  if (!file.success) {
    const problems = file.error.issues.map(({ path, message }) => `${path.join('.') || 'buildspec'}: ${message}`);
    throw new Error(problems.join('; '));
  }
  const { env, phases, ...rest } = file.data;
  const phase = (name: keyof typeof phases): PhaseCommands => ({
    commands: phases[name]?.commands ?? [],
    finally: phases[name]?.finally ?? [],
    onFailure: phases[name]?.['on-failure'],
  });
  const typed = (values: Readonly<Record<string, string>> | null | undefined, type: BuildVariable['type']) =>
    Object.entries(values ?? {}).map(([name, value]) => ({ name, value, type }));
  const runtimes = Object.values(phases).flatMap((each) => Object.keys(each?.['runtime-versions'] ?? {}));
  const unused = ['artifacts', 'reports', 'batch', 'proxy', 'run-as'].filter((key) => key in rest);
  return {
    phases: {
      INSTALL: phase('install'),
      PRE_BUILD: phase('pre_build'),
      BUILD: phase('build'),
      POST_BUILD: phase('post_build'),
    },
    variables: [
      ...typed(env?.variables, 'PLAINTEXT'),
      ...typed(env?.['parameter-store'], 'PARAMETER_STORE'),
      ...typed(env?.['secrets-manager'], 'SECRETS_MANAGER'),
    ],
    exported: env?.['exported-variables'] ?? [],
    ignored: [
      ...(runtimes.length > 0
        ? [`runtime-versions (${runtimes.join(', ')}): builds use the programs of this machine`]
        : []),
      ...unused.map((key) => `${key}: the local cloud does not implement it`),
    ],
  };
}
