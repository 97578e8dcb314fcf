import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SYSTEM_CLOCK } from '../../lib/aws/system-clock';
import type { Template } from '../../lib/core/template/template';
import { TRANSLATOR_VERSION } from '../../lib/packager/kinds/sam/python';
import { packageDirectory } from '../../lib/packager/package-directory';
import { readZip } from '../../lib/packager/read-zip';
import { aDirectory } from './scratch';

const ESBUILD = join(__dirname, '..', '..', 'node_modules', '.bin');
const TEMPLATE = `
Transform: AWS::Serverless-2016-10-31
Parameters: { Stage: { Type: String, Default: dev } }
Globals: { Function: { Runtime: nodejs22.x, CodeUri: src, AutoPublishAlias: live } }
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Handler: hello.handler
      DeploymentPreference: { Type: Canary10Percent5Minutes, Hooks: { PreTraffic: !Ref Check } }
  Check: { Type: AWS::Serverless::Function, Properties: { Handler: check.handler } }
`;
const SERVICE = {
  'template.yaml': TEMPLATE,
  'src/hello.js': 'exports.handler = async () => 1;\n',
  'src/check.js': 'exports.handler = async () => 2;\n',
};

/** Packages a directory; `files` are read from where it was stored. */
async function packaged(sources: Record<string, string>, stage = 'dev') {
  const out = aDirectory();
  const log: string[] = [];
  const [manifest] = await packageDirectory({
    directory: aDirectory(sources),
    app: 'shop',
    stage,
    region: 'eu-central-1',
    out,
    clock: SYSTEM_CLOCK,
    log: (line) => log.push(line),
    env: { ...process.env, PATH: `${ESBUILD}:${process.env.PATH}` },
  });
  const template = JSON.parse(readFileSync(join(out, manifest!.template!), 'utf8')) as Template;
  const entries = (bundle: string) => readZip(bundle, readFileSync(join(out, bundle)));
  const contentOf = (bundle: string, path: string) =>
    Buffer.from(
      entries(bundle)
        .find((one) => one.path === path)
        ?.unpack() ?? [],
    ).toString();
  return {
    manifest: manifest!,
    template,
    log,
    contentOf,
    pathsOf: (bundle: string) => entries(bundle).map(({ path }) => path),
  };
}

const withTemplate = (change: (template: string) => string) => ({ ...SERVICE, 'template.yaml': change(TEMPLATE) });
const problemOf = (sources: Record<string, string>): Promise<string> =>
  packaged(sources).then(
    () => 'nothing',
    (error: Error) => `${error.name}: ${error.message}`,
  );

