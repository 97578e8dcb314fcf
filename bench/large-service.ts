import { aService, type Files, fileIn } from '../test/e2e/a-service';

/** A service whose functions are all alike. */
export interface LargeServiceOptions {
  readonly path: string;
  readonly name: string;
  /** How many. */
  readonly functions: number;
  /** What they answer. */
  readonly text: string;
  /** A variable of the first function. */
  readonly variable?: string;
}

/** What of a function in serverless.yml is written here. */
interface FunctionConfig {
  disableLogs?: boolean;
  environment?: Readonly<Record<string, string>>;
}

/** @returns the name of a function of a large service. */
export const functionAt = (index: number): string => `f${index}`;

/**
 * @returns the files of a service with many functions. They have no log groups: a template takes 500 resources, and
 *   each function has a version and an alias
 */
export function aLargeService({ path, name, functions, text, variable }: LargeServiceOptions): Files {
  const texts = Object.fromEntries(Array.from({ length: functions }, (_, index) => [functionAt(index), text]));
  const files = aService({ path, name, functions: texts });
  const file = fileIn(path, 'serverless.yml');
  const config = JSON.parse(files[file]!) as { functions: Record<string, FunctionConfig> };
  for (const one of Object.values(config.functions)) one.disableLogs = true;
  if (variable !== undefined) config.functions[functionAt(0)]!.environment = { VARIABLE: variable };
  return { ...files, [file]: `${JSON.stringify(config, undefined, 2)}\n` };
}
