import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmulatorClient } from '../calls/emulator-client';
import { RoleSession } from '../calls/role-session';
import { buildEnvironment, type EnvironmentOptions } from './build-environment';
import { BuildLogs } from './build-logs';
import { type CommandError, type PhaseRun, startPhases } from './build-process';
import { type BuildRecord, type BuildStatus, isOnLambda, type PhaseContext } from './build-record';
import { readObject, unpack } from './build-source';
import { type Buildspec, type BuildVariable, parseBuildspec } from './buildspec';

/** What all builds share. */
export interface BuildHost {
  readonly emulator: EmulatorClient;
  readonly endpoint: string;
  readonly checkout: string;
  readonly compiled: string;
  /** Directory in which each build has a directory of its own while it runs. */
  readonly scratchDir: string;
  readonly python: string;
}

/** Ends one running build. */
export type EndBuild = (status: 'STOPPED' | 'TIMED_OUT') => void;

/** What happens on the way of a build. */
export interface BuildEvents {
  /** Called at once, with a function that ends the build early. */
  readonly onStart: (end: EndBuild) => void;
  /** Awaited when its commands have ended, before the build itself does. */
  readonly mayEnd?: () => Promise<void>;
}

/**
 * Runs one build from its source to its end and keeps its record. Resolves when nothing of it is left on this machine.
 */
