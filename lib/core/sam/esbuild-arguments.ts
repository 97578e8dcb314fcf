import type { Json, JsonObject } from '../text/canonical-json';
import type { LocalCode } from './local-code';

/** Options with one value, by SAM's key. */
const ONE: Readonly<Record<string, string>> = {
  Target: 'target',
  Format: 'format',
  SourcesContent: 'sources-content',
  SourceRoot: 'source-root',
  Platform: 'platform',
  Charset: 'charset',
  Tsconfig: 'tsconfig',
  TreeShaking: 'tree-shaking',
};
const TRUE: Readonly<Record<string, string>> = { Minify: 'minify', Sourcemap: 'sourcemap', KeepNames: 'keep-names' };
/** Options that take a list, joined by commas. */
const JOINED: Readonly<Record<string, string>> = {
  MainFields: 'main-fields',
  Conditions: 'conditions',
  ResolveExtensions: 'resolve-extensions',
};
/** Options that are repeated for each entry, `name:entry`. */
const EACH: Readonly<Record<string, string>> = {
  External: 'external',
  Loader: 'loader',
  OutExtension: 'out-extension',
  Define: 'define',
  Banner: 'banner',
  Footer: 'footer',
  Inject: 'inject',
  Alias: 'alias',
};
const DEFAULTS: JsonObject = { Target: 'es2020', Format: 'cjs', Platform: 'node', Minify: true };
const ENTRY_POINTS = 'EntryPoints';

/**
 * Says how esbuild is called for a function, with SAM's defaults.
 *
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build-typescript.html
 *
 * @returns the arguments, without where the result goes; and what cannot be said to esbuild
 */
export function esbuildArguments({ properties }: Pick<LocalCode, 'properties'>): {
  readonly args: readonly string[];
  readonly problems: readonly string[];
} {
  const all: JsonObject = { ...DEFAULTS, ...properties };
  const entries = listOf(all[ENTRY_POINTS]);
  const args = [...entries, '--bundle'];
  const problems =
    entries.length === 0 ? [`"${ENTRY_POINTS}" is missing; write a list of files, such as "- app.ts"`] : [];
  for (const [key, value = null] of Object.entries(all)) {
    if (key === ENTRY_POINTS || value === null) continue;
    if (Object.hasOwn(TRUE, key)) args.push(...(isTrue(value) ? [`--${TRUE[key]}`] : []));
    else if (Object.hasOwn(ONE, key)) args.push(`--${ONE[key]}=${String(value)}`);
    else if (Object.hasOwn(JOINED, key)) args.push(`--${JOINED[key]}=${listOf(value).join(',')}`);
    else if (Object.hasOwn(EACH, key)) args.push(...listOf(value).map((one) => `--${EACH[key]}:${one}`));
    else if (key !== 'UseNpmCi')
      problems.push(`"${key}" is not known; remove it, or bundle in "before_build" of seed.yml`);
  }
  return { args, problems };
}

const listOf = (value: Json | undefined): readonly string[] =>
  value === undefined || value === null ? [] : ([value].flat() as readonly Json[]).map(String);

const isTrue = (value: Json): boolean => value === true || String(value).toLowerCase() === 'true';
