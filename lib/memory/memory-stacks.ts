import type { StackEvent } from '../core/contracts/stack-event';
import type { StackChange } from '../core/deploy/judge-changes';
import { asTemplate, mapValues, type Resource, type Template } from '../core/template/template';
import { isJsonObject, type Json } from '../core/text/canonical-json';
import type { Artifacts } from '../ports/artifacts';
import type { ForeseenChanges, Stack, StackRequest, Stacks } from '../ports/stacks';
import { type MemoryBuckets, memoryBuckets } from './memory-buckets';
import type { MemoryFunctions } from './memory-functions';
import { memoryStackResources, physicalName, reference, same } from './memory-stack-resources';

/** The stacks of one target in memory, and what else happens to stacks there. */
export interface MemoryStacks extends Stacks {
  /** Makes a stack that none of our operations made, or changes one. Makes no resources. */
  set(name: string, stack: Partial<Stack & { readonly template: Template }>): void;
  /** From now on CloudFormation fails at this resource, for this reason; undefined ends it. */
  fail(logicalId: string, reason: string | undefined): void;
  /** From now on CloudFormation refuses templates with this resource before it touches anything; undefined ends it. */
  refuse(logicalId: string, reason: string | undefined): void;
  /** From now on CloudFormation fails to delete this resource, for this reason; undefined ends it. */
  failDeletion(logicalId: string, reason: string | undefined): void;
  /** Turns termination protection of a stack on or off. */
  protect(name: string, isProtected: boolean): void;
  /** @returns what a stack was given by the operation that it had last. */
  given(name: string): StackRequest | undefined;
  /** @returns the statements that `setPolicy` gave a stack; undefined if there are none */
  policy(name: string): readonly Json[] | undefined;
  /** From now on rollbacks fail as well. */
  failRollbacks(): void;
  /** From now on an operation's events show one by one: each look shows one more. */
  unfoldEvents(): void;
}

interface KnownStack extends Stack {
  readonly template: Template;
  readonly events: readonly (StackEvent & { readonly token: string })[];
  /** Resources that a deletion could not delete, and why; those that it did delete are in no list any more. */
  readonly undeleted?: ReadonlyMap<string, string>;
}

const EMPTY: Template = { Resources: {} };

/**
 * In-memory twin of the port Stacks. It knows functions, their versions and aliases; all other resources are names.
 * Like CloudFormation it compares templates and never looks at what it made: a function updated directly in between is
 * unchanged in its eyes, and a rollback puts back what the previous template says.
 */