export async function runBuild(build: BuildRecord, host: BuildHost, events: BuildEvents): Promise<void> {
  await mkdir(host.scratchDir, { recursive: true });
  const directory = await mkdtemp(join(host.scratchDir, 'build-'));
  try {
    await runIn(directory, build, { host, ...events });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function runIn(
  directory: string,
  build: BuildRecord,
  { host, onStart, mayEnd }: BuildEvents & { readonly host: BuildHost },
): Promise<void> {
  const { accountId, region } = build.caller;
  const role = new RoleSession(host.emulator, {
    service: 'codebuild',
    sourceArn: `arn:aws:codebuild:${region}:${accountId}:project/${build.project.name}`,
    accountId,
    region,
    roleArn: build.project.serviceRole ?? '',
    sessionName: `AWSCodeBuild-${build.id.split(':').at(-1)}`,
  });
  const logs = new BuildLogs(host.emulator, role, build.logs);
  let ended: 'STOPPED' | 'TIMED_OUT' | undefined;
  let phases: PhaseRun | undefined;
  const end: EndBuild = (status) => {
    ended ??= status;
    phases?.stop();
  };
  onStart(end);
  const finish = async (status: Exclude<BuildStatus, 'IN_PROGRESS'>, ...contexts: PhaseContext[]) => {
    for (const context of contexts)
      logs.note(`Phase context status code: ${context.statusCode} Message: ${context.message}`);
    build.finish(build.currentPhase, status, ...contexts);
    build.begin('FINALIZING');
    await logs.end();
    build.finish('FINALIZING', 'SUCCEEDED');
    await build.end(status);
  };

  build.begin('PROVISIONING');
  build.finish('PROVISIONING', 'SUCCEEDED');
  build.begin('DOWNLOAD_SOURCE');
  const source = join(directory, 'src');
  const temporary = join(directory, 'tmp');
  let prepared: { spec: Buildspec; env: NodeJS.ProcessEnv };
  try {
    prepared = await prepare(build, { ...host, source, temporary, session: await role.credentials() });
  } catch (error) {
    return finish('FAILED', { statusCode: 'CLIENT_ERROR', message: (error as Error).message });
  }
  for (const line of prepared.spec.ignored) logs.note(`ignored ${line}`);
  if (ended) return finish(ended);
  build.finish('DOWNLOAD_SOURCE', 'SUCCEEDED');

  let written: string | undefined;
  let failed = false;
  let failure: CommandError | undefined;
  phases = await startPhases(
    prepared.spec,
    { ...host, ...prepared, directory, source, isSourceReadOnly: isOnLambda(build.project) },
    {
      line: (text) => logs.line(text),
      started: (phase) => {
        build.begin(phase);
        logs.note(`Entering phase ${phase}`);
      },
      failed: (error) => {
        failure = error;
      },
      ended: (phase, status) => {
        failed ||= status === 'FAILED';
        const contexts = failure ? [commandContext(failure)] : [];
        failure = undefined;
        logs.note(`Phase complete: ${phase} State: ${status}`);
        for (const context of contexts)
          logs.note(`Phase context status code: ${context.statusCode} Message: ${context.message}`);
        build.finish(phase, status, ...contexts);
      },
      wrote: (file) => {
        written = file;
      },
      exported: (name, value) => build.exported.push({ name, value }),
    },
  );
  if (ended) phases.stop();
  const how = await phases.ended;
  if (ended || how === 'killed') {
    await phases.gone;
    return ended ? finish(ended, ...(ended === 'TIMED_OUT' ? [TIMED_OUT] : [])) : finish('FAULT', KILLED);
  }
  // The build ends before its source and what it installed are removed: nobody has to wait for that.
  await mayEnd?.();
  build.begin('UPLOAD_ARTIFACTS');
  if (written === undefined) await finish(failed ? 'FAILED' : 'SUCCEEDED');
  else await finish('FAILED', readOnly(written));
  await phases.gone;
}

/** A mode would not stop a build that runs as root. */
const readOnly = (file: string): PhaseContext => ({
  statusCode: 'COMMAND_EXECUTION_ERROR',
  message: `the build wrote "${file}" to its source directory: on Lambda only /tmp can be written to`,
});

const TIMED_OUT = { statusCode: 'BUILD_TIMED_OUT', message: 'Build has timed out.' };
const KILLED = { statusCode: 'INTERNAL_SERVICE_ERROR', message: "the build's processes were killed" };

const commandContext = ({ command, status }: CommandError): PhaseContext => ({
  statusCode: 'COMMAND_EXECUTION_ERROR',
  message: `Error while executing command: ${command}. Reason: exit status ${status}`,
});

/** Fetches source and buildspec and makes the environment. @throws Error with what is missing or wrong */
async function prepare(
  build: BuildRecord,
  options: BuildHost & Pick<EnvironmentOptions, 'source' | 'temporary' | 'session'>,
) {
  const { project } = build;
  const { source, session, emulator } = options;
  await mkdir(source, { recursive: true });
  await mkdir(options.temporary, { recursive: true });
  if (project.artifacts?.type && project.artifacts.type !== 'NO_ARTIFACTS')
    throw new Error(
      `artifacts of type ${project.artifacts.type} are not implemented by the local cloud: use NO_ARTIFACTS`,
    );
  if (project.source.type === 'S3')
    await unpack(await readObject(emulator, session, project.source.location ?? ''), source);
  else if (project.source.type !== 'NO_SOURCE')
    throw new Error(`source type ${project.source.type} is not implemented by the local cloud: use S3 or NO_SOURCE`);

  const text = await readBuildspec(build, options);
  let spec: Buildspec;
  try {
    spec = parseBuildspec(text);
  } catch (error) {
    throw new Error(`YAML_FILE_ERROR: ${(error as Error).message}`);
  }
  const declared = (project.environment?.environmentVariables ?? []).map(
    ({ name, value, type = 'PLAINTEXT' }) => ({ name, value, type }) as BuildVariable,
  );
  const variables = [...spec.variables, ...declared]; // those of the project and of StartBuild override the buildspec's
  return { spec, env: await buildEnvironment(build, { ...options, variables }) };
}

async function readBuildspec(
  { project }: BuildRecord,
  { emulator, session, source }: BuildHost & Pick<EnvironmentOptions, 'source' | 'session'>,
): Promise<string> {
  const given = project.source.buildspec ?? '';
  if (given.includes('\n') || /^\s*[{]|^\s*version\s*:/.test(given)) return given;
  const object = /^arn:aws:s3:::(.+)$/.exec(given)?.[1];
  if (object) return (await readObject(emulator, session, object)).toString('utf8');
  const file = given || 'buildspec.yml';
  return readFile(join(source, file), 'utf8').catch(() => {
    throw new Error(`YAML_FILE_ERROR: stat ${file}: no such file or directory`);
  });
}
