import { setTimeout as pause } from 'node:timers/promises';
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  GetFunctionCommand,
  LambdaClient,
  TooManyRequestsException,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { answering } from '../test/e2e/a-service';
import type { PacedCloud } from './pace-app';
import { A_SECOND, BURST } from './pace-limit';

/** At the least, a changed function is looked at so often, in milliseconds. */
const LOOK_MS = 100;
const AT_ONCE = 20;

/**
 * What a bare script takes that publishes new code and moves aliases, as fast as Lambda's bucket lets it, with no
 * safety at all: nobody can be faster. It has functions of its own, as many as are asked for.
 */
export class Floor {
  readonly #lambda: LambdaClient;
  #made = 0;
  #version = 0;

  constructor(private readonly at: PacedCloud) {
    const { endpoint, region, root: credentials } = at.cloud;
    // Whoever is refused takes his turn again; the client's own pauses would only be longer.
    this.#lambda = new LambdaClient({ endpoint, region, credentials, maxAttempts: 1 });
  }

  /** @returns how long it takes to bring new code to so many functions and their aliases, in milliseconds. */
  async measure(functions: number): Promise<number> {
    await this.#make(functions);
    this.#version += 1;
    const ZipFile = zipOf(`version ${this.#version}`);
    return this.at.atPace(async () => {
      const begun = performance.now();
      const turn = turns(begun);
      await Promise.all(Array.from({ length: functions }, (_, index) => this.#bring(nameAt(index), ZipFile, turn)));
      return performance.now() - begun;
    });
  }

  async #bring(FunctionName: string, ZipFile: Uint8Array, turn: Turn): Promise<void> {
    const update = new UpdateFunctionCodeCommand({ FunctionName, ZipFile, Publish: true });
    const { Version } = await inTurn(turn, () => this.#lambda.send(update));
    const begun = performance.now();
    for (;;) {
      await pause(performance.now() - begun < 1000 ? 1000 : LOOK_MS); // a function takes a second
      const read = new GetFunctionCommand({ FunctionName, Qualifier: Version });
      const found = await this.#lambda.send(read).catch(unlessRefused);
      if (found?.Configuration?.State === 'Active') break;
    }
    const move = new UpdateAliasCommand({ FunctionName, Name: 'live', FunctionVersion: Version });
    await inTurn(turn, () => this.#lambda.send(move));
  }

  async #make(functions: number): Promise<void> {
    const missing = Array.from({ length: Math.max(0, functions - this.#made) }, (_, index) =>
      nameAt(this.#made + index),
    );
    this.#made = Math.max(functions, this.#made);
    const ZipFile = zipOf('version 0');
    for (let from = 0; from < missing.length; from += AT_ONCE) {
      const some = missing.slice(from, from + AT_ONCE);
      await Promise.all(some.map((FunctionName) => this.#lambda.send(this.#creation(FunctionName, ZipFile))));
      for (const FunctionName of some) {
        const alias = { FunctionName, Name: 'live', FunctionVersion: '1' };
        while (!(await this.#lambda.send(new CreateAliasCommand(alias)).catch(() => undefined))) await pause(LOOK_MS);
      }
    }
  }

  #creation(FunctionName: string, ZipFile: Uint8Array): CreateFunctionCommand {
    return new CreateFunctionCommand({
      FunctionName,
      Runtime: 'nodejs20.x',
      Handler: 'index.handler',
      Role: this.at.role,
      Code: { ZipFile },
      Publish: true,
    });
  }
}

const nameAt = (index: number): string => `floor-${index}`;
const zipOf = (text: string): Uint8Array => zipSync({ 'index.js': Buffer.from(answering(text)) });

/** Resolves when a call may be made. */
type Turn = () => Promise<void>;

/** @returns turns as the bucket gives tokens: a burst, and then so many a second. */
function turns(begun: number): Turn {
  let taken = 0;
  return async () => {
    const at = begun + Math.max(0, ((taken - BURST + 1) / A_SECOND) * 1000);
    taken += 1;
    await pause(at - performance.now());
  };
}

/** Makes a call in its turn, and if it is refused all the same, in another. */
async function inTurn<T>(turn: Turn, call: () => Promise<T>): Promise<T> {
  for (;;) {
    await turn();
    const answer = await call().catch(unlessRefused);
    if (answer !== undefined) return answer;
  }
}

function unlessRefused(error: unknown): undefined {
  if (!(error instanceof TooManyRequestsException)) throw error;
}
