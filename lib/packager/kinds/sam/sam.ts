import { homedir } from 'node:os';
import { basename, relative } from 'node:path';
import { configHash } from '../../../core/build/config-hash';
import { sameNames } from '../../../core/build/same-names';
import { unrunnableFunctions } from '../../../core/build/unrunnable-code';
import { ReleaseError } from '../../../core/contracts/errors';
import type { StackSettings } from '../../../core/contracts/stack-settings';
import { outsideFiles } from '../../../core/plan/outside-files';
import { brokenReferences } from '../../../core/sam/broken-references';
import { takePreferences } from '../../../core/sam/deployment-preferences';
import { parameterValues } from '../../../core/sam/parameters';
import { unsupportedParts } from '../../../core/sam/unsupported';
import { PACKAGED_DIRECTORY } from '../../../core/template/artifact-directory';
import { findOwnCodeDeploy } from '../../../core/template/own-code-deploy';
import type { Template } from '../../../core/template/template';
import type { Json, JsonObject } from '../../../core/text/canonical-json';
import { nameSome } from '../../../core/text/name-some';
import type { ConfigProblem, Place } from '../../../core/text/place';
import { configLines } from '../../config-lines';
import type { Workspace } from '../../workspace';
import type { BuildOptions, BuiltService, BundleFile, Kind, PackagedBundle } from '../kind';
import { readShifts, renderedFor } from '../read-shifts';
import { buildSources } from './build-sources';
import { TRANSLATOR_VERSION } from './python';
import { readSamProject, type SamProject } from './sam-project';
import { translate } from './translate';

/** Services of AWS SAM. */
export const sam: Kind = {
  name: 'sam',
  read: async (workspace) => {
    const project = await readSamProject(workspace);
    const { values, problems } = parameterValues(project.template, project.config.parameters);
    await refuse(workspace, project, [...unsupportedParts(project.template), ...problems]);
    return { file: project.file, build: (options) => build(workspace, { ...project, values }, options) };
  },
};

/** A project, and the values of its template's parameters. */
type ValuedProject = SamProject & { readonly values: Readonly<Record<string, string>> };

async function build(
  workspace: Workspace,
  project: ValuedProject,
  { scratch, shared }: BuildOptions,
): Promise<BuiltService> {
  const { file, config, values } = project;
  const sources = await buildSources(workspace, project, scratch);
  const translated = await translate(workspace, sources.template, values);
  if ('problems' in translated) {
    const problems = translated.problems.map(({ logicalId, message }) => ({
      place: logicalId === undefined ? [] : ['Resources', logicalId],
      message,
    }));
    await refuse(workspace, project, problems);
  }
  const { template, settings } = takePreferences((translated as { readonly template: Template }).template);
  await refuse(workspace, project, [...brokenReferences(template), ...ownCodeDeploy(template), ...twins(template)]);
  const functions = Object.fromEntries(Object.entries(settings).map(([id, one]) => [id, { deploymentSettings: one }]));
  const placeOf = (id: string): Place => ['Resources', id, 'Properties', 'DeploymentPreference'];
  const { alias, shift } = await readShifts(workspace, { functions, template, file, shared, placeOf });
  const stack = stackSettings(project);
  const inHash = { settings: stack, values } as unknown as JsonObject;
  const machine = { directories: [scratch, workspace.root, homedir()], artifactDirectory: '' };
  const files = bundleFiles(template, sources.files);
  const reads = [...sources.reads]
    .map((path) => relative(workspace.root, path))
    .filter((path) => !path.startsWith('..'));
  for (const warning of config.told) workspace.log(`warning: ${warning}`);
  return {
    tool: { name: 'aws-sam-translator', version: TRANSLATOR_VERSION },
    stack: { name: stackName(workspace, project), settings: stack, template, files },
    configHash: configHash(inHash, machine, renderedFor(alias, shift)),
    incremental: { enabled: true, disabledFor: [] },
    alias,
    shift,
    outsideFiles: outsideFiles(reads, workspace.service),
    warnings: config.told,
    check: (bundles) => checkBundles(workspace, project, { template, bundles }),
  };
}

/** A stage that a pull request or a branch has is no environment of samconfig, so it gets a stack beside. */
function stackName({ service, app, stage, template }: Workspace, { config }: SamProject): string {
  const own = config.stackName ?? (service === '.' ? app : basename(service));
  return config.stackName === undefined || template !== undefined ? `${own}-${stage}` : own;
}

