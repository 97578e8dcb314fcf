import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Zippable, zipSync } from 'fflate';
import { type LocalCloud, startLocalCloud } from '../../lib/local/local-cloud';

/** Runs a program without blocking: the gateway lives in this process. */
export const run = promisify(execFile);

/** A running local cloud for the tests of one file. */
export interface ACloud {
  readonly cloud: LocalCloud;
  /** What any SDK client needs to talk to it. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly forcePathStyle: true;
  };
}

/** Starts a local cloud; stop it after the tests. */
export async function aCloud(name: string): Promise<ACloud> {
  const cloud = await startLocalCloud({ name });
  const credentials = { accessKeyId: cloud.accountId, secretAccessKey: 'local' };
  return { cloud, client: { endpoint: cloud.endpoint, region: cloud.region, credentials, forcePathStyle: true } };
}

/** @returns a zip of text files, as Lambda and CodeBuild take it. */
export const aZip = (files: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])) as Zippable);

/** Asks until the answer is there; the tests' own time limit ends it. */
export async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Time for a machine that is busy with other tests. */
export const PATIENCE = 90_000;
