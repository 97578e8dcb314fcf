import type { Definition, Flow, MapState, State } from './definition';
import { expressionsOf, parse } from './expressions';

const LEAVING = ['Assign', 'Output', 'Next', 'End'];
const FAILING = ['Retry', 'Catch'];

/** All fields that the interpreter interprets, by what has them. */
const FIELDS = {
  Definition: ['Comment', 'QueryLanguage', 'TimeoutSeconds', 'StartAt', 'States'],
  ItemProcessor: ['ProcessorConfig', 'StartAt', 'States'],
  ProcessorConfig: ['Mode'],
  Pass: LEAVING,
  Wait: ['Seconds', ...LEAVING],
  Task: ['Resource', 'Arguments', 'HeartbeatSeconds', ...FAILING, ...LEAVING],
  Map: ['Items', 'MaxConcurrency', 'ItemProcessor', ...FAILING, ...LEAVING],
  Choice: ['Choices', 'Default'],
  Succeed: [],
  Fail: ['Error', 'Cause'],
  Rule: ['Condition', 'Next', 'Comment'],
  Retrier: ['ErrorEquals', 'IntervalSeconds', 'MaxAttempts', 'BackoffRate', 'MaxDelaySeconds', 'JitterStrategy'],
  Catcher: ['ErrorEquals', 'Next', 'Assign', 'Output'],
} as const;

/** End of the resources of tasks that are over when somebody says so. */
export const CALLED_BACK = '.waitForTaskToken';

/**
 * Refuses a definition with anything that the interpreter does not interpret, or that Step Functions would refuse too:
 * a state that is not there, an expression that is none, a variable that is set both inside a Map and around it.
 *
 * @throws Error which says where
 */
export function checkDefinition(definition: Definition): void {
  if (checked.has(definition)) return;
  checkFields('the definition', 'Definition', definition);
  if (definition.QueryLanguage !== 'JSONata') throw new Error('a definition without JSONata is not interpreted');
  checkFlow(definition, []);
  checked.add(definition);
}

const checked = new WeakSet<Definition>();

function checkFlow(flow: Flow, outer: readonly string[]): void {
  const states = Object.entries(flow.States);
  const names = states.map(([name]) => name);
  const variables = [...outer, ...states.flatMap(([, state]) => assignedBy(state))];
  for (const name of [flow.StartAt, ...states.flatMap(([, state]) => nextOf(state))]) {
    if (!names.includes(name)) throw new Error(`there is no state "${name}" beside ${JSON.stringify(names)}`);
  }
  for (const [name, state] of states) {
    checkState(name, state);
    const both = assignedBy(state).find((variable) => outer.includes(variable));
    if (both) throw new Error(`state "${name}" sets the variable "${both}", which is set around the Map too`);
    if (state.Type === 'Map') checkProcessor(name, state, variables);
  }
}

function checkState(name: string, state: State): void {
  const where = `state "${name}"`;
  if (!Object.hasOwn(FIELDS, state.Type)) throw new Error(`${where} is of the type "${state.Type}", which is unknown`);
  checkFields(where, state.Type, state, ['Type', 'Comment', 'QueryLanguage']);
  if (state.QueryLanguage === undefined || state.QueryLanguage === 'JSONata') checkWays(where, state);
  else throw new Error(`${where} is not in JSONata`);
  if (state.Type === 'Task' && state.HeartbeatSeconds !== undefined && !state.Resource.endsWith(CALLED_BACK)) {
    throw new Error(`${where} hears no heartbeat, since it does not wait to be called back`);
  }
  if (state.Type === 'Map' && state.Items === undefined) throw new Error(`${where} has no Items`);
  for (const expression of expressionsOf(state.Type === 'Map' ? { ...state, ItemProcessor: null } : state)) {
    parse(expression);
  }
}

function checkWays(where: string, state: State): void {
  if (LEAVING.every((field) => (FIELDS[state.Type] as readonly string[]).includes(field))) {
    const { Next, End } = state as { readonly Next?: string; readonly End?: true };
    if ((Next === undefined) !== (End === true)) throw new Error(`${where} must have either Next or End`);
  }
  if (state.Type === 'Choice') for (const rule of state.Choices) checkFields(where, 'Rule', rule);
  if (state.Type !== 'Task' && state.Type !== 'Map') return;
  for (const retrier of state.Retry ?? []) checkFields(where, 'Retrier', retrier);
  for (const catcher of state.Catch ?? []) checkFields(where, 'Catcher', catcher);
  for (const list of [state.Retry ?? [], state.Catch ?? []]) checkWildcard(where, list);
}

/** "States.ALL" stands alone and last: https://states-language.net/spec.html#errors. */
function checkWildcard(where: string, list: readonly { readonly ErrorEquals: readonly string[] }[]): void {
  list.forEach(({ ErrorEquals }, index) => {
    const isRight = ErrorEquals.length === 1 && index === list.length - 1;
    if (ErrorEquals.includes('States.ALL') && !isRight) throw new Error(`${where}: States.ALL must be alone, and last`);
  });
}

function checkProcessor(name: string, { ItemProcessor }: MapState, variables: readonly string[]): void {
  const { ProcessorConfig: config = {}, ...flow } = ItemProcessor;
  checkFields(`the Map "${name}"`, 'ItemProcessor', flow);
  checkFields(`the Map "${name}"`, 'ProcessorConfig', config);
  if ('Mode' in config && config.Mode !== 'INLINE') throw new Error(`the Map "${name}" is not inline`);
  checkFlow(flow, variables);
}

function checkFields(where: string, kind: keyof typeof FIELDS, object: object, more: readonly string[] = []): void {
  const known: readonly string[] = [...FIELDS[kind], ...more];
  const unknown = Object.keys(object).find((field) => !known.includes(field));
  if (unknown) throw new Error(`${where} has the field "${unknown}", which is not interpreted`);
}

const assignedBy = (state: State): string[] => [
  ...Object.keys(('Assign' in state && state.Assign) || {}),
  ...(('Catch' in state && state.Catch) || []).flatMap(({ Assign = {} }) => Object.keys(Assign)),
];

/** @returns the states that may follow one, also on an error. */
const nextOf = (state: State): readonly string[] =>
  [
    'Next' in state ? state.Next : undefined,
    ...(state.Type === 'Choice' ? [state.Default, ...state.Choices.map(({ Next }) => Next)] : []),
    ...(('Catch' in state && state.Catch) || []).map(({ Next }) => Next),
  ].filter((name) => name !== undefined);
