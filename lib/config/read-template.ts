import { Pair, Scalar, type Tags, YAMLMap, type YAMLSeq } from 'yaml';
import { ReleaseError } from '../core/contracts/errors';
import { asTemplate, type Template } from '../core/template/template';
import { parseJson } from '../core/text/parse-json';
import { parseYaml, type YamlFile } from './parse-yaml';

/**
 * Intrinsics with a short form in YAML:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
const INTRINSICS = [
  ...['Ref', 'Condition', 'And', 'Base64', 'Cidr', 'Contains', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If'],
  ...['ImportValue', 'Join', 'Length', 'Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'],
  ...['EachMemberEquals', 'EachMemberIn', 'RefAll', 'ValueOf', 'ValueOfAll'],
];

const longName = (name: string): string => (name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`);

const TAGS: Tags = INTRINSICS.flatMap((name) => {
  const around = (argument: YAMLMap | YAMLSeq): YAMLMap => {
    const map = new YAMLMap();
    map.items.push(new Pair(new Scalar(longName(name)), argument));
    return map;
  };
  const ofText = (text: string) => ({
    // Only the first dot is a separator: an attribute of a nested stack is `Outputs.Name`.
    [longName(name)]: name === 'GetAtt' ? [text.split('.')[0], text.split('.').slice(1).join('.')] : text,
  });
  return [
    { tag: `!${name}`, resolve: ofText },
    { tag: `!${name}`, collection: 'seq', resolve: (node) => around(node as YAMLSeq) },
    { tag: `!${name}`, collection: 'map', resolve: (node) => around(node as YAMLMap) },
  ] satisfies Tags;
});

/**
 * Reads a CloudFormation template in JSON or YAML.
 *
 * @returns the template, its intrinsics in their long form
 * @throws ReleaseError `ConfigInvalid` or `TemplateInvalid`, naming the file and what is wrong in it
 */
export function readTemplate(file: YamlFile): Template {
  // Nearly all templates are JSON, and the parser of YAML, which could read it, takes a second for a large one.
  const value = parseJson(file.text) ?? parseYaml(file, TAGS);
  try {
    return asTemplate(value);
  } catch (error) {
    if (error instanceof ReleaseError)
      throw new ReleaseError(error.code, `${file.name}: ${error.message}`, { cause: error });
    throw error;
  }
}
