import { resourcesOfType, type Template } from '../template/template';
import { isJsonObject, type Json, type JsonObject } from '../text/canonical-json';

/** Keys of `provider` that the framework sets on the stage of a REST API once it has deployed the stack. */
const ON_STAGE: readonly (readonly string[])[] = [
  ['tracing', 'apiGateway'],
  ['logs', 'restApi'],
  ['apiGateway', 'metrics'],
  ['tags'],
  ['stackTags'],
];

/**
 * Tells which settings the stage of a service's REST API does not get. The framework makes the stage with the
 * deployment of the API, where CloudFormation takes no settings for a stage that exists ("StageDescription cannot be
 * specified when stage referenced by StageName already exists"), and so sets them itself by calls of API Gateway.
 * https://github.com/awsdocs/aws-cloudformation-user-guide/pull/387
 *
 * @param provider of the resolved configuration
 * @returns one warning, or none
 */
export function tellRestStage(provider: JsonObject, template: Template): readonly string[] {
  const [api] = resourcesOfType(template, 'AWS::ApiGateway::RestApi');
  const isStageOfDeployment = resourcesOfType(template, 'AWS::ApiGateway::Deployment').some(
    ([, { Properties }]) => Properties?.StageName !== undefined,
  );
  if (!api || !isStageOfDeployment) return [];
  const keys = ON_STAGE.filter((path) => says(path.reduce<Json | undefined>(below, provider)));
  if (keys.length === 0) return [];
  return [
    `${keys.map((path) => `provider.${path.join('.')}`).join(', ')}: not set on the stage of the REST API, which the framework ` +
      'does by calls after it has deployed; set it by "aws apigateway update-stage" (tags: "tag-resource") under ' +
      '"after_deploy" in seed.yml, with a policy of the stage\'s builds that allows it; what the stage has already, it keeps',
  ];
}

const below = (value: Json | undefined, key: string): Json | undefined =>
  isJsonObject(value) ? value[key] : undefined;

/** Off is what a stage is by itself. */
const says = (value: Json | undefined): boolean =>
  isJsonObject(value) ? Object.keys(value).length > 0 : value !== undefined && value !== null && value !== false;
