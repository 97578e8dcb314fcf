import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ensureVenv } from '../../lib/local/emulator/python-venv';
import { CASES, type Case, CHILD, definitionOf } from '../state-machines/cases';
import type { Definition } from '../state-machines/definition';
import { ownDefinitions } from '../state-machines/definitions';
import { comparable, interpretScenario, type Outcome } from '../state-machines/interpret-scenario';
import { answerOf, impatient, inputOf, SCENARIOS, WORKERS } from '../state-machines/stubs';

const DIRECTORY = join(__dirname, '../state-machines');

/** How moto tells what became of an execution. */
type Told = { readonly status: string; readonly enters: readonly string[] } & Readonly<Record<string, unknown>>;

const cases = CASES.map((given, index) => ({ ...given, id: `case-${index}` }));
const definitions: Readonly<Record<string, Definition>> = {
  Child: CHILD,
  ...Object.fromEntries(cases.map((given) => [given.id, definitionOf(given)])),
  ...impatient(ownDefinitions()),
};
const executions = [
  ...cases.map(({ id, input = null }) => ({ name: id, machine: id, input })),
  ...Object.entries(SCENARIOS).map(([name, { machine }]) => ({ name, machine, input: inputOf(name) })),
];

/** @returns what became of them all, by the names of the executions */
async function runInMoto(): Promise<Readonly<Record<string, Outcome>>> {
  const python = await ensureVenv({
    directory: join(__dirname, '../../.seedbed/moto-venv'),
    requirements: join(DIRECTORY, 'requirements.txt'),
  });
  const answers = Object.fromEntries(
    WORKERS.map((worker) => [
      worker,
      Object.fromEntries(Object.keys(SCENARIOS).map((name) => [name, answerOf(worker, name)])),
    ]),
  );
  const runner = spawn(python, ['-I', join(DIRECTORY, 'run_in_moto.py')]);
  const unwatched = Object.keys(SCENARIOS).filter((name) => SCENARIOS[name]!.isUnwatched);
  runner.stdin.end(JSON.stringify({ definitions, answers, unwatched, executions }));
  const [answer, errors] = await Promise.all([text(runner.stdout), text(runner.stderr), once(runner, 'close')]);
  if (runner.exitCode !== 0) throw new Error(`moto's interpreter does not run: ${errors}`);
  const all: readonly Told[] = JSON.parse(answer);
  return Object.fromEntries(
    all.map(({ status: _, enters, ...ends }, index) => {
      const { name, machine } = executions[index]!;
      return [name, { ends, enters: enters.filter((state) => Object.hasOwn(definitions[machine]!.States, state)) }];
    }),
  );
}

/**
 * The third interpreter, which knows nothing of the other two: moto's, see run_in_moto.py. It and the emulator evaluate
 * JSONata with the same library; the tests' own has another.
 */
describe('the interpreter of the tests and that of moto', () => {
  let outcomes: Awaited<ReturnType<typeof runInMoto>>;
  beforeAll(async () => {
    outcomes = await runInMoto();
  });
  const asOnAws = ({ ends, enters }: Case) => ({ ends, enters });

  it.each(cases.filter(({ notInMoto }) => !notInMoto))('agree: $name', (given) => {
    expect(outcomes[given.id]).toMatchObject(asOnAws(given));
  });

  it.each(cases.filter(({ notInMoto }) => notInMoto))('differ: $name. Moto $notInMoto', (given) => {
    expect(outcomes[given.id]).toBeDefined();
    expect(outcomes[given.id]).not.toMatchObject(asOnAws(given));
  });

  it.each(Object.keys(SCENARIOS))('agree on our own definitions, over stubs of the workers: %s', async (scenario) => {
    const ours = comparable(await interpretScenario(scenario));
    expect(ours.enters.length).toBeGreaterThan(2);
    expect(comparable(outcomes[scenario]!)).toEqual(ours);
  });
});
