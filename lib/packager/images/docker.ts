import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildArguments, type ImageToBuild, imageTag, pushedDigest } from '../../core/build/image-build';
import { type Architecture, DEFAULT_ARCHITECTURE } from '../../core/contracts/architecture';
import { ReleaseError } from '../../core/contracts/errors';
import { requireCommand, runCommand } from '../run-command';
import { type PushesTo, serviceDirectory, type Workspace } from '../workspace';

/**
 * @param key of the image, as messages name it
 * @returns where images are pushed to
 * @throws ReleaseError `PackageFailed` where no Docker runs, or no repository is known
 */
export async function requireDocker(
  { app, stage, template = stage, root: cwd, env, images }: Workspace,
  key: string,
): Promise<PushesTo> {
  const asked = { program: 'docker', args: ['version', '--format', '{{.Server.Version}}'], cwd, env };
  const { exitCode, lastLines } = await runCommand(asked, () => undefined);
  if (exitCode === 0 && images !== undefined) return images;
  const why =
    exitCode === 0
      ? 'this build has no repository to push it to'
      : `no Docker answers here ("docker version": ${lastLines.at(-1) ?? `exit code ${exitCode}`})`;
  throw new ReleaseError(
    'PackageFailed',
    `${key} is built with Docker and pushed by a build of the platform, and ${why}; set "docker: true" in ` +
      `"apps.${app}.stages.${template}.build" of seedbed.yml, without "compute: lambda", and deploy the platform, or ` +
      'push the image yourself and write its "uri" with its digest',
  );
}

/** An image to build. */
export interface DockerBuild {
  readonly image: ImageToBuild;
  /** Of the functions that run it; undefined if only CloudFormation will know. */
  readonly architecture: Architecture | undefined;
  readonly registry: PushesTo;
  /** As messages name it. */
  readonly key: string;
  /** Directory outside of the repository. */
  readonly scratch: string;
}

/**
 * Builds one image and pushes it. Docker builds as the app: with the stage's environment, and the logins that a hook
 * may have made. It pushes with a login of the packager's own, which no command of the app gets, nor the image.
 *
 * @returns the image by its digest: `<registry>/<repository>@sha256:…`
 * @throws ReleaseError `PackageFailed`
 */
export async function docker(
  workspace: Workspace,
  { image, architecture, registry, key, scratch }: DockerBuild,
): Promise<string> {
  const { service, stage, clock, log } = workspace;
  const { imageName } = image;
  const { repository, releaseId } = registry;
  const cwd = serviceDirectory(workspace);
  const tag = `${repository}:${imageTag({ stage, service, releaseId, imageName, at: clock.now() })}`;
  const dockerfile = join(cwd, image.imagePath, image.imageFilename);
  // What Docker says of where an image comes from makes an index of images, which Lambda does not take
  // (https://github.com/aws/aws-lambda-roadmap/issues/82). The variable is one that builders before BuildKit ignore.
  const env = { ...workspace.env, BUILDX_NO_DEFAULT_ATTESTATIONS: '1' };
  log(`building image ${imageName}`);
  const build = { program: 'docker', args: buildArguments(image, { tag, dockerfile, architecture }), cwd, env };
  const shownAs = `docker build --file ${join(image.imagePath, image.imageFilename)} ${image.imagePath}`;
  await requireCommand({ ...build, shownAs }, log, {
    code: 'PackageFailed',
    message: `${key} cannot be built`,
    advise: adviseBuild(workspace, architecture),
  });

  log(`pushing image ${imageName}`);
  const lines: string[] = [];
  const config = await login(registry, scratch);
  try {
    const push = {
      program: 'docker',
      args: ['--config', config, 'push', tag],
      cwd,
      env,
      shownAs: `docker push ${tag}`,
    };
    const take = (line: string): void => {
      lines.push(line);
      log(line);
    };
    await requireCommand(push, take, { code: 'PackageFailed', message: `${key} cannot be pushed` });
  } finally {
    await rm(config, { recursive: true, force: true });
  }
  const digest = pushedDigest(lines);
  if (digest !== undefined) return `${repository}@${digest}`;
  throw new ReleaseError('PackageFailed', `${key} was pushed, but "docker push" told no digest`);
}

/** @returns a configuration of Docker's with nothing in it but the login to one registry. */
async function login(registry: PushesTo, scratch: string): Promise<string> {
  const directory = join(scratch, 'docker');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const auth = await registry.authorization();
  const [host] = registry.repository.split('/');
  await writeFile(join(directory, 'config.json'), JSON.stringify({ auths: { [host!]: { auth } } }), { mode: 0o600 });
  return directory;
}

/** Programs of an image for another processor than the machine's do not start there. */
const WRONG_PROCESSOR = /exec format error/i;

const adviseBuild =
  ({ app, stage, template = stage }: Workspace, architecture = DEFAULT_ARCHITECTURE) =>
  (lines: readonly string[]): string | undefined =>
    lines.some((line) => WRONG_PROCESSOR.test(line))
      ? `the image is for ${architecture}, and this build runs on another processor: set "architecture: ` +
        `${architecture}" in "apps.${app}.stages.${template}.build" of seedbed.yml`
      : undefined;