describe('packaging a service of SAM', () => {
  it('translates the template, and reads how traffic moves from it', async () => {
    const { manifest, template } = await packaged(SERVICE);
    expect(manifest).toMatchObject({
      framework: { name: 'sam', version: `aws-sam-translator ${TRANSLATOR_VERSION}` },
      stackName: 'shop-dev',
      alias: 'live',
      stack: { parameters: {}, madeWith: { Stage: 'dev' } },
      shift: { functions: { Hello: { shift: { kind: 'canary', percent: 10, minutes: 5 }, preTrafficHook: 'Check' } } },
    });
    expect(Object.values(template.Resources).map(({ Type }) => Type)).not.toContain('AWS::CodeDeploy::DeploymentGroup');
    expect(template.Resources.HelloAliaslive).not.toHaveProperty('UpdatePolicy');
  });

  it('makes the same package twice, whatever lies beside the sources', async () => {
    const [one, other] = [await packaged(SERVICE), await packaged({ ...SERVICE, '.aws-sam/build/x.js': '' })];
    expect(other.manifest).toEqual(one.manifest);
  });

  it('follows samconfig.toml: the environment of the stage, or default', async () => {
    const config = `
[default.deploy.parameters]
stack_name = "orders"
tags = "team=shop"
[prod.deploy.parameters]
stack_name = "orders-live"
parameter_overrides = "Stage=prod"
`;
    const sources = { ...SERVICE, 'samconfig.toml': config };
    expect((await packaged(sources)).manifest).toMatchObject({
      stackName: 'orders',
      stack: { tags: { team: 'shop' } },
    });
    expect((await packaged(sources, 'prod')).manifest).toMatchObject({
      stackName: 'orders-live',
      stack: { parameters: { Stage: 'prod' } },
    });
  });

  it('bundles with the esbuild of the project, and knows what it has read outside', async () => {
    const { manifest, contentOf } = await packaged({
      'libs/text.ts': 'export const text: string = "from afar";\n',
      'api/template.yaml': `
Transform: AWS::Serverless-2016-10-31
Resources:
  Hello:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: esbuild, BuildProperties: { EntryPoints: [hello.ts] } }
    Properties: { CodeUri: src, Handler: hello.handler, Runtime: nodejs22.x }
`,
      'api/src/hello.ts': 'import { text } from "../../libs/text";\nexport const handler = async () => text;\n',
    });
    expect(contentOf(manifest.functions.Hello!.bundle, 'hello.js')).toContain('from afar');
    expect(manifest.outsideFiles).toEqual(['libs/text.ts']);
  });

  it('builds with make, with npm what a package.json asks for, and layers as they are', async () => {
    const { manifest, template, pathsOf } = await packaged({
      ...withTemplate(
        (text) => `${text}
  Made:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: makefile }
    Properties: { CodeUri: made, Handler: made.handler, Layers: [!Ref Lib] }
  Lib: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: layer } }
`,
      ),
      'made/Makefile': 'build-Made:\n\tcp source.js $(ARTIFACTS_DIR)/made.js\n',
      'made/source.js': 'exports.handler = async () => 3;\n',
      'layer/nodejs/lib.js': '',
      'src/package.json': '{ "name": "src", "version": "1.0.0", "devDependencies": { "nowhere": "1.0.0" } }',
    });
    expect(pathsOf(manifest.functions.Made!.bundle)).toEqual(['made.js']);
    expect(pathsOf(manifest.functions.Hello!.bundle)).toEqual(['check.js', 'hello.js', 'package.json']);
    const [layerId = '', layer] = Object.entries(manifest.layers)[0] ?? [];
    expect(pathsOf(layer!.bundle)).toEqual(['nodejs/lib.js']);
    expect(template.Resources[layerId]).toMatchObject({ Type: 'AWS::Lambda::LayerVersion', DeletionPolicy: 'Retain' });
  });

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'a parameter without a value',
      withTemplate((text) => text.replace(', Default: dev', '')),
      /^ConfigInvalid: template\.yaml, line 3: the parameter "Stage" has no value/,
    ],
    [
      'an unknown transform',
      withTemplate((text) => text.replace('Transform: AWS', 'Transform: [Mine, AWS').replace('-10-31', '-10-31]')),
      /^ConfigInvalid: template\.yaml, line 2: the transform Mine is a macro/,
    ],
    [
      'a broken intrinsic',
      withTemplate((text) => text.replace('!Ref Check', '!Ref Chekc')),
      /^ConfigInvalid: template\.yaml, line \d+: .*"Chekc", which is not a function of the service; did you mean "Check"/,
    ],
    [
      'a reference to nothing',
      withTemplate((text) => `${text}  Q: { Type: AWS::SQS::Queue, Properties: { QueueName: !Sub "\${Stag}" } }\n`),
      /^ConfigInvalid: template\.yaml, line 12: Q refers to "Stag", which the template does not have; did you mean "Stage"/,
    ],
    [
      'what the translator refuses',
      withTemplate((text) =>
        text.replace('Handler: check.handler', 'Handler: check.handler, Events: { A: { Type: Api } }'),
      ),
      /^ConfigInvalid: template\.yaml.*: Resource with id \[CheckA\] is invalid\. .*Path/,
    ],
    [
      'two kinds in one directory',
      { ...SERVICE, 'serverless.yml': 'service: x\n' },
      /^ConfigInvalid: the directory "\." has serverless\.yml .* and template\.yaml \(AWS SAM\)/,
    ],
    ['a CDK app beside it', { ...SERVICE, 'cdk.json': '{}' }, /^ConfigInvalid: the directory "\." has .*cdk\.json/],
    [
      'a kind that there is not',
      { ...SERVICE, 'seed.yml': 'kinds: { .: terraform }\n' },
      /^ConfigInvalid: seed\.yml, line 1: "kinds\.\." is "terraform"; write a map of directories to serverless or sam/,
    ],
    [
      'a samconfig.toml that is none',
      { ...SERVICE, 'samconfig.toml': 'version = 0.1\n[default\n' },
      /^ConfigInvalid: samconfig\.toml, line 2: not valid TOML/,
    ],
    [
      'code that is not there',
      withTemplate((text) => text.replace('CodeUri: src', 'CodeUri: sources')),
      /^PackageFailed: template\.yaml: the "CodeUri" of Hello is sources, which is not there/,
    ],
    [
      'a handler that is not there',
      withTemplate((text) => text.replace('hello.handler', 'helo.handler')),
      /^PackageFailed: template\.yaml, line 9: Hello could not start: its handler is "helo\.handler"/,
    ],
    [
      'what only sam can build',
      withTemplate((text) => text.replace('nodejs22.x', 'java21')),
      /^FrameworkUnsupported: template\.yaml: Hello is built for "java21", which only the SAM CLI can do/,
    ],
  ])('refuses %s, naming file and fix', async (_, sources, message) => {
    expect(await problemOf(sources)).toMatch(message);
  });

  it('leaves a template of CloudFormation alone', async () => {
    const sources = { 'infra/template.yaml': 'Resources: {}\n' };
    expect(await problemOf(sources)).toMatch(
      /^NoServiceFound: no service found: no directory of the commit has a serverless/,
    );
  });
});
