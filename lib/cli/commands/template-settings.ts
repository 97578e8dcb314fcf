import { lineFinder } from '../../config/line-finder';
import { parseYaml, type YamlFile } from '../../config/parse-yaml';
import { ReleaseError } from '../../core/contracts/errors';
import type { ShiftSettings } from '../../core/contracts/settings';
import { readShiftSettings } from '../../core/shift/read-shift-settings';
import { serviceFunctions } from '../../core/shift/service-functions';
import { readSettingsBlock } from '../../core/shift/written-settings';
import { resourcesOfType, type Template } from '../../core/template/template';
import { isJsonObject, type Json } from '../../core/text/canonical-json';

/** What a settings file says about the functions of a template. */
export interface TemplateSettings {
  readonly alias: string;
  readonly shift: ShiftSettings;
}

type Block = Readonly<Record<string, unknown>>;

/** Keys of a file that has more than one block of settings. */
const SECTIONS = ['deploymentSettings', 'functions', 'custom'];

/**
 * Reads deployment settings and holds them against a template.
 *
 * @throws ReleaseError `ConfigInvalid` with all problems, each with file, line, key and how to fix it
 */
export function readSettingsFile(
  file: YamlFile,
  { stage, template }: { readonly stage: string; readonly template: Template },
): TemplateSettings {
  const value = parseYaml(file) ?? {};
  const sections = isJsonObject(value as Json) ? (value as Block) : {};
  const isOneBlock = !SECTIONS.some((key) => Object.hasOwn(sections, key));
  const place = isOneBlock ? [] : ['deploymentSettings'];
  const all = readSettingsBlock(isOneBlock ? value : sections.deploymentSettings, {
    file: file.name,
    place,
    scope: 'service',
  });
  const reading = readShiftSettings({
    stage,
    template,
    service: '.',
    file: file.name,
    functions: isOneBlock ? allFunctions({}, template) : allFunctions(sections.functions, template),
    custom: isOneBlock ? undefined : sections.custom,
    shared: { all: all.block, services: {} },
  });
  const problems = [...all.problems, ...reading.problems];
  if (problems.length === 0) return { alias: reading.alias, shift: reading.settings };
  const line = lineFinder(file.text);
  const texts = problems.map((one) => `${file.name}${line(one.place)}: ${one.message}`);
  throw new ReleaseError('ConfigInvalid', [...new Set(texts)].join('\n'));
}

/** The functions that the file says something of, and the others of the template. */
function allFunctions(written: unknown, template: Template): Block {
  const functions = isJsonObject((written ?? {}) as Json) ? ((written ?? {}) as Block) : {};
  const known = new Set(serviceFunctions(functions, template).map(({ logicalId }) => logicalId));
  const others = resourcesOfType(template, 'AWS::Lambda::Function').filter(([id]) => !known.has(id));
  return { ...functions, ...Object.fromEntries(others.map(([id]) => [keyOf(id), {}])) };
}

/** The key that a function most likely has in serverless.yml; where there is none, its logical id. */
function keyOf(logicalId: string): string {
  const [, name] = /^(.+)LambdaFunction$/.exec(logicalId) ?? [];
  if (name === undefined) return logicalId;
  const key = name.replaceAll('Dash', '-').replaceAll('Underscore', '_');
  return `${key.charAt(0).toLowerCase()}${key.slice(1)}`;
}
