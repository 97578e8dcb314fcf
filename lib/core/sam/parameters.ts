import type { Template } from '../template/template';
import { isJsonObject, type Json } from '../text/canonical-json';
import { nameSome } from '../text/name-some';
import { useInstead } from '../text/nearest';
import type { ConfigProblem } from '../text/place';

/** The values with which a template is translated. */
export interface ParameterValues {
  /** By name; of parameters whose value CloudFormation finds (in SSM), what it is looked for by. */
  readonly values: Readonly<Record<string, string>>;
  readonly problems: readonly ConfigProblem[];
}

/**
 * @param given values that the configuration gives
 * @returns the value that each parameter has, and those that have none: what is made of them depends on it
 */
export function parameterValues(
  { Parameters = {} }: Pick<Template, 'Parameters'>,
  given: Readonly<Record<string, string>>,
): ParameterValues {
  const values: Record<string, string> = {};
  const problems: ConfigProblem[] = [];
  for (const [name, parameter] of Object.entries(Parameters)) {
    const value = given[name] ?? text(isJsonObject(parameter) ? parameter.Default : undefined);
    if (value !== undefined) values[name] = value;
    else {
      const message =
        `the parameter "${name}" has no value; give it a "Default", or write it in samconfig.toml: ` +
        `parameter_overrides = "${name}=…" in [default.deploy.parameters], or in the environment of the stage's name`;
      problems.push({ place: ['Parameters', name], message });
    }
  }
  const known = Object.keys(Parameters);
  for (const name of Object.keys(given).filter((one) => !known.includes(one))) {
    const otherwise = `declare it under "Parameters", or remove it${known.length > 0 ? `; there are: ${nameSome(known)}` : ''}`;
    const message = `samconfig gives a value to "${name}", which is no parameter of the template; ${useInstead(name, known, { otherwise })}`;
    problems.push({ place: ['Parameters'], message });
  }
  return { values, problems };
}

const text = (value: Json | undefined): string | undefined =>
  value === undefined || value === null || typeof value === 'object' ? undefined : String(value);

/** @returns the value with a `Ref` of a parameter in its place resolved */
export function resolveParameter(value: Json | undefined, values: Readonly<Record<string, string>>): Json | undefined {
  const ref = isJsonObject(value) && Object.keys(value).length === 1 ? value.Ref : undefined;
  return typeof ref === 'string' && Object.hasOwn(values, ref) ? values[ref] : value;
}
