import { brokenReferences } from '../../../lib/core/sam/broken-references';
import { esbuildArguments } from '../../../lib/core/sam/esbuild-arguments';
import { localCode, withCodeAt } from '../../../lib/core/sam/local-code';
import { namedFiles, withFiles } from '../../../lib/core/sam/local-files';
import { parameterValues } from '../../../lib/core/sam/parameters';
import { unsupportedParts } from '../../../lib/core/sam/unsupported';
import type { Resource, Template } from '../../../lib/core/template/template';
import type { Json, JsonObject } from '../../../lib/core/text/canonical-json';

const SAM = 'AWS::Serverless-2016-10-31';
const aTemplate = (Resources: Record<string, Resource>, more: JsonObject = {}): Template =>
  ({ Transform: SAM, Resources, ...more }) as Template;
const aFunction = (Properties: JsonObject = {}, Metadata?: JsonObject): Resource => ({
  Type: 'AWS::Serverless::Function',
  Properties,
  ...(Metadata && { Metadata }),
});

describe('the values of parameters', () => {
  const Parameters = {
    Stage: { Type: 'String', Default: 'dev' },
    Size: { Type: 'Number', Default: 3 },
    Key: { Type: 'String' },
  };

  it('come from the configuration, else from the template', () => {
    expect(parameterValues({ Parameters }, { Stage: 'prod', Key: 'k' })).toEqual({
      values: { Stage: 'prod', Size: '3', Key: 'k' },
      problems: [],
    });
  });

  it('are refused if there is none, or for a parameter that is not there', () => {
    const { problems } = parameterValues({ Parameters }, { Stag: 'x' });
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^the parameter "Key" has no value; .*parameter_overrides = "Key=…"/),
      expect.stringMatching(/^samconfig gives a value to "Stag", .*did you mean "Stage"\?$/),
    ]);
  });
});

describe('the code of a template', () => {
  it('is that of the repository, with what Globals say', () => {
    const template = aTemplate(
      {
        Own: aFunction({ CodeUri: 'own/', Runtime: 'python3.12' }, { BuildMethod: 'makefile' }),
        Shared: aFunction({}),
        Plain: { Type: 'AWS::Lambda::Function', Properties: { Code: './plain', Runtime: { Ref: 'Runtime' } } },
        Zip: aFunction({ CodeUri: 'dist/x.zip' }),
        AsItIs: aFunction({ CodeUri: 'dist' }, { SkipBuild: true }),
        Layer: { Type: 'AWS::Serverless::LayerVersion', Properties: { ContentUri: 'layer' } },
        Built: {
          Type: 'AWS::Serverless::LayerVersion',
          Properties: { ContentUri: 'layer' },
          Metadata: { BuildMethod: 'python3.12', BuildArchitecture: 'arm64' },
        },
      },
      { Globals: { Function: { CodeUri: 'src', Runtime: 'nodejs22.x', Architectures: ['arm64'] } } },
    );
    const { code, problems } = localCode(template, { Runtime: 'nodejs20.x' });
    expect(problems).toEqual([]);
    const told = code.map((one) => [one.logicalId, one.path, one.runtime, one.architecture, one.method, one.isBuilt]);
    expect(told).toEqual([
      ['Own', 'own/', 'python3.12', 'arm64', 'makefile', false],
      ['Shared', 'src', 'nodejs22.x', 'arm64', undefined, false],
      ['Plain', './plain', 'nodejs20.x', 'x86_64', undefined, false],
      ['Zip', 'dist/x.zip', 'nodejs22.x', 'arm64', undefined, true],
      ['AsItIs', 'dist', 'nodejs22.x', 'arm64', undefined, true],
      ['Layer', 'layer', undefined, 'x86_64', undefined, true],
      ['Built', 'layer', undefined, 'arm64', 'python3.12', false],
    ]);
  });

  it('is not what lies elsewhere', () => {
    const template = aTemplate({
      S3: aFunction({ CodeUri: 's3://b/k' }),
      Map: aFunction({ CodeUri: { Bucket: 'b', Key: 'k' } }),
      Inline: aFunction({ InlineCode: 'x' }),
      Image: aFunction({ PackageType: 'Image', ImageUri: 'x' }),
      Plain: { Type: 'AWS::Lambda::Function', Properties: { Code: { ZipFile: 'x' } } },
    });
    expect(localCode(template, {})).toEqual({ code: [], problems: [] });
  });

  it('is the directory of the template where a function does not say', () => {
    const layer = { Type: 'AWS::Serverless::LayerVersion', Properties: {} };
    const { code } = localCode(aTemplate({ F: aFunction({ Handler: 'app.handler' }), L: layer }), {});
    expect(code.map(({ logicalId, path }) => [logicalId, path])).toEqual([['F', '.']]);
  });

  it('has to be written out', () => {
    const { problems } = localCode(aTemplate({ F: aFunction({ CodeUri: { 'Fn::Sub': '${X}' } }) }), {});
    expect(problems).toEqual([
      { place: ['Resources', 'F', 'Properties', 'CodeUri'], message: expect.stringMatching(/not written out/) },
    ]);
  });

  it('is put where its bundle is', () => {
    expect(withCodeAt(aFunction({ CodeUri: 'src' }), 'k').Properties?.CodeUri).toMatchObject({ Key: 'k' });
    const plain = withCodeAt({ Type: 'AWS::Lambda::Function', Properties: { Code: 'src' } }, 'k');
    expect(plain.Properties?.Code).toMatchObject({ S3Key: 'k' });
  });
});