export function memoryStacks(
  artifacts: Pick<Artifacts, 'find' | 'readBytes'>,
  functions: MemoryFunctions,
  buckets: MemoryBuckets = memoryBuckets(),
): MemoryStacks {
  const known = new Map<string, KnownStack>();
  const { apply, physicalId } = memoryStackResources(artifacts, functions, buckets);
  const failing = new Map<string, string>();
  const refused = new Map<string, string>();
  const undeletable = new Map<string, string>();
  const protectedOnes = new Set<string>();
  const given = new Map<string, StackRequest>();
  const policies = new Map<string, readonly Json[]>();
  const foreseen = new Map<string, { readonly request: StackRequest; readonly answer: ForeseenChanges }>();
  let rollbacks: 'work' | 'fail' = 'work';
  let shown: number | undefined;
  let counter = 0;

  const protect = (name: string, isProtected: boolean): void => {
    if (isProtected) protectedOnes.add(name);
    else protectedOnes.delete(name);
  };
  const importersOf = (exportName: string): readonly string[] =>
    [...known].filter(([, { template }]) => imports(template, exportName)).map(([name]) => name);

  function teller(name: string, token: string) {
    const events: (StackEvent & { token: string })[] = [];
    const tell = (logicalId: string, type: string, status: string, reason?: string) => {
      counter += 1;
      const time = new Date(1_700_000_000_000 + counter * 1_000).toISOString();
      const ofStack = logicalId === name;
      events.push({ id: String(counter), time, logicalId, type, status, reason, token, ofStack });
    };
    const tellStack = (status: string, reason?: string) => tell(name, 'AWS::CloudFormation::Stack', status, reason);
    return { events, tell, tellStack };
  }

  /** Deletes what can be deleted, in the reverse of the order in which it was made; the stack too if that is all. */
  async function runDeletion(name: string, stack: KnownStack, token: string): Promise<void> {
    const { events, tell, tellStack } = teller(name, token);
    const undeleted = new Map<string, string>();
    const { template } = stack;
    tellStack('DELETE_IN_PROGRESS', 'User Initiated');
    for (const id of remaining(stack).reverse()) {
      const from = template.Resources[id]!;
      if (from.DeletionPolicy === 'Retain') continue;
      try {
        if (undeletable.has(id)) throw new Error(undeletable.get(id));
        await apply(name, id, { from, to: undefined, template });
        tell(id, from.Type, 'DELETE_COMPLETE');
      } catch (error) {
        undeleted.set(id, (error as Error).message);
        tell(id, from.Type, 'DELETE_FAILED', (error as Error).message);
      }
    }
    if (undeleted.size === 0) {
      known.delete(name);
      return;
    }
    tellStack('DELETE_FAILED', `The following resource(s) failed to delete: [${[...undeleted.keys()].join(', ')}].`);
    known.set(name, { ...stack, status: 'DELETE_FAILED', undeleted, events: [...stack.events, ...events] });
  }

  async function run(kind: 'CREATE' | 'UPDATE', before: KnownStack | undefined, request: StackRequest): Promise<void> {
    const { name, token } = request;
    given.set(name, request);
    const { events, tell, tellStack } = teller(name, token);
    const template = await readTemplate(artifacts, request.template);
    const old = before?.template ?? EMPTY;
    const done: string[] = [];
    let failure: string | undefined;

    tellStack(`${kind}_IN_PROGRESS`, 'User Initiated');
    const refusal = Object.keys(template.Resources).find((id) => refused.has(id));
    if (refusal !== undefined) {
      failure = refusal;
      tellStack(`${kind}_FAILED`, 'Validation failed with 1 error(s).');
    }
    const touched = refusal === undefined ? inOrder(template) : [];
    const changed = touched.filter((id) => !same(template.Resources[id], old.Resources[id]));
    for (const id of changed) {
      const type = template.Resources[id]!.Type;
      const verb = old.Resources[id] ? 'UPDATE' : 'CREATE';
      try {
        tell(id, type, `${verb}_IN_PROGRESS`);
        if (failure !== undefined) throw new Error(`Resource ${verb === 'CREATE' ? 'creation' : 'update'} cancelled`);
        if (failing.has(id)) throw new Error(failing.get(id));
        await apply(name, id, { from: old.Resources[id], to: template.Resources[id], template });
        tell(id, type, `${verb}_COMPLETE`);
        done.push(id);
      } catch (error) {
        failure ??= id;
        tell(id, type, `${verb}_FAILED`, (error as Error).message);
      }
    }

    if (failure === undefined) {
      const gone = Object.keys(old.Resources).filter((id) => !template.Resources[id]);
      for (const id of gone) await apply(name, id, { from: old.Resources[id], to: undefined, template: old });
      tellStack(`${kind}_COMPLETE`);
    } else if (request.disableRollback) {
      tellStack(`${kind}_FAILED`, `The following resource(s) failed: [${failure}].`);
    } else {
      const rollback = kind === 'CREATE' ? 'ROLLBACK' : 'UPDATE_ROLLBACK';
      tellStack(`${rollback}_IN_PROGRESS`, `The following resource(s) failed: [${failure}].`);
      if (rollbacks === 'work') {
        for (const id of done.reverse()) {
          const [from, to] = [template.Resources[id], old.Resources[id]];
          await apply(name, id, { from, to, template: to ? old : template });
        }
      }
      tellStack(`${rollback}_${rollbacks === 'work' ? 'COMPLETE' : 'FAILED'}`);
    }
    const [outputs, exports] = [resolvedOutputs(name, template), exportsOf(template)];
    const after = { tags: request.tags, outputs, exports, template };
    known.set(name, {
      ...(failure === undefined ? after : { tags: request.tags, outputs: {}, exports: [], template: EMPTY, ...before }),
      status: events.at(-1)!.status,
      events: [...(before?.events ?? []), ...events],
    });
    shown = shown === undefined ? undefined : 0;
  }

  return {
    set: (name, stack) => {
      const before = known.get(name);
      known.set(name, {
        status: 'UPDATE_COMPLETE',
        tags: {},
        outputs: {},
        exports: [],
        template: EMPTY,
        events: [],
        ...before,
        ...stack,
      });
    },
    fail: (logicalId, reason) => {
      if (reason === undefined) failing.delete(logicalId);
      else failing.set(logicalId, reason);
    },
    refuse: (logicalId, reason) => {
      if (reason === undefined) refused.delete(logicalId);
      else refused.set(logicalId, reason);
    },
    failDeletion: (logicalId, reason) => {
      if (reason === undefined) undeletable.delete(logicalId);
      else undeletable.set(logicalId, reason);
    },
    protect,
    given: (name) => given.get(name),
    policy: (name) => policies.get(name),
    failRollbacks: () => {
      rollbacks = 'fail';
    },
    unfoldEvents: () => {
      shown = 0;
    },

    describe: async (name) => {
      const stack = known.get(name);
      return stack && { ...stack, isProtected: protectedOnes.has(name) };
    },
    create: async (request) => {
      if (known.get(request.name)?.events.some(({ token }) => token === request.token)) return 'started';
      if (known.has(request.name)) return 'exists';
      if (request.terminationProtection) protect(request.name, true);
      await run('CREATE', undefined, request);
      return 'started';
    },
    update: async (request) => {
      const before = known.get(request.name);
      if (!before) throw new Error(`Stack [${request.name}] does not exist`);
      if (before.events.some(({ token }) => token === request.token)) return 'started';
      const template = await readTemplate(artifacts, request.template);
      if (same(template, before.template) && same(request.tags, before.tags)) return 'unchanged';
      await run('UPDATE', before, request);
      return 'started';
    },
    foresee: async (request) => {
      const { name, template, token } = request;
      const before = known.get(name);
      if (!before) throw new Error(`Stack [${name}] does not exist`);
      const next = await readTemplate(artifacts, template);
      const refusal = Object.keys(next.Resources).find((id) => refused.has(id));
      const isUnchanged = same(next, before.template) && same(request.tags, before.tags);
      foreseen.set(`${name} ${token}`, {
        request,
        answer:
          refusal === undefined
            ? { status: 'foreseen', changes: changesBetween(name, before.template, next), isUnchanged }
            : { status: 'refused', reason: `Validation failed: ${refused.get(refusal)}` },
      });
    },
    foreseen: async ({ name, token }) => {
      const found = foreseen.get(`${name} ${token}`);
      if (!found) throw new Error(`ChangeSet [${token}] does not exist`);
      return found.answer;
    },
    doForeseen: async ({ name, token }) => {
      const before = known.get(name);
      if (before?.events.some((event) => event.token === token)) return;
      const found = foreseen.get(`${name} ${token}`);
      if (found?.answer.status !== 'foreseen') throw new Error(`ChangeSet [${token}] cannot be executed`);
      foreseen.delete(`${name} ${token}`);
      await run('UPDATE', before, found.request);
    },
    setPolicy: async (name, policy) => void policies.set(name, policy),
    setProtection: async (name, isProtected) => protect(name, isProtected),

    forgetForeseen: async ({ name, token }) => void foreseen.delete(`${name} ${token}`),
    cancelUpdate: async (name) => {
      const stack = known.get(name);
      if (stack?.status !== 'UPDATE_IN_PROGRESS') return 'not-updating';
      known.set(name, { ...stack, status: 'UPDATE_ROLLBACK_IN_PROGRESS' });
      return 'rolls-back';
    },
    delete: async (name, { token }) => {
      if (protectedOnes.has(name)) return 'protected';
      const stack = known.get(name);
      if (!stack || stack.events.some((event) => event.token === token)) return 'started';
      const kept = stack.exports.find((one) => importersOf(one).length > 0);
      if (kept === undefined) await runDeletion(name, stack, token);
      else known.set(name, { ...stack, statusReason: inUse(kept, importersOf(kept)) });
      return 'started';
    },
    importers: async (exportName) => importersOf(exportName),
    inProgress: async () =>
      new Set([...known].filter(([, { status }]) => status.endsWith('_IN_PROGRESS')).map(([name]) => name)),
    events: async (name, token, after) => {
      const ours = known.get(name)?.events.filter((event) => event.token === token);
      if (shown !== undefined) shown += 1;
      const visible = ours?.slice(0, shown);
      return visible?.slice(visible.findIndex(({ id }) => id === after) + 1);
    },
    validationErrors: async () =>
      [...refused].map(([logicalId, reason]) => ({
        id: `${logicalId}-validation`,
        time: new Date(0).toISOString(),
        logicalId,
        type: 'AWS::S3::Bucket',
        status: 'FAILED',
        reason,
        ofStack: false,
      })),
    template: async (name) => known.get(name)?.template,
    functionNames: async (name) =>
      Object.fromEntries(
        Object.entries(known.get(name)?.template.Resources ?? {})
          .filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
          .map(([id, resource]) => [id, physicalName(name, id, resource)]),
      ),
    physicalIds: async (name) =>
      mapValues(known.get(name)?.template.Resources ?? {}, (resource, id) => physicalName(name, id, resource)),
    resources: async (name) => {
      const stack = known.get(name);
      if (!stack) return [];
      return remaining(stack).map((logicalId) => {
        const resource = stack.template.Resources[logicalId]!;
        const reason = stack.undeleted?.get(logicalId);
        const status = reason === undefined ? 'CREATE_COMPLETE' : 'DELETE_FAILED';
        const physical = physicalId(name, logicalId, resource);
        return { logicalId, type: resource.Type, physicalId: physical, status, reason };
      });
    },
  };
}

