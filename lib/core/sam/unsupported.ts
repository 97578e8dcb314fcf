import { SAM_TRANSFORM } from '../plan/sam-transform';
import type { Template } from '../template/template';
import { isJsonObject, type Json } from '../text/canonical-json';
import type { ConfigProblem, Place } from '../text/place';
import { globalsOf, isImage } from './local-code';

const NESTED = 'AWS::Serverless::Application';

/**
 * @returns what a template has that cannot be packaged, each with its place: macros that only CloudFormation knows,
 *   nested applications, images
 */
export function unsupportedParts(template: Template): readonly ConfigProblem[] {
  return [...transforms(template), ...macros(template, []), ...resources(template)];
}

function transforms({ Transform }: Template): readonly ConfigProblem[] {
  const named = [Transform ?? []].flat();
  if (!named.includes(SAM_TRANSFORM)) {
    return [
      { place: ['Transform'], message: `it lacks "Transform: ${SAM_TRANSFORM}", which makes it one of SAM; add it` },
    ];
  }
  return named
    .filter((one) => one !== SAM_TRANSFORM)
    .map((one) => {
      const name = typeof one === 'string' ? one : JSON.stringify(one);
      const message =
        `the transform ${name} is a macro that only CloudFormation can run, so what it makes is not known when the ` +
        'service is packaged; write out what it makes, and remove it';
      return { place: ['Transform'], message };
    });
}

/** What `AWS::Include` names is a file, and is put in its place. */
function macros(value: Json | undefined, place: Place): readonly ConfigProblem[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => macros(one, [...place, index]));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, inner]): readonly ConfigProblem[] => {
    const at = [...place, key];
    if (key.startsWith('Fn::ForEach'))
      return [{ place: at, message: `"${key}" is of the macro AWS::LanguageExtensions; ${WRITE_OUT}` }];
    if (key !== 'Fn::Transform') return macros(inner, at);
    const name = isJsonObject(inner) ? inner.Name : undefined;
    return name === 'AWS::Include'
      ? []
      : [
          {
            place: at,
            message: `the macro ${JSON.stringify(name ?? inner)} is one that only CloudFormation can run; ${WRITE_OUT}`,
          },
        ];
  });
}

const WRITE_OUT = 'write out what it makes';

function resources(template: Template): readonly ConfigProblem[] {
  return Object.entries(template.Resources).flatMap(([id, resource]): readonly ConfigProblem[] => {
    const { Type, Properties = {} } = resource;
    const place = ['Resources', id];
    if (Type === NESTED) {
      const message =
        `${id} is a nested application (${NESTED}), and a package has one stack: make a service of it, in a directory ` +
        'of its own with its own template.yaml';
      return [{ place: [...place, 'Type'], message }];
    }
    if (
      Type === 'AWS::CloudFormation::Stack' &&
      typeof Properties.TemplateURL === 'string' &&
      !/^https?:/.test(Properties.TemplateURL)
    ) {
      const message = `${id} is a nested stack whose template is a file, and a package has one stack: make a service of it, or put what it has into this template`;
      return [{ place: [...place, 'Properties', 'TemplateURL'], message }];
    }
    if (Type === 'AWS::Serverless::Function' && isImage({ ...globalsOf(template, resource), ...Properties })) {
      const message = `${id} is a container image, and images are not packaged; give it "Runtime" and "CodeUri" in place of "PackageType: Image"`;
      return Properties.ImageUri !== undefined && String(Properties.ImageUri).includes('.dkr.ecr.')
        ? []
        : [{ place: [...place, 'Properties', 'PackageType'], message }];
    }
    return [];
  });
}
