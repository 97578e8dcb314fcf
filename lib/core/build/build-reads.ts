import * as z from 'zod';
import { useInstead } from '../text/nearest';

/** A kind of thing that builds can be allowed to read: how its names are written, and an example. */
interface Kind {
  readonly name: RegExp;
  readonly example: string;
}

/**
 * A `*` stands only at the end: what is granted shows in its beginning. No name may hold a variable of IAM (`${…}`),
 * or a character that IAM takes in no policy: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
 */
const KINDS = {
  ssm: { name: /^:\/?[\w.-]+(\/[\w.-]+)*(\/?\*)?$/, example: 'ssm:/shop/prod/*' },
  secretsmanager: { name: /^:[\w/+=.@-]+\*?$/, example: 'secretsmanager:shop/database' },
  s3: {
    name: /^:[a-z\d][a-z\d.-]{1,61}[a-z\d]\/([!#%-)+->@-[\]-z|~\u00A1-\u00FF]+\*?|\*)$/,
    example: 's3:shop-settings/prod/*',
  },
  cloudformation: { name: /^(:[A-Za-z][A-Za-z\d-]*\*?)?$/, example: 'cloudformation:shop-network-*' },
  codeartifact: { name: /^:[a-z][a-z\d-]*[a-z\d]\/([A-Za-z\d][\w.-]*|\*)$/, example: 'codeartifact:acme/npm' },
} as const satisfies Record<string, Kind>;
export type ReadKind = keyof typeof KINDS;
const KIND_NAMES = Object.keys(KINDS) as ReadKind[];

/** What `BuildRead` takes. */
export const READ_PATTERN = new RegExp(
  `^(${KIND_NAMES.map((kind) => `${kind}${KINDS[kind].name.source.slice(1, -1)}`).join('|')})$`,
);

/**
 * Something in a stage's account that its builds may read, by kind and name: `ssm:/shop/prod/*`,
 * `secretsmanager:NAME`, `s3:BUCKET/KEY`, `cloudformation` (all stacks) or `cloudformation:STACK`,
 * `codeartifact:DOMAIN/REPOSITORY`. A `*` at the end stands for anything.
 */
export const BuildRead = z.string({ error: describeProblem }).regex(READ_PATTERN, { error: describeProblem });

function describeProblem({ input }: { readonly input?: unknown }): string {
  if (typeof input !== 'string') return 'write what builds may read, such as "ssm:/shop/prod/*"';
  const [kind] = input.split(':') as [string];
  if (kind === 'iam') return ', but builds have no rights over IAM; remove it';
  if (input === 'cloudformation:*') return ', but all stacks are written without a name; write "cloudformation"';
  if (Object.hasOwn(KINDS, kind)) {
    return `, which names nothing that a build could read; write it like "${KINDS[kind as ReadKind].example}"`;
  }
  const hint = useInstead(kind, KIND_NAMES);
  return `, which is no kind of thing that a build could read; ${hint}`;
}

/** One thing to read, taken apart. */
export interface ParsedRead {
  readonly kind: ReadKind;
  /** Without the `*` at its end; empty if all things of the kind are meant. */
  readonly name: string;
  /** Whether everything is meant that begins with the name. */
  readonly isPrefix: boolean;
}

/** @param read as `BuildRead` takes it */
export function parseRead(read: string): ParsedRead {
  const [kind] = read.split(':') as [ReadKind];
  const name = read.slice(kind.length + 1);
  const isPrefix = name.endsWith('*') || name === '';
  return { kind, name: isPrefix ? name.replace(/\*$/, '') : name, isPrefix };
}

/** @returns how a reading of some kind is written; undefined if there is no such kind. */
export const exampleOf = (kind: string): string | undefined =>
  Object.hasOwn(KINDS, kind) ? KINDS[kind as ReadKind].example : undefined;
