/** Files of a repository by path; `null` removes one. */
export type Files = Readonly<Record<string, string | null>>;

/** A small service of the Serverless Framework that needs nothing installed. */
export interface ServiceOptions {
  /** Path in the repository, `.` for its root. */
  readonly path: string;
  /** Names the stack and the functions: `<name>-<stage>` and `<name>-<stage>-<function>`. */
  readonly name: string;
  /** What each function answers, by its name. */
  readonly functions: Readonly<Record<string, string>>;
  /** Whether `GET /<function>` of an HTTP API reaches each function. */
  readonly api?: boolean;
  /** Of all functions; as Lambda has it unless given. */
  readonly architecture?: 'arm64' | 'x86_64';
  /** Environment of all functions. */
  readonly environment?: Readonly<Record<string, string>>;
  /** CloudFormation resources beside those of the functions. */
  readonly resources?: Readonly<Record<string, unknown>>;
  /** Further functions, as serverless.yml has them. */
  readonly moreFunctions?: Readonly<Record<string, unknown>>;
  /** `custom.deploymentSettings`. */
  readonly shift?: Readonly<Record<string, unknown>>;
  /** `deploymentSettings` of functions, by name. */
  readonly functionShifts?: Readonly<Record<string, unknown>>;
}

/** @returns all files of a service. */
export function aService(options: ServiceOptions): Files {
  const { path, functions } = options;
  return {
    [fileIn(path, 'serverless.yml')]: serverlessYml(options),
    ...Object.fromEntries(
      Object.entries(functions).map(([name, text]) => [fileIn(path, `${name}.js`), answering(text)]),
    ),
  };
}

/** @returns the code of a function that answers a text. */
export const answering = (text: string): string =>
  `exports.handler = async () => ({ statusCode: 200, body: ${JSON.stringify(text)} });\n`;

/** @returns serverless.yml of a service, as JSON, which is YAML. */
export function serverlessYml({
  name,
  functions,
  api = false,
  architecture,
  environment,
  resources = {},
  moreFunctions = {},
  shift,
  functionShifts = {},
}: ServiceOptions): string {
  const one = (id: string) => ({
    handler: `${id}.handler`,
    package: { patterns: [`${id}.js`] },
    events: api ? [{ httpApi: `GET /${id}` }] : [],
    deploymentSettings: functionShifts[id],
  });
  const config = {
    service: name,
    provider: { name: 'aws', runtime: 'nodejs20.x', architecture, environment },
    custom: { seed: { incremental: { enabled: true } }, deploymentSettings: shift },
    package: { individually: true, patterns: ['!**'] },
    functions: { ...Object.fromEntries(Object.keys(functions).map((id) => [id, one(id)])), ...moreFunctions },
    resources: { Resources: resources },
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

/** @returns the path in the repository of a file of a service. */
export const fileIn = (service: string, file: string): string => (service === '.' ? file : `${service}/${file}`);
