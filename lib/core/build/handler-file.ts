/** Whether a bundle holds the file that a function's handler names. */
export type HandlerFile =
  /** It does, or the runtime looks for no such file (Java, .NET). */
  | { readonly kind: 'found' }
  /** No file would do: the handler is none that the runtime can read. */
  | { readonly kind: 'malformed'; readonly why: string }
  /** `expected` are the names under which the runtime looks for it, the usual one first. */
  | { readonly kind: 'missing'; readonly expected: readonly string[] };

/** Where a runtime looks: the first paths are those that people write, `others` what it would take besides. */
interface Places {
  readonly expected: readonly string[];
  readonly others: readonly RegExp[];
}

/**
 * Looks for a handler's file as Lambda's runtimes do. Node.js: `UserFunction.js` of
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client, Python: `_get_handler` of
 * https://github.com/aws/aws-lambda-python-runtime-interface-client, Ruby: `require` of
 * https://github.com/aws/aws-lambda-ruby-runtime-interface-client, custom runtimes:
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html. TypeScript does not count: Node.js does not run it
 * natively (https://docs.aws.amazon.com/lambda/latest/dg/lambda-typescript.html).
 *
 * @param paths of all entries of the bundle
 */
export function findHandlerFile(
  { runtime, handler }: { readonly runtime: string; readonly handler: string },
  paths: ReadonlySet<string>,
): HandlerFile {
  const places = placesOf(runtime, handler);
  if (places === undefined) return { kind: 'found' };
  if ('why' in places) return { kind: 'malformed', why: places.why };
  const { expected, others } = places;
  const isThere =
    expected.some((path) => paths.has(path) || isBelowLink(path, paths)) ||
    others.some((other) => [...paths].some((path) => other.test(path)));
  return isThere ? { kind: 'found' } : { kind: 'missing', expected };
}

/** An entry in the place of a directory is a symbolic link to one. */
const isBelowLink = (path: string, paths: ReadonlySet<string>): boolean =>
  [...path.matchAll(/\//g)].some(({ index }) => paths.has(path.slice(0, index)));

function placesOf(runtime: string, handler: string): Places | { readonly why: string } | undefined {
  if (/^provided/.test(runtime)) return { expected: ['bootstrap'], others: [] };
  const read = { nodejs: ofNode, python: ofPython, ruby: ofRuby }[/^(nodejs|python|ruby)/.exec(runtime)?.[1] ?? ''];
  return read?.(handler);
}

const NO_DOTS = 'no handler of Lambda may have ".."; write the path from the root of the bundle';
const NO_FUNCTION = 'it names no function; write "path/to/file.function"';

function ofNode(handler: string): Places | { readonly why: string } {
  if (handler.includes('..')) return { why: NO_DOTS };
  const [, directory = '', name] = /^(.*\/)?([^/.]*)\.[^/]*$/.exec(inTask(handler)) ?? [];
  if (name === undefined) return { why: NO_FUNCTION };
  const file = `${directory}${name}`;
  // Without a directory's own file, `require` finds what is in it, or a package of that name.
  const inside = new RegExp(`^(${escaped(file)}/|(${escaped(directory)})?node_modules/${escaped(name)}[/.])`);
  return { expected: [`${file}.js`, `${file}.mjs`, `${file}.cjs`], others: [inside, exactly(file)] };
}

function ofPython(handler: string): Places | { readonly why: string } {
  if (handler.includes('..')) return { why: NO_DOTS };
  const [, name] = /^(.*)\.[^.]*$/.exec(handler) ?? [];
  if (name === undefined) return { why: NO_FUNCTION };
  if (name.startsWith('.')) return { why: 'Python takes "./" for a relative import; write the handler without it' };
  const module = inTask(name).replaceAll('.', '/');
  const compiled = new RegExp(`^${escaped(module)}(/__init__)?\\.([^/]*\\.)?(pyc|so)$`);
  return { expected: [`${module}.py`, `${module}/__init__.py`], others: [compiled] };
}

function ofRuby(handler: string): Places | { readonly why: string } {
  if (handler.includes('..')) return { why: NO_DOTS };
  const [, file] = /^([^.]*)\.[^.]+(\.[^.]+)?$/.exec(inTask(handler)) ?? [];
  return file === undefined ? { why: NO_FUNCTION } : { expected: [`${file}.rb`], others: [exactly(`${file}.so`)] };
}

/** Bundles are unpacked into `/var/task`. */
const inTask = (path: string): string => path.replace(/^(\/var\/task\/|(\.\/)+)/, '');

const exactly = (path: string): RegExp => new RegExp(`^${escaped(path)}$`);

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&');
