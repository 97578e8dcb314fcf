import type { Template } from '../template/template';
import { isJsonObject, type Json, type JsonObject } from '../text/canonical-json';
import type { ConfigProblem, Place } from '../text/place';

/** Properties that name a file whose content may stand in their place, and the property for that. */
const INLINE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'AWS::Serverless::Api': { DefinitionUri: 'DefinitionBody' },
  'AWS::Serverless::HttpApi': { DefinitionUri: 'DefinitionBody' },
  'AWS::Serverless::StateMachine': { DefinitionUri: 'Definition' },
  'AWS::Serverless::GraphQLApi': { SchemaUri: 'SchemaInline' },
  'AWS::ApiGateway::RestApi': { BodyS3Location: 'Body' },
  'AWS::ApiGatewayV2::Api': { BodyS3Location: 'Body' },
  'AWS::StepFunctions::StateMachine': { DefinitionS3Location: 'Definition' },
  'AWS::AppSync::GraphQLSchema': { DefinitionS3Location: 'Definition' },
};
/** Whose content is a text and no data. */
const TEXTS: ReadonlySet<string> = new Set(['SchemaInline', 'AWS::AppSync::GraphQLSchema']);

/**
 * Other properties that `sam package` uploads:
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-cli-command-reference-sam-package.html
 */
const UPLOADED: Readonly<Record<string, readonly string[]>> = {
  'AWS::AppSync::Resolver': ['RequestMappingTemplateS3Location', 'ResponseMappingTemplateS3Location', 'CodeS3Location'],
  'AWS::AppSync::FunctionConfiguration': [
    'RequestMappingTemplateS3Location',
    'ResponseMappingTemplateS3Location',
    'CodeS3Location',
  ],
  'AWS::ElasticBeanstalk::ApplicationVersion': ['SourceBundle'],
  'AWS::Glue::Job': ['Command.ScriptLocation'],
  'AWS::ServerlessRepo::Application': ['ReadmeUrl', 'LicenseUrl'],
};

/** A file that a template names and whose content is to stand in its place. */
export interface NamedFile {
  /** From the template's directory. */
  readonly path: string;
  /** Whether its content is taken as a text, and not as YAML or JSON. */
  readonly isText: boolean;
}

/**
 * @returns the files, and what names one that cannot be packaged
 */
export function namedFiles(template: Template): {
  readonly files: readonly NamedFile[];
  readonly problems: readonly ConfigProblem[];
} {
  const files: NamedFile[] = [];
  const problems: ConfigProblem[] = [];
  withFiles(template, (file) => {
    files.push(file);
    return null;
  });
  for (const [id, { Type, Properties = {} }] of Object.entries(template.Resources)) {
    for (const path of UPLOADED[Type] ?? []) {
      const value = path
        .split('.')
        .reduce<Json | undefined>((at, key) => (isJsonObject(at) ? at[key] : undefined), Properties);
      if (isLocal(value)) problems.push(notPackaged(id, path, value));
    }
    if (Type === 'AWS::Serverless::GraphQLApi') {
      for (const [path, value] of codeOf(Properties))
        if (isLocal(value)) problems.push(notPackaged(id, path.join('.'), value));
    }
  }
  return { files, problems };
}

/**
 * @param contentOf gives what a file holds
 * @returns the template with the content of files in the place of their paths
 */
export function withFiles(template: Template, contentOf: (file: NamedFile) => Json): Template {
  const Resources = Object.fromEntries(
    Object.entries(template.Resources).map(([id, resource]) => {
      const inline = INLINE[resource.Type];
      if (inline === undefined) return [id, resource];
      const entries = Object.entries(resource.Properties ?? {}).map(([key, value]) => {
        const other = inline[key];
        if (other === undefined || !isLocal(value)) return [key, value];
        return [other, contentOf({ path: value, isText: TEXTS.has(other) || TEXTS.has(resource.Type) })];
      });
      return [id, { ...resource, Properties: Object.fromEntries(entries) }];
    }),
  );
  return included({ ...template, Resources }, contentOf) as Template;
}

/** What the macro AWS::Include does, with a file of the repository. */
function included(value: Json, contentOf: (file: NamedFile) => Json): Json {
  if (Array.isArray(value)) return value.map((one) => included(one, contentOf));
  if (!isJsonObject(value)) return value;
  const { 'Fn::Transform': macro, ...others } = value;
  const location = isJsonObject(macro) && macro.Name === 'AWS::Include' ? locationOf(macro) : undefined;
  const entries = Object.entries(isLocal(location) ? others : value).map(([key, inner]) => [
    key,
    included(inner ?? null, contentOf),
  ]);
  if (!isLocal(location)) return Object.fromEntries(entries);
  const content = contentOf({ path: location, isText: false });
  return isJsonObject(content) ? { ...content, ...Object.fromEntries(entries) } : content;
}

const locationOf = ({ Parameters }: JsonObject): Json | undefined =>
  isJsonObject(Parameters) ? Parameters.Location : undefined;

const isLocal = (value: Json | undefined): value is string =>
  typeof value === 'string' && !/^(s3|https?):\/\//.test(value);

function* codeOf(value: Json | undefined, path: Place = []): Generator<readonly [Place, Json]> {
  if (!isJsonObject(value)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'CodeUri') yield [[...path, key], inner ?? null];
    else yield* codeOf(inner, [...path, key]);
  }
}

const notPackaged = (id: string, path: string, value: string): ConfigProblem => ({
  place: ['Resources', id, 'Properties', ...path.split('.')],
  message: `"${path}" of ${id} names the file ${value}, which is not packaged; write its content into the template, or put it into a bucket and name it there`,
});