/** Why CloudFormation accepts a deletion and does not begin it. */
const inUse = (exportName: string, importers: readonly string[]): string =>
  `Export ${exportName} cannot be deleted as it is in use by ${importers.join(' and ')}`;

/** Names that are computed are not known here, neither of exports nor of imports. */
const exportsOf = ({ Outputs }: Template): readonly string[] =>
  Object.values(Outputs ?? {}).flatMap(({ Export }) =>
    isJsonObject(Export) && typeof Export.Name === 'string' ? [Export.Name] : [],
  );

const imports = (part: unknown, exportName: string): boolean =>
  typeof part === 'object' &&
  part !== null &&
  Object.entries(part).some(
    ([key, value]) => (key === 'Fn::ImportValue' && value === exportName) || imports(value, exportName),
  );

/**
 * What of a resource can only be given as it is made, as far as tests need it. Of a table's key CloudFormation only
 * knows as it goes.
 */
const CREATE_ONLY: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::Table': ['TableName'],
  'AWS::Lambda::Function': ['FunctionName'],
  'AWS::Lambda::Permission': ['FunctionName'],
  'AWS::Lambda::Url': ['TargetFunctionArn', 'Qualifier'],
  'AWS::S3::Bucket': ['BucketName'],
};

function changesBetween(stack: string, current: Template, next: Template): readonly StackChange[] {
  return Object.entries(current.Resources).flatMap(([logicalId, from]): StackChange[] => {
    const to = next.Resources[logicalId];
    if (same(from, to)) return [];
    const differs = (name: string) => !same(from.Properties?.[name], to?.Properties?.[name]);
    const isNew = (CREATE_ONLY[from.Type] ?? []).some(differs);
    const replaced = !to ? 'no' : isNew ? 'yes' : differs('KeySchema') ? 'maybe' : 'no';
    return [{ logicalId, type: from.Type, physicalId: physicalName(stack, logicalId, from), removed: !to, replaced }];
  });
}

