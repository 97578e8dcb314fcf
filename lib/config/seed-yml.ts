import * as z from 'zod';
import { CodeOnly, problemsOfCodeOnly } from '../core/code-only/written-functions';
import { VariableName } from '../core/contracts/environment-variable';
import { type ErrorCode, ReleaseError } from '../core/contracts/errors';
import { MOST_PARALLEL } from '../core/contracts/payloads';
import { SERVICE_KINDS } from '../core/contracts/service-kind';
import { type SharedSettings, sharedSettings } from '../core/shift/shared-settings';
import { AppSettings } from '../core/shift/written-settings';
import { boundProblems } from '../core/text/bound-problems';
import { checkWritten } from '../core/text/check-written';
import { withEmptyKeys } from '../core/text/forgiving';
import type { ConfigProblem } from '../core/text/place';
import { lineFinder } from './line-finder';
import { parseYaml } from './parse-yaml';

/** Where an app says how it is built and deployed: a file in the root of its repository. */
export const SEED_YML = 'seed.yml';

const DIRECTORIES = 'write a list of directories, such as "- services/api"';
const PHASES = 'write a list of phases, each a list of directories';
const ORDER = 'write a map of services to lists of services, such as "services/web: [services/api]"';
const KINDS = `write a map of directories to ${SERVICE_KINDS.join(' or ')}, such as "services/api: sam"`;
const COMMANDS = 'write a list of commands, such as "- npm run generate"';

const texts = (expected: string) => z.array(z.string(expected).min(1), expected);

const commands = (when: string) => texts(COMMANDS).default([]).describe(`Commands ${when}.`);

/** The keys of seed.yml as they are written, with Seed's names where Seed has them. */
export const SeedYmlKeys = withEmptyKeys(
  z.strictObject(
    {
      check_code_change: z
        .boolean('write true or false')
        .default(true)
        .describe(
          'Whether services are left out if no changed file affects them; `false` deploys every service on every push.',
        ),
      before_compile: commands('before dependencies are installed, once for each service that is built'),
      before_build: commands('before the framework packages the service'),
      before_deploy: commands('before anything of a service is touched, unless its package is unchanged'),
      after_deploy: commands('when all traffic of a service is on its new version'),
      before_remove: commands('before a service is removed'),
      after_remove: commands('when a service is removed'),
      after_all: commands('once all services of a release have succeeded, once for the release'),
      environment: z
        .array(VariableName, 'write a list of names of variables, such as "- STRIPE_KEY"')
        .default([])
        .describe('Names of variables that the stage must have; nothing is built if one is missing.'),
      hook_timeout: z
        .number('write a whole number of minutes from 1 to 50')
        .int()
        .min(1)
        .max(50)
        .default(30)
        // A build may take an hour, checkout and installation included.
        .describe('Minutes that the commands of one hook may take together, 1 to 50.'),
      services: texts(DIRECTORIES)
        .optional()
        .describe(
          'Exactly these directories are services; without it, every directory that one of the kinds is found in.',
        ),
      kinds: z
        .record(z.string(), z.enum(SERVICE_KINDS, KINDS), KINDS)
        .optional()
        .describe('What services are made with, by directory, where their files leave a doubt: `serverless` or `sam`.'),
      code_only: CodeOnly.optional().describe(
        'Services of functions that something else makes: by directory, the functions and where their code is.',
      ),
      phases: z
        .array(texts(PHASES), PHASES)
        .optional()
        .describe('Directories of services, phase after phase; services in no phase come last.'),
      deploy_after: z
        .record(z.string(), texts(ORDER), ORDER)
        .optional()
        .describe('Instead of `phases`: for each service, by directory, the services that it comes after.'),
      parallel: z
        .number(`write a whole number from 1 to ${MOST_PARALLEL}`)
        .int()
        .min(1)
        .max(MOST_PARALLEL)
        .default(MOST_PARALLEL)
        .describe('How many services of a phase deploy side by side, 1 to 40.'),
      changes: z
        .enum(['directories', 'workspaces', 'files'], 'write directories, workspaces or files')
        .default('directories')
        .describe(
          'How a changed file is matched to services: by their directories; besides, a file of no service by the packages that they use, or by the files that their packages were made of.',
        ),
      shift: AppSettings.optional().describe('How traffic moves to new versions.'),
    },
    'write keys such as "before_build:"',
  ),
);
type SeedYmlKeys = z.output<typeof SeedYmlKeys>;

/** seed.yml as the code reads it. */
export type SeedYml = Omit<SeedYmlKeys, 'shift'> & { readonly shift: SharedSettings };

/**
 * @param text content of seed.yml; an empty file means every default
 * @throws ReleaseError `ConfigInvalid` with all problems, each with line and key and how to mend it
 */
export function parseSeedYml(text: string): SeedYml {
  const value = parseYaml({ name: SEED_YML, text }, 'none') ?? {};
  const { data, problems } = checkWritten(SeedYmlKeys, value);
  if (data === undefined) throw seedYmlProblem(text, problems);
  const broken = [...bothOrders(data), ...problemsOfCodeOnly(data.code_only ?? {})];
  if (broken.length > 0) throw seedYmlProblem(text, broken);
  return { ...data, shift: sharedSettings(data.shift ?? {}, SEED_YML) };
}

/**
 * @param text content of seed.yml
 * @returns the error that tells all problems, each with its line; it has the first one's code
 */
export function seedYmlProblem(
  text: string,
  problems: readonly (ConfigProblem & { readonly code?: ErrorCode })[],
): ReleaseError {
  const lineOf = lineFinder(text);
  const lines = boundProblems(problems).map(({ place, message }) => `${SEED_YML}${lineOf(place)}: ${message}`);
  return new ReleaseError(problems[0]?.code ?? 'ConfigInvalid', [...new Set(lines)].join('\n'));
}

const bothOrders = ({ phases, deploy_after }: SeedYmlKeys): readonly ConfigProblem[] =>
  phases === undefined || deploy_after === undefined
    ? []
    : [{ place: ['deploy_after'], message: '"deploy_after" and "phases" both say the order; keep one of the two' }];
