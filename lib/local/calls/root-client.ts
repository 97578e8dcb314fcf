import type { Credentials } from '../processes/environments';
import { asRoot } from './authorize';
import { EmulatorClient } from './emulator-client';

/** A local cloud, which may run in another process. */
export interface LocalRoot {
  readonly endpoint: string;
  /** Of the root of one of its accounts; the roots of all others have the same secret. */
  readonly root: Credentials;
}

/** @returns a client that calls a local cloud as the root of an account: close it after the calls */
export const rootClient = ({ endpoint, root }: LocalRoot): EmulatorClient =>
  new EmulatorClient(Number(new URL(endpoint).port), asRoot(root.secretAccessKey, endpoint));
