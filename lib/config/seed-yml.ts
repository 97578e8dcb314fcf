import * as z from 'zod';
import { VariableName } from '../core/contracts/environment-variable';
import { type ErrorCode, ReleaseError } from '../core/contracts/errors';
import { MOST_PARALLEL } from '../core/contracts/payloads';
import { readSharedSettings, type SharedSettings } from '../core/shift/shared-settings';
import { nearest } from '../core/text/nearest';
import { type ConfigProblem, keyText, shown, valueAt } from '../core/text/place';
import { lineFinder } from './line-finder';
import { parseYaml } from './parse-yaml';
import { APP_SHIFT_SCHEMA } from './shift-schema';

/** Where an app says how it is built and deployed: a file in the root of its repository. */
export const SEED_YML = 'seed.yml';

const Commands = z.array(z.string().min(1));

const commands = (when: string) => Commands.default([]).describe(`Commands ${when}.`);

/** The keys of seed.yml as they are written, with Seed's names where Seed has them; a key that is left empty is as good as left out. */
export const SeedYmlKeys = z.strictObject({
  check_code_change: z
    .boolean()
    .default(true)
    .describe(
      'Whether services that no changed file concerns are left out; `false` deploys every service on every push.',
    ),
  before_compile: commands('before dependencies are installed, once for each service that is built'),
  before_build: commands('before the framework packages the service'),
  before_deploy: commands('before anything of a service is touched, unless its package is unchanged'),
  after_deploy: commands('when all traffic of a service is on its new version'),
  before_remove: commands('before a service is removed'),
  after_remove: commands('when a service is removed'),
  after_all: commands('once all services of a release have succeeded, once for the release'),
  environment: z
    .array(VariableName)
    .default([])
    .describe('Names of variables that the stage has to have; without one of them nothing is built.'),
  hook_timeout: z
    .number()
    .int()
    .min(1)
    .max(50)
    .default(30)
    // A build may take an hour, checkout and installation included.
    .describe('Minutes that the commands of one hook may take together, 1 to 50.'),
  services: z
    .array(z.string().min(1))
    .optional()
    .describe('Exactly these directories are services; without it, every directory with a framework configuration.'),
  phases: z
    .array(z.array(z.string().min(1)))
    .optional()
    .describe('Directories of services, phase after phase; services that are in none come last.'),
  deploy_after: z
    .record(z.string(), z.array(z.string().min(1)))
    .optional()
    .describe('In place of `phases`: by directory of a service, the services that it comes after.'),
  parallel: z
    .number()
    .int()
    .min(1)
    .max(MOST_PARALLEL)
    .default(MOST_PARALLEL)
    .describe('How many services of a phase deploy side by side, 1 to 40.'),
  changes: z
    .enum(['directories', 'workspaces'])
    .default('directories')
    .describe('What a changed file concerns: services by their directories, or by the packages that they use.'),
  /** `readSharedSettings` reads it. */
  shift: z.unknown().optional().describe('How traffic moves to new versions.').meta(APP_SHIFT_SCHEMA),
});

/** What seed.yml comes to. */
export type SeedYml = Omit<z.output<typeof SeedYmlKeys>, 'shift'> & { readonly shift: SharedSettings };

const KEYS = Object.keys(SeedYmlKeys.shape);

/** What each key holds, in a user's words. */
const EXPECTED: Readonly<Record<string, string>> = {
  check_code_change: 'write true or false',
  services: 'write a list of directories, such as "- services/api"',
  phases: 'write a list of phases, each a list of directories',
  deploy_after: 'write a map of services to lists of services, such as "services/web: [services/api]"',
  parallel: `write a whole number from 1 to ${MOST_PARALLEL}`,
  changes: 'write directories or workspaces',
  environment: 'write a list of names of variables, such as "- STRIPE_KEY"',
  hook_timeout: 'write a whole number of minutes from 1 to 50',
};
const COMMANDS_EXPECTED = 'write a list of commands, such as "- npm run generate"';

/**
 * @param text content of seed.yml; an empty file means every default
 * @throws ReleaseError `ConfigInvalid` with all problems, each with line and key and how to mend it
 */
export function parseSeedYml(text: string): SeedYml {
  const value = parseYaml({ name: SEED_YML, text }) ?? {};
  const parsed = SeedYmlKeys.safeParse(withoutEmptyKeys(value));
  const shift = readSharedSettings(parsed.data?.shift, SEED_YML);
  const problems = parsed.success
    ? [...bothOrders(parsed.data), ...shift.problems]
    : parsed.error.issues.flatMap((issue) => describe(issue, value));
  if (parsed.success && problems.length === 0) return { ...parsed.data, shift: shift.settings };
  throw seedYmlProblem(text, problems, { cause: parsed.error });
}

/**
 * @param text content of seed.yml
 * @returns the error that tells all problems, each with its line; it has the first one's code
 */
export function seedYmlProblem(
  text: string,
  problems: readonly (ConfigProblem & { readonly code?: ErrorCode })[],
  options?: ErrorOptions,
): ReleaseError {
  const lineOf = lineFinder(text);
  const lines = problems.map(({ place, message }) => `${SEED_YML}${lineOf(place)}: ${message}`);
  return new ReleaseError(problems[0]?.code ?? 'ConfigInvalid', [...new Set(lines)].join('\n'), options);
}

const bothOrders = ({ phases, deploy_after }: z.output<typeof SeedYmlKeys>): readonly ConfigProblem[] =>
  phases === undefined || deploy_after === undefined
    ? []
    : [{ place: ['deploy_after'], message: '"deploy_after" and "phases" both say the order; keep one of the two' }];

function describe(issue: z.core.$ZodIssue, value: unknown): readonly ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const meant = nearest(key, KEYS);
      const hint = meant === undefined ? `known keys: ${KEYS.join(', ')}` : `did you mean "${meant}"?`;
      return { place: [key], message: `unknown key "${key}"; ${hint}` };
    });
  }
  const [key] = issue.path;
  if (key === undefined) {
    return [{ place: [], message: `the file holds ${shown(value)}; write keys such as "before_build:"` }];
  }
  const expected = EXPECTED[String(key)] ?? COMMANDS_EXPECTED;
  return [
    { place: issue.path, message: `${keyText(issue.path)} is ${shown(valueAt(value, issue.path))}; ${expected}` },
  ];
}

function withoutEmptyKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([, inner]) => inner !== null));
}