describe('what cannot be packaged of a template', () => {
  const said = (template: Template) => unsupportedParts(template).map(({ message }) => message);

  it('is nothing of an ordinary one', () => {
    const image = aFunction({ ImageUri: '1.dkr.ecr.eu-west-1.amazonaws.com/x:1' });
    const remote = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://x' } };
    expect(said(aTemplate({ F: aFunction({ CodeUri: 'src' }), I: image, S: remote }))).toEqual([]);
  });

  it.each([
    [undefined, /lacks "Transform: AWS::Serverless-2016-10-31"/],
    [[SAM, 'MyMacro'], /the transform MyMacro is a macro/],
    [[SAM, { Name: 'AWS::Include', Parameters: {} }], /the transform \{"Name":"AWS::Include"/],
  ])('is a transform other than its own: %j', (Transform, message) => {
    expect(said({ Resources: {}, Transform: Transform as Json })).toEqual([expect.stringMatching(message)]);
  });

  it.each<[Resource, RegExp]>([
    [{ Type: 'AWS::Serverless::Application', Properties: { Location: './x.yaml' } }, /nested application/],
    [{ Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: './x.yaml' } }, /nested stack/],
    [aFunction({ PackageType: 'Image' }), /container image/],
    [aFunction({ Tags: { 'Fn::Transform': { Name: 'Mine' } } }), /the macro "Mine"/],
    [{ Type: 'X', Properties: { 'Fn::ForEach::A': [] } }, /AWS::LanguageExtensions/],
  ])('is %j', (resource, message) => {
    expect(said(aTemplate({ A: resource }))).toEqual([expect.stringMatching(message)]);
  });
});

