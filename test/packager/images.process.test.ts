import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import { buildErrorKey, manifestKey } from '../../lib/core/contracts/keys';
import { Manifest } from '../../lib/core/contracts/manifest';
import { StepError } from '../../lib/core/contracts/state';
import { asTemplate } from '../../lib/core/template/template';
import type { JsonObject } from '../../lib/core/text/canonical-json';
import { memoryArtifacts } from '../../lib/memory/memory-artifacts';
import { memoryCloneCredentials } from '../../lib/memory/memory-clone-credentials';
import { memoryEnvironments } from '../../lib/memory/memory-environments';
import { buildImages } from '../../lib/packager/images/build-images';
import { runBuild } from '../../lib/packager/run-build';
import type { Workspace } from '../../lib/packager/workspace';
import { type StandInDocker, standInDocker } from '../stand-in-docker';
import { aDirectory, aRepository, aWorkspace, programs } from './scratch';

const MODULES = join(__dirname, '..', '..', 'node_modules');
const RELEASE = '01HZZZZZZZZZZZZZZZZZZZZZZZ';
const REPOSITORY = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/seedbed-shop';
const DOCKERFILE = 'FROM public.ecr.aws/lambda/nodejs:22\n';
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

const service = (images: string, more = '') => `service: api
provider: { name: aws, ecr: { ${more}images: { ${images} } } }
functions: { render: { image: render } }
`;
const SERVICE = {
  'api/serverless.yml': service('render: { path: ./render }'),
  'api/render/Dockerfile': DOCKERFILE,
};

/** A build of the platform, with Docker. */
async function build(files: Readonly<Record<string, string>>) {
  const docker = standInDocker(aDirectory());
  const { directory, commit } = aRepository(files);
  const artifacts = memoryArtifacts();
  const request = {
    ...{ releaseId: RELEASE, app: 'shop', stage: 'dev', service: 'api', commit, cloneUrl: `file://${directory}` },
    ...{ region: 'eu-central-1', artifactBucket: 'artifacts' },
  };
  const images = { repository: REPOSITORY, authorization: async () => 'QVdTOnNlY3JldA==' };
  const lines: string[] = [];
  const succeeded = await runBuild(request, {
    artifacts,
    cloneCredentials: memoryCloneCredentials(),
    environments: memoryEnvironments(),
    images,
    directory: join(aDirectory(), 'build'),
    cacheDirectory: aDirectory(),
    env: { PATH: `${docker.path}:${join(MODULES, '.bin')}:${process.env.PATH}`, HOME: process.env.HOME },
    clock: SYSTEM_CLOCK,
    log: (line) => lines.push(line),
  });
  const error = await artifacts.readJson(buildErrorKey(request, 'api', RELEASE, 'package'), StepError);
  const manifest = await artifacts.readJson(manifestKey(request, 'api', RELEASE), Manifest);
  const template =
    manifest && asTemplate(JSON.parse(Buffer.from(artifacts.objects.get(manifest.template!)!).toString()));
  return { succeeded, error, manifest, template, docker, logged: lines.join('\n') };
}

