/** The environment of a worker whose variables are named in a list: what its construct must set. */
export type Env<Names extends readonly string[]> = Readonly<Record<Names[number], string>>;

/** Variables of a worker that speaks to GitHub. */
export const SOURCE_ENV = ['GITHUB_API_URL', 'GITHUB_SECRET'] as const;

/**
 * Reads a worker's variables.
 * @param names exactly the variables that the worker needs (see the step's `env.ts`)
 * @throws Error naming every variable that is missing or empty: the construct that makes the worker forgot it
 */
export function readEnv<const Names extends readonly string[]>(
  names: Names,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Env<Names> {
  const missing = names.filter((name) => !environment[name]);
  if (missing.length > 0) throw new Error(`environment variable not set: ${missing.join(', ')}`);
  return Object.fromEntries(names.map((name) => [name, environment[name]])) as Env<Names>;
}