/** What a deletion has left of a stack's resources: all, if there was none. */
const remaining = ({ template, undeleted }: KnownStack): string[] =>
  inOrder(template).filter((id) => undeleted?.has(id) ?? true);

/** Functions first, then what is made of them. */
const inOrder = ({ Resources }: Template): string[] => {
  const rank = ({ Type }: Resource) =>
    ['AWS::Lambda::Function', 'AWS::Lambda::Version', 'AWS::Lambda::Alias'].indexOf(Type);
  return Object.entries(Resources)
    .sort(([, a], [, b]) => ((rank(a) + 4) % 4) - ((rank(b) + 4) % 4))
    .map(([id]) => id);
};

const resolvedOutputs = (stack: string, { Outputs, Resources }: Template): Record<string, string> =>
  Object.fromEntries(
    Object.entries(Outputs ?? {}).map(([name, { Value }]) => {
      const id = reference(Value);
      return [name, id && Resources[id] ? physicalName(stack, id, Resources[id]) : String(Value)];
    }),
  );

async function readTemplate(artifacts: Pick<Artifacts, 'readBytes'>, key: string): Promise<Template> {
  const bytes = await artifacts.readBytes(key);
  if (!bytes) throw new Error(`there is no template ${key}`);
  return asTemplate(JSON.parse(Buffer.from(bytes).toString('utf8')));
}