describe('files that a template names', () => {
  const template = aTemplate({
    Api: { Type: 'AWS::Serverless::Api', Properties: { StageName: 'x', DefinitionUri: 'api.yaml' } },
    Flow: { Type: 'AWS::Serverless::StateMachine', Properties: { DefinitionUri: 'flow.asl.json' } },
    There: { Type: 'AWS::Serverless::Api', Properties: { DefinitionUri: 's3://b/k' } },
    Schema: { Type: 'AWS::AppSync::GraphQLSchema', Properties: { DefinitionS3Location: 'schema.graphql' } },
    Part: {
      Type: 'AWS::ApiGateway::RestApi',
      Properties: {
        Body: { info: 1, 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 'body.yaml' } } },
      },
    },
  });

  it('are found', () => {
    expect(namedFiles(template)).toEqual({
      files: [
        { path: 'api.yaml', isText: false },
        { path: 'flow.asl.json', isText: false },
        { path: 'schema.graphql', isText: true },
        { path: 'body.yaml', isText: false },
      ],
      problems: [],
    });
  });

  it('are put into it', () => {
    const { Resources } = withFiles(template, ({ path }) => ({ from: path }));
    expect(Resources.Api?.Properties).toEqual({ StageName: 'x', DefinitionBody: { from: 'api.yaml' } });
    expect(Resources.Flow?.Properties).toEqual({ Definition: { from: 'flow.asl.json' } });
    expect(Resources.There?.Properties).toEqual({ DefinitionUri: 's3://b/k' });
    expect(Resources.Part?.Properties?.Body).toEqual({ info: 1, from: 'body.yaml' });
  });

  it('are refused where nothing can stand in their place', () => {
    const resolver = { Type: 'AWS::AppSync::Resolver', Properties: { CodeS3Location: 'resolver.js' } };
    const graph = { Type: 'AWS::Serverless::GraphQLApi', Properties: { Functions: { F: { CodeUri: 'f.js' } } } };
    expect(namedFiles(aTemplate({ R: resolver, G: graph })).problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^"CodeS3Location" of R names the file resolver\.js/),
      expect.stringMatching(/^"Functions\.F\.CodeUri" of G names the file f\.js/),
    ]);
  });
});

describe('references to nothing', () => {
  it('are told with what they may have meant', () => {
    const template = aTemplate(
      {
        Table: { Type: 'AWS::DynamoDB::Table' },
        F: {
          Type: 'X',
          Properties: {
            A: { Ref: 'Tabel' },
            B: { 'Fn::GetAtt': ['Gone', 'Arn'] },
            C: { 'Fn::Sub': '${Stage}-${AWS::Region}-${Nope}' },
          },
        },
      },
      { Parameters: { Stage: { Type: 'String' } }, Outputs: { O: { Value: { Ref: 'Missing' } } } },
    );
    expect(brokenReferences(template).map(({ message }) => message)).toEqual([
      expect.stringMatching(/^F refers to "Tabel", .*did you mean "Table"\?$/),
      expect.stringMatching(/^F refers to "Gone"/),
      expect.stringMatching(/^F refers to "Nope"/),
      expect.stringMatching(/^O refers to "Missing"/),
    ]);
  });
});

describe('how esbuild is called', () => {
  it('is with the defaults of SAM', () => {
    expect(esbuildArguments({ properties: { EntryPoints: ['app.ts'] } })).toEqual({
      args: ['app.ts', '--bundle', '--target=es2020', '--format=cjs', '--platform=node', '--minify'],
      problems: [],
    });
  });

  it('follows the properties', () => {
    const properties = {
      EntryPoints: ['a.ts', 'b.ts'],
      Minify: false,
      Sourcemap: 'true',
      Format: 'esm',
      OutExtension: ['.js=.mjs'],
      External: ['@aws-sdk/*', 'x'],
      MainFields: 'module,main',
      Loader: ['.html=text'],
    };
    expect(esbuildArguments({ properties }).args).toEqual([
      ...['a.ts', 'b.ts', '--bundle', '--target=es2020', '--format=esm', '--platform=node', '--sourcemap'],
      ...['--out-extension:.js=.mjs', '--external:@aws-sdk/*', '--external:x', '--main-fields=module,main'],
      '--loader:.html=text',
    ]);
  });

  it('is not known of other properties, or without an entry point', () => {
    expect(esbuildArguments({ properties: { Splitting: true } }).problems).toEqual([
      expect.stringMatching(/"EntryPoints" is missing/),
      expect.stringMatching(/"Splitting" is not known/),
    ]);
  });
});
