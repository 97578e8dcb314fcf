import { isJsonObject, type Json } from '../text/canonical-json';
import type { TemplateWarning } from './leftover-mentions';
import type { Template } from './template';

/** Properties by which a resource's definition is read from a file, by type. */
const FILES: Readonly<Record<string, string>> = {
  'AWS::ApiGateway::RestApi': 'BodyS3Location',
  'AWS::ApiGatewayV2::Api': 'BodyS3Location',
  'AWS::StepFunctions::StateMachine': 'DefinitionS3Location',
  'AWS::Bedrock::Flow': 'DefinitionS3Location',
};

/**
 * @returns a warning for each part of the template that only CloudFormation will see: what it invokes is not changed.
 */
export function findOutsideParts(template: Template): readonly TemplateWarning[] {
  const warnings: TemplateWarning[] = [];
  for (const [id, { Type, Properties = {} }] of Object.entries(template.Resources)) {
    const path = `Resources.${id}.Properties`;
    const file = FILES[Type];
    // Functions that come into the file by substitution are known.
    if (file !== undefined && Properties[file] !== undefined && Properties.DefinitionSubstitutions === undefined) {
      const message =
        'this definition is in a file that is not examined; a function it names runs the newest code, even ' +
        'during a shift; write it into the template, or have it name aliases';
      warnings.push({ path: `${path}.${file}`, message });
    }
    visitTransforms(Properties, path, (place) => {
      const message =
        'CloudFormation puts something here by a macro or from a file, which is not examined; a function it ' +
        'names runs the newest code, even during a shift; write it into the template, or have it name aliases';
      warnings.push({ path: place, message });
    });
  }
  for (const [id, { Type }] of Object.entries(template.Resources)) {
    if (Type !== 'AWS::Lambda::WebFunction') continue;
    const message =
      'a web function has revisions and endpoints of its own and no alias: CloudFormation updates it, its traffic is not shifted';
    warnings.push({ path: `Resources.${id}`, message });
  }
  const sources = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Serverless::Function').length;
  if (sources > 0) {
    warnings.push({
      path: 'Transform',
      message:
        `this is the source of a SAM template: its ${sources} AWS::Serverless::Function become functions only in ` +
        'CloudFormation and get no alias here; give the template that "sam" or the AWS::Serverless transform ' +
        'makes of it',
    });
  }
  return warnings;
}

function visitTransforms(value: Json, path: string, visit: (path: string) => void): void {
  if (Array.isArray(value)) {
    for (const [index, element] of value.entries()) visitTransforms(element, `${path}[${index}]`, visit);
  } else if (isJsonObject(value)) {
    for (const [key, child] of Object.entries(value)) {
      if (key === 'Fn::Transform') visit(path);
      else if (child !== undefined) visitTransforms(child, `${path}.${key}`, visit);
    }
  }
}
