import type { StackEvent } from '../core/stack-event';
import { asTemplate, mapValues, type Resource, type Template } from '../core/template/template';
import type { Artifacts } from '../ports/artifacts';
import type { Stack, StackRequest, Stacks } from '../ports/stacks';
import type { MemoryFunctions } from './memory-functions';
import { memoryStackResources, physicalName, reference, same } from './memory-stack-resources';

/** The stacks of one target in memory, and what else happens to stacks there. */
export interface MemoryStacks extends Stacks {
  /** Makes a stack that is there without an operation of ours, or changes what is known of one. It makes no resources. */
  set(name: string, stack: Partial<Stack & { readonly template: Template }>): void;
  /** From now on CloudFormation fails at this resource, for this reason; undefined ends it. */
  fail(logicalId: string, reason: string | undefined): void;
  /** From now on CloudFormation refuses templates with this resource before it touches anything; undefined ends it. */
  refuse(logicalId: string, reason: string | undefined): void;
  /** From now on rollbacks fail as well. */
  failRollbacks(): void;
  /** From now on an operation's events show one by one: each look shows one more. */
  unfoldEvents(): void;
}

interface KnownStack extends Stack {
  readonly template: Template;
  readonly events: readonly (StackEvent & { readonly token: string })[];
}

const EMPTY: Template = { Resources: {} };

/**
 * In-memory twin of the port Stacks. It knows functions, their versions and aliases; all other resources are names. Like
 * CloudFormation it compares templates and never looks at what it made: a function updated directly in between is
 * unchanged in its eyes, and a rollback puts back what the previous template says.
 */
export function memoryStacks(
  artifacts: Pick<Artifacts, 'find' | 'readBytes'>,
  functions: MemoryFunctions,
): MemoryStacks {
  const known = new Map<string, KnownStack>();
  const { apply } = memoryStackResources(artifacts, functions);
  const failing = new Map<string, string>();
  const refused = new Map<string, string>();
  let rollbacks: 'work' | 'fail' = 'work';
  let shown: number | undefined;
  let counter = 0;

  async function run(kind: 'CREATE' | 'UPDATE', before: KnownStack | undefined, request: StackRequest): Promise<void> {
    const { name, token } = request;
    const events: (StackEvent & { token: string })[] = [];
    const tell = (logicalId: string, type: string, status: string, reason?: string) => {
      counter += 1;
      const time = new Date(1_700_000_000_000 + counter * 1_000).toISOString();
      events.push({
        id: String(counter),
        time,
        logicalId,
        type,
        status,
        reason,
        token,
        ofStack: logicalId === name,
      });
    };
    const tellStack = (status: string, reason?: string) => tell(name, 'AWS::CloudFormation::Stack', status, reason);
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
    const after = { tags: request.tags, outputs: resolvedOutputs(name, template), template };
    known.set(name, {
      ...(failure === undefined ? after : { tags: request.tags, outputs: {}, template: EMPTY, ...before }),
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
    failRollbacks: () => {
      rollbacks = 'fail';
    },
    unfoldEvents: () => {
      shown = 0;
    },

    describe: async (name) => known.get(name),
    create: async (request) => {
      if (known.get(request.name)?.events.some(({ token }) => token === request.token)) return 'started';
      if (known.has(request.name)) return 'exists';
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
    delete: async (name) => {
      known.delete(name);
    },
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
  };
}

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