function stackSettings({ config, values, template }: ValuedProject): StackSettings {
  const { parameters, tags, notificationArns, roleArn, disableRollback } = config;
  const names = Object.keys(template.Parameters ?? {}).filter((name) => parameters[name] === undefined);
  return {
    tags: { ...tags },
    parameters: { ...parameters },
    ...(names.length > 0 && { madeWith: Object.fromEntries(names.map((name) => [name, values[name]!])) }),
    ...(notificationArns && { notificationArns: [...notificationArns] }),
    ...(roleArn !== undefined && { deploymentRole: roleArn }),
    ...(disableRollback !== undefined && { disableRollback }),
  };
}

/** @returns where the template points at what was built */
function bundleFiles(template: Template, files: ReadonlyMap<string, string>): readonly BundleFile[] {
  return Object.entries(template.Resources).flatMap(([logicalId, { Type, Properties }]) =>
    [...packaged(Properties)].map(({ property, name }): BundleFile => {
      const kind = KINDS[`${Type}.${property.join('.')}`] ?? 'asset';
      return { kind, logicalId, property, file: files.get(name)! };
    }),
  );
}

const KINDS: Readonly<Record<string, BundleFile['kind']>> = {
  'AWS::Lambda::Function.Code.S3Key': 'function',
  'AWS::Lambda::LayerVersion.Content.S3Key': 'layer',
};

function* packaged(
  value: Json | undefined,
  property: readonly string[] = [],
): Generator<{ readonly property: readonly string[]; readonly name: string }> {
  if (typeof value === 'string' && value.startsWith(`${PACKAGED_DIRECTORY}/`)) {
    yield { property, name: value.slice(PACKAGED_DIRECTORY.length + 1) };
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* packaged(inner as Json, [...property, key]);
}

function ownCodeDeploy(template: Template): readonly ConfigProblem[] {
  const found = findOwnCodeDeploy(template);
  if (found === undefined) return [];
  const message =
    `the template shifts traffic with a CodeDeploy of its own (${nameSome([...found.resources, ...found.aliases])}), and ` +
    'two of them cannot move one alias; remove them, and say how traffic moves with "AutoPublishAlias" and ' +
    '"DeploymentPreference" of the functions';
  return [{ place: ['Resources', [...found.resources, ...found.aliases][0] ?? ''], message }];
}

const twins = (template: Template): readonly ConfigProblem[] =>
  sameNames(template).map(({ name, logicalIds }) => ({
    place: ['Resources', logicalIds.at(-1)!, 'Properties', 'FunctionName'],
    message:
      `the functions ${nameSome(logicalIds)} have the same name, "${name}", and there can be one of a name in an account ` +
      'and region; change the "FunctionName" of one',
  }));

/** Refuses what would deploy, and fail when it is called: a function whose handler is not in its bundle. */
async function checkBundles(
  workspace: Workspace,
  project: SamProject,
  { template, bundles }: { readonly template: Template; readonly bundles: readonly PackagedBundle[] },
): Promise<readonly string[]> {
  const contents = bundles.map(({ kind, logicalId, bundle }) => ({ kind, logicalId, paths: bundle.paths }));
  const found = unrunnableFunctions(template, contents);
  const broken = found.filter(({ mayComeFrom }) => mayComeFrom === undefined);
  await refuse(
    workspace,
    project,
    broken.map(({ logicalId, handler, found: what }) => ({
      place: ['Resources', logicalId, 'Properties', 'Handler'],
      message:
        `${logicalId} could not start: its handler is "${handler}"` +
        (what.kind === 'malformed'
          ? `: ${what.why}`
          : `, and its bundle has no ${what.expected[0]}; correct "Handler" or "CodeUri", or how it is built`),
    })),
    'PackageFailed',
  );
  return found
    .filter(({ mayComeFrom }) => mayComeFrom !== undefined)
    .map(
      ({ logicalId, handler, mayComeFrom }) =>
        `the handler "${handler}" of ${logicalId} is not in the bundle: unless ${mayComeFrom} brings it, Lambda cannot start it`,
    );
}

/** @throws ReleaseError with all problems, each with file, line and key */
async function refuse(
  { root }: Pick<Workspace, 'root'>,
  { file }: Pick<SamProject, 'file'>,
  problems: readonly ConfigProblem[],
  code: 'ConfigInvalid' | 'PackageFailed' = 'ConfigInvalid',
): Promise<void> {
  if (problems.length === 0) return;
  const lines = await configLines(root, file);
  throw new ReleaseError(
    code,
    [...new Set(problems.map(({ place, message }) => `${file}${lines(place)}: ${message}`))].join('\n'),
  );
}