describe('an image with a path', () => {
  it('is built, pushed to the app’s repository, and named by its digest', async () => {
    const { manifest, template, error, docker, logged } = await build(SERVICE);
    expect(error).toBeUndefined();
    const image = `${REPOSITORY}@sha256:${digestOf(DOCKERFILE)}`;
    expect(manifest!.images).toEqual({ RenderLambdaFunction: { image } });
    expect(template!.Resources.RenderLambdaFunction!.Properties).toMatchObject({
      PackageType: 'Image',
      Code: { ImageUri: image },
    });
    const versions = Object.values(template!.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Version');
    expect(versions.map(({ Properties }) => Properties!.CodeSha256)).toEqual([digestOf(DOCKERFILE)]);
    const [version, built, push, ...more] = docker.calls();
    const tag = `${REPOSITORY}:dev_api_render_${RELEASE}_\\d+`;
    expect(version).toMatch(/^version /);
    expect(built).toMatch(
      new RegExp(`^build --tag ${tag} --file \\S+/api/render/Dockerfile --platform=linux/amd64 ./render$`),
    );
    expect(push).toMatch(new RegExp(`^--config \\S+ push ${tag}$`));
    expect(more).toEqual([]);

    // The login to the registry is the push's alone.
    const login = { auths: { '123456789012.dkr.ecr.eu-central-1.amazonaws.com': { auth: 'QVdTOnNlY3JldA==' } } };
    expect(docker.login()).toEqual(login);
    for (const command of ['build', 'push'] as const)
      expect(docker.environment(command)).not.toMatch(/AWS_(ACCESS_KEY|SECRET|SESSION|CONTAINER)|QVdT/);
    expect(docker.environment('build')).toContain('BUILDX_NO_DEFAULT_ATTESTATIONS=1');
    expect(logged).not.toContain('QVdT');
  });

  it('changes neither template nor configuration when only it changes', async () => {
    const [one, other] = [await build(SERVICE), await build({ ...SERVICE, 'api/render/Dockerfile': 'FROM scratch\n' })];
    const { images, templateHash, configHash } = other.manifest!;
    expect(images).not.toEqual(one.manifest!.images);
    expect([templateHash, configHash]).toEqual([one.manifest!.templateHash, one.manifest!.configHash]);
  });

  it('is built as its configuration says, and its service depends on all that goes into it', async () => {
    const files = {
      'api/serverless.yml': service(
        "render: { path: ../shared, file: deep/Render.docker, buildArgs: { A: '1', B: 'two words' }, " +
          "cacheFrom: [one, two], buildOptions: ['--squash', '--network=none'], platform: linux/arm64, " +
          "provenance: 'mode=max' }",
        'scanOnPush: true, maxImageCount: 3, ',
      ),
      'shared/deep/Render.docker': DOCKERFILE,
    };
    const { docker, error, manifest } = await build(files);
    expect(error).toBeUndefined();
    expect(docker.calls()[1]).toMatch(
      new RegExp(
        '/shared/deep/Render.docker --build-arg A=1 --build-arg B=two words --cache-from one --cache-from two ' +
          '--platform=linux/arm64 --provenance=mode=max --squash --network=none ../shared$',
      ),
    );
    expect(manifest!.outsideFiles).toContain('shared/');
    expect(manifest!.warnings).toEqual([
      expect.stringMatching(/^api\/serverless\.yml: "provider\.ecr\.maxImageCount" has no effect: /),
    ]);
  });
});

it('a tag whose digest nobody may ask for is refused, with what to write', async () => {
  const yml = service('render: { uri: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop:v1" }');
  const { error } = await build({ ...SERVICE, 'api/serverless.yml': yml });
  expect(error!.message).toMatch(
    /^api\/serverless\.yml: the image \S+\/shop:v1 is named by a tag, .*"ecr:DescribeImages".*dev\.build\.policies/m,
  );
});

describe('images of a service that is packaged', () => {
  /** What the framework leaves of functions that run these images, by logical id, and of the images `a` and `b`. */
  async function built(
    functions: Readonly<Record<string, JsonObject & { readonly image: string }>>,
    { docker = standInDocker(aDirectory()), ...more }: Partial<Workspace> & { docker?: StandInDocker } = {},
  ) {
    const root = aDirectory({ 'serverless.yml': service('a: ./a, b: ./b'), 'a/Dockerfile': 'A', 'b/Dockerfile': 'B' });
    const images = { repository: REPOSITORY, releaseId: RELEASE, authorization: async () => 'x' };
    const env = { PATH: `${docker.path}:${process.env.PATH}` };
    const standIn = (name: string) => `image-to-build.invalid/${name}@sha256:${'0'.repeat(64)}`;
    const Resources = Object.fromEntries(
      Object.entries(functions).map(([id, { image, ...properties }]) => [
        id,
        { Type: 'AWS::Lambda::Function', Properties: { ...properties, Code: { ImageUri: standIn(image) } } },
      ]),
    );
    const named = ['a', 'b', 'gone', 'outside'].map((imageName) => ({
      ...{ imageName, imageFilename: 'Dockerfile', imagePath: imageName === 'outside' ? '../..' : `./${imageName}` },
      ...{ buildArgs: {}, buildOptions: [], cacheFrom: [], platform: '', provenance: '' },
    }));
    const workspace = aWorkspace({ root, env, images, ...more });
    const options = { template: { Resources }, images: named, file: 'serverless.yml', scratch: aDirectory() };
    return { docker, end: buildImages(workspace, options) };
  }
  const messageOf = async ({ end }: { readonly end: Promise<unknown> }): Promise<string> =>
    end.then(
      () => 'succeeded',
      (error: Error) => error.message,
    );

  it('are built once for all functions that run them, and not at all if none does', async () => {
    const { docker, end } = await built({ One: { image: 'a' }, Two: { image: 'a' } });
    const image = { ImageUri: `${REPOSITORY}@sha256:${digestOf('A')}` };
    const { template, builtImages } = await end;
    expect(Object.values(template.Resources).map(({ Properties }) => Properties!.Code)).toEqual([image, image]);
    expect(builtImages).toEqual(['One', 'Two']);
    expect(docker.calls().filter((call) => call.startsWith('build'))).toHaveLength(1);
  });

  it('are built for the processor of their functions', async () => {
    const { docker, end } = await built({ One: { image: 'a', Architectures: ['arm64'] }, Two: { image: 'b' } });
    await end;
    expect(docker.calls()[1]).toContain('--platform=linux/arm64');
    expect(docker.calls()[3]).toContain('--platform=linux/amd64');
  });

  it('need no Docker if nothing is to be built', async () => {
    const { docker, end } = await built({});
    expect(await end).toMatchObject({ builtImages: [] });
    expect(docker.calls()).toEqual([]);
  });

  it('are refused, before anything is built, where one is for functions of both processors', async () => {
    const refused = await built({ One: { image: 'a' }, Two: { image: 'a', Architectures: ['arm64'] } });
    expect(await messageOf(refused)).toMatch(
      /^serverless\.yml, line 2: "provider\.ecr\.images\.a" is run by functions/,
    );
    expect(refused.docker.calls()).toEqual([]);
  });

  it.each([
    [
      'there is none',
      'gone',
      /"provider\.ecr\.images\.gone" names gone\/Dockerfile as its Dockerfile, and there is no/,
    ],
    ['it lies outside of the repository', 'outside', /leads out of the repository|there is no such file/],
  ])('are refused with their Dockerfile where %s', async (_, image, message) => {
    expect(await messageOf(await built({ One: { image } }))).toMatch(message);
  });

  it('say where there is no Docker what to set', async () => {
    const path = programs({ docker: 'echo "Cannot connect to the Docker daemon at unix:///x.sock." >&2; exit 1' });
    const env = { PATH: `${path}:${process.env.PATH}` };
    expect(await messageOf(await built({ One: { image: 'a' } }, { env, stage: 'pr-1', template: 'dev' }))).toBe(
      'serverless.yml, line 2: "provider.ecr.images.a" is built with Docker and pushed by a build of the platform, and ' +
        'no Docker answers here ("docker version": Cannot connect to the Docker daemon at unix:///x.sock.); set ' +
        '"docker: true" in "apps.shop.stages.dev.build" of seedbed.yml, without "compute: lambda", and deploy the ' +
        'platform, or push the image yourself and write its "uri" with its digest',
    );
  });

  it('say the same where the stage’s builds have no repository', async () => {
    const refused = await built({ One: { image: 'a' } }, { images: undefined });
    expect(await messageOf(refused)).toMatch(/this build has no repository to push it to; set "docker: true" in/);
    expect(refused.docker.calls()).toHaveLength(1);
  });

  it('show Docker’s last lines, and what to set if the build runs on another processor', async () => {
    const docker = standInDocker(aDirectory(), 'echo "exec /bin/sh: exec format error" >&2; exit 1');
    const message = await messageOf(await built({ One: { image: 'a', Architectures: ['arm64'] } }, { docker }));
    expect(message).toMatch(
      /"provider\.ecr\.images\.a" cannot be built: "docker build .*" ended with exit code 1\n.*"architecture: arm64" in/,
    );
    expect(message).toContain('exec format error');
  });
});
