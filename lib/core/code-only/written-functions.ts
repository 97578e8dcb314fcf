import * as z from 'zod';
import { Architecture, DEFAULT_ARCHITECTURE } from '../contracts/architecture';
import { toServicePath } from '../contracts/service-path';
import { type ConfigProblem, keyText, type Place } from '../text/place';
import { FUNCTION_PATTERN } from './function-pattern';

const NAME =
  'write the name of a function, such as "orders-${stage}", or a pattern with one "*", such as "shop-${stage}-*"';
const DIRECTORY = 'write the path of a directory, from the directory of the service';
const ZIP = 'write the path of a zip, from the directory of the service';

/** A function that something else has made, as seed.yml names it. */
export const WrittenFunction = z.strictObject(
  {
    name: z
      .string(NAME)
      .regex(FUNCTION_PATTERN, NAME)
      .describe(
        'Name of the function, in which `${stage}` is the stage; `*` stands for what `*` of the path stands for.',
      ),
    directory: z
      .string(DIRECTORY)
      .min(1, DIRECTORY)
      .optional()
      .describe(
        'What is zipped: a directory, from that of the service; `*` in its last part is one for each function.',
      ),
    zip: z
      .string(ZIP)
      .regex(/\.zip$/, ZIP)
      .optional()
      .describe('Instead of `directory`, a zip that is there, or that `build` makes.'),
    build: z
      .string('write a command, such as "npm run build"')
      .min(1)
      .optional()
      .describe('Command that makes it, run in the directory of the service; the same one of several functions once.'),
    runtime: z
      .string('write the runtime of the function, such as nodejs22.x')
      .min(1)
      .describe('The runtime that the code is for; a function with another one is left alone.'),
    architecture: z
      .enum(Architecture.options, 'write x86_64 or arm64')
      .default(DEFAULT_ARCHITECTURE)
      .describe(
        'What the code is built for, `x86_64` or `arm64`; a function with another one is left alone. `x86_64` unless given.',
      ),
    handler: z
      .string('write the handler of the function, such as index.handler')
      .min(1)
      .optional()
      .describe(
        'The handler of the function: its file has to be in the code, and a function with another one is left alone.',
      ),
  },
  'write a map with name, directory or zip, and runtime',
);
export type WrittenFunction = z.output<typeof WrittenFunction>;

const SERVICES = 'write a map of directories to lists of functions, such as "functions/orders: [{ name: … }]"';

/** `code_only` of seed.yml: by the directory of the service, its functions. */
export const CodeOnly = z.record(
  z.string(),
  z.array(WrittenFunction, 'write a list of functions').min(1, 'list a function, or remove the service'),
  SERVICES,
);
export type CodeOnly = z.output<typeof CodeOnly>;

const KEY = 'code_only';

/** @returns what is wrong with `code_only` of seed.yml although each of its keys has a form that is right. */
export function problemsOfCodeOnly(services: CodeOnly): readonly ConfigProblem[] {
  const functions = Object.entries(services).flatMap(([path, list]) =>
    list.map((one, index) => ({ ...one, path, place: [KEY, path, index] as Place })),
  );
  const seen = new Map<string, { readonly path: string; readonly place: Place }>();
  const paths = Object.keys(services).flatMap((path): ConfigProblem[] =>
    toServicePath(path) === undefined
      ? [
          {
            place: [KEY, path],
            message: `"${keyText([KEY, path])}" is not a directory of the repository; write its path from the repository's root, without white space`,
          },
        ]
      : [],
  );
  return [
    ...paths,
    ...functions.flatMap((one) => {
      const earlier = seen.get(one.name);
      seen.set(one.name, one);
      return [...problemsOf(one), ...(earlier ? [twice(one, earlier.place)] : [])];
    }),
  ];
}

function problemsOf({ name, directory, zip, place }: WrittenFunction & { readonly place: Place }): ConfigProblem[] {
  const problem = (message: string): ConfigProblem => ({ place, message: `"${keyText(place)}" ${message}` });
  if ((directory === undefined) === (zip === undefined)) {
    const which = zip === undefined ? 'neither "directory" nor' : 'both "directory" and';
    return [problem(`has ${which} "zip"; write one of the two`)];
  }
  const [starsInName, starsInPath] = [name, directory ?? zip!].map((text) => text.split('*').length - 1);
  if (starsInName! > 1 || starsInPath! > 1) return [problem('has more than one "*" in a name or path; write one')];
  if (starsInName !== starsInPath) {
    return [problem('has "*" in only one of name and path; what it stands for in the path is what it is in the name')];
  }
  return [];
}

const twice = ({ name, place }: { readonly name: string; readonly place: Place }, earlier: Place): ConfigProblem => ({
  place,
  message: `"${keyText(place)}" is function "${name}", which "${keyText(earlier)}" is already; remove one of the two`,
});
