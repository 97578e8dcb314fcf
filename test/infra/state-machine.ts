import type { Template } from 'aws-cdk-lib/assertions';

/** One state, as far as the tests look at it. */
export interface State {
  readonly Type: string;
  readonly Comment?: string;
  readonly Resource?: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly End?: boolean;
  readonly Retry?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly JitterStrategy?: string;
    readonly IntervalSeconds?: number;
    readonly BackoffRate?: number;
    readonly MaxAttempts?: number;
    readonly MaxDelaySeconds?: number;
  }[];
  readonly Catch?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly Next: string;
    readonly Assign?: object;
  }[];
  readonly Choices?: readonly { readonly Next: string }[];
  readonly ItemProcessor?: Machine;
  readonly HeartbeatSeconds?: number;
  readonly Assign?: object;
}
export interface Machine {
  readonly TimeoutSeconds?: number;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** @returns the definition of a state machine of a template, with what is only known on deployment as `<token>`. */
export function stateMachine(template: Template, name: string): Machine {
  const [found] = Object.values(
    template.findResources('AWS::StepFunctions::StateMachine', { Properties: { StateMachineName: name } }),
  );
  const definition = found!.Properties.DefinitionString;
  const text: string =
    typeof definition === 'string'
      ? definition
      : definition['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : '<token>')).join('');
  return JSON.parse(text);
}

/** @returns all states by name, those within Maps too. */
export const allStates = (machine: Machine): [string, State][] =>
  Object.entries(machine.States).flatMap(([name, state]) => [
    [name, state] as [string, State],
    ...(state.ItemProcessor ? allStates(state.ItemProcessor) : []),
  ]);

/** @returns the states that may follow one, also on an error. */
export const successors = (state: State): string[] =>
  [
    state.Next,
    state.Default,
    ...(state.Choices ?? []).map((choice) => choice.Next),
    ...(state.Catch ?? []).map((caught) => caught.Next),
  ].filter((name) => name !== undefined);

/** @returns the states that wait to be called back, each with the state that waits where it is not. */
export const watchedWaits = ({ States }: Machine): [string, State, State][] =>
  Object.entries(States).flatMap(([name, state]) =>
    state.Resource?.endsWith('.waitForTaskToken') ? [[name, state, States[aloneOf(name)]!]] : [],
  );

const aloneOf = (name: string): string => `${name} without watcher`;

/** @returns where a state goes on which errors; one that waits to be called back as the one that waits in its place. */
export const onErrorIn =
  ({ States }: Machine) =>
  (name: string) =>
    (States[aloneOf(name)] ?? States[name]!).Catch?.map(({ ErrorEquals, Next }) => [ErrorEquals, Next]);
