import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { startGuarded } from '../processes/process-guard';
import { type Buildspec, COMMAND_PHASES, type CommandPhase } from './buildspec';

/** A command that failed. */
export interface CommandError {
  readonly phase: CommandPhase;
  readonly status: number;
  readonly command: string;
}

/** Is called with what happens while the phases run. */
export interface PhaseListener {
  line(text: string): void;
  started(phase: CommandPhase): void;
  failed(error: CommandError): void;
  ended(phase: CommandPhase, status: 'SUCCEEDED' | 'FAILED'): void;
  /** A file of the source directory was written, which is told of if it should not be. */
  wrote(file: string): void;
  exported(name: string, value: string): void;
}

/** Where and with what the phases run. */
export interface PhaseOptions {
  readonly python: string;
  /** The build's own directory, which is removed when the phases have ended. */
  readonly directory: string;
  /** Where the first command starts. */
  readonly source: string;
  readonly env: NodeJS.ProcessEnv;
  /** Whether it is told if the source directory is written to. */
  readonly isSourceReadOnly?: boolean;
}

/** The running phases of a build. */
export interface PhaseRun {
  /** Resolves with `done` when all phases have run, with `killed` when they were ended before. */
  readonly ended: Promise<'done' | 'killed'>;
  /** Resolves when all processes and the build's directory are gone. */
  readonly gone: Promise<unknown>;
  /** Ends the whole process group. */
  stop(): void;
}

/** Runs a buildspec's phases as one guarded process group. */
export async function startPhases(spec: Buildspec, options: PhaseOptions, listener: PhaseListener): Promise<PhaseRun> {
  const work = join(options.directory, 'phases');
  for (const phase of COMMAND_PHASES) {
    const { commands, finally: last, onFailure } = spec.phases[phase];
    await writeCommands(join(work, phase, 'commands'), commands);
    await writeCommands(join(work, phase, 'finally'), last);
    if (onFailure) await writeFile(join(work, phase, 'on-failure'), onFailure);
  }
  if (options.isSourceReadOnly) await writeFile(join(work, 'read-only'), '');
  const mark = randomBytes(12).toString('hex');
  const run = startGuarded(['bash', join(__dirname, 'run-phases.sh'), mark, work, ...spec.exported], {
    python: options.python,
    cwd: options.source,
    env: options.env,
    graceSeconds: 3,
    remove: [options.directory],
  });
  let onDone = () => {};
  const done = new Promise<'done'>((resolve) => {
    onDone = () => resolve('done');
  });
  const commandOf = (file: string) => {
    const [number = '', list = '', phase = ''] = file.split('/').reverse();
    const phaseCommands = spec.phases[phase as CommandPhase];
    return (list === 'finally' ? phaseCommands?.finally : phaseCommands?.commands)?.[Number(number)] ?? file;
  };
  const onEvent = (text: string) => {
    const [kind, subject = '', ...rest] = text.split(' ');
    const phase = subject as CommandPhase;
    if (kind === 'start') listener.started(phase);
    if (kind === 'end') listener.ended(phase, rest[0] as 'SUCCEEDED' | 'FAILED');
    if (kind === 'error')
      listener.failed({ phase, status: Number(rest[0]), command: commandOf(rest.slice(1).join(' ')) });
    if (kind === 'wrote') listener.wrote(Buffer.from(subject, 'base64').toString('utf8'));
    if (kind === 'export') listener.exported(subject, Buffer.from(rest[0] ?? '', 'base64').toString('utf8'));
    if (kind === 'done') onDone();
  };
  // The script sends both of its streams to standard output; only the guard's own failure comes on its error stream.
  run.stderr.on('data', (text: Buffer) => listener.line(text.toString('utf8').trimEnd()));
  const lines = createInterface({ input: run.stdout, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on('line', (line) => {
    const [text = '', event] = line.split(`${mark} `);
    if (text !== '' || event === undefined) listener.line(text);
    if (event !== undefined) onEvent(event);
  });
  const closed = new Promise<void>((resolve) => lines.once('close', () => resolve()));
  const gone = run.ended.then(() => closed);
  // The last line comes before its process ends, and long before the directory is removed.
  const ended = Promise.race([done, gone.then(() => 'killed' as const)]);
  return { ended, gone, stop: () => void run.stop() };
}

async function writeCommands(directory: string, commands: readonly string[]): Promise<void> {
  await mkdir(directory, { recursive: true });
  await Promise.all(
    commands.map((command, index) => writeFile(join(directory, String(index).padStart(4, '0')), `${command}\n`)),
  );
}
