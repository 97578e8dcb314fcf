/** By name, wherever they lie: what package managers, runtimes and Seedbed read without anybody seeing it. */
const NAMES: ReadonlySet<string> = new Set([
  'seed.yml',
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'pnpm-workspace.yaml',
  'bun.lock',
  'bun.lockb',
  'bunfig.toml',
  'lerna.json',
  'nx.json',
  'project.json',
  'workspace.json',
  'turbo.json',
  'rush.json',
  'mise.toml',
  'runtime.txt',
  'pyproject.toml',
  'poetry.lock',
  'uv.lock',
  'setup.py',
  'setup.cfg',
  'go.mod',
  'go.sum',
  'pom.xml',
  'tsconfig.json',
]);

const PATTERNS: readonly RegExp[] = [
  // .npmrc, .nvmrc, .env.prod, .gitattributes, .gitmodules, .babelrc.js, .browserslistrc, .pnp.cjs …
  /^\./,
  // tsconfig.base.json, base.tsconfig.json
  /^[tj]sconfig\..+\.json$|^(?:.+\.)?[tj]sconfig\.json$|^[tj]sconfig-.+\.json$/,
  // babel.config.js, esbuild.config.mjs, webpack.prod.js
  /\.config\.[a-z]+$/,
  /^(?:webpack|rollup|esbuild|babel|vite|rspack)\b.*\.(?:[cm]?[jt]s|json)$/,
  /^serverless(?:-compose)?\.[a-z]+$/,
  /^(?:requirements|constraints).*\.(?:txt|in)$/,
  /^(?:Pipfile|Gemfile|Cargo|Dockerfile|Makefile|Procfile)\b/,
  /^build\.gradle|^docker-compose/,
  /\.env$/,
];

/** Directories whose files package managers read. */
const DIRECTORIES: ReadonlySet<string> = new Set(['.yarn', 'patches', 'node_modules']);

/**
 * @param path of a file in the repository
 * @returns whether it may rule how packages are made that have no record of it: settings of package managers, compilers
 *   and bundlers, lockfiles, variables, dot-files of any kind
 */
export function governsOthers(path: string): boolean {
  const parts = path.split('/');
  const name = parts.pop()!;
  return (
    NAMES.has(name) || PATTERNS.some((pattern) => pattern.test(name)) || parts.some((part) => DIRECTORIES.has(part))
  );
}
