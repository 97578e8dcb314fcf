import { AwsError } from './aws-error';
import type { EmulatorClient } from './emulator-client';

/** A role that a service of AWS acts with, where it was told to. */
export interface ServiceRole {
  /** The account that the service acts in, and its region. */
  readonly accountId: string;
  readonly region: string;
  readonly roleArn: string;
  /** Names the session, in which AWS's logs show who acted. */
  readonly sessionName: string;
}

/** Credentials of a session. */
export interface Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly token: string;
  readonly region: string;
}

/** Sessions of the emulator end after an hour; what works for longer takes a new one in time. */
const RENEW_AFTER_MS = 30 * 60_000;

/** The session of a service's role, opened when it is first needed and again before it ends. */
export class RoleSession {
  #opened: { readonly credentials: Promise<Credentials>; readonly at: number } | undefined;

  constructor(
    private readonly emulator: EmulatorClient,
    private readonly role: ServiceRole,
  ) {}

  /** @throws AwsError if there is no such role, or it does not trust the service */
  credentials(): Promise<Credentials> {
    if (this.#opened && Date.now() - this.#opened.at < RENEW_AFTER_MS) return this.#opened.credentials;
    const credentials = this.#open();
    this.#opened = { credentials, at: Date.now() };
    credentials.catch(() => {
      this.#opened = undefined;
    });
    return credentials;
  }

  async #open(): Promise<Credentials> {
    const { accountId, region, roleArn, sessionName } = this.role;
    const request = new URLSearchParams({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: roleArn,
      RoleSessionName: sessionName,
    });
    const answer = await this.emulator.send({ accessKey: accountId, region }, 'sts', {
      method: 'POST',
      path: '/',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: request.toString(),
    });
    const text = answer.body.toString('utf8');
    const field = (name: string) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(text)?.[1];
    const [accessKey, secretKey, token] = [field('AccessKeyId'), field('SecretAccessKey'), field('SessionToken')];
    if (!accessKey || !secretKey || !token)
      throw new AwsError(field('Code') ?? 'InternalFailure', field('Message') ?? `${roleArn} cannot be assumed`, 403);
    return { accessKey, secretKey, token, region };
  }
}
