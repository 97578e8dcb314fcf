import { AwsError } from './aws-error';
import type { EmulatorClient } from './emulator-client';

/** A role that a service of AWS acts with, where it was told to. */
export interface ServiceRole {
  /** Which service, such as `codebuild`, and for which resource: the role's trust policy may ask for both. */
  readonly service: string;
  readonly sourceArn: string;
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
    const { accountId, region, roleArn, sessionName, sourceArn } = this.role;
    const service = `${this.role.service}.amazonaws.com`;
    const answer = await this.emulator.send({ accessKey: accountId, region }, 'sts', {
      method: 'POST',
      path: '/_seedbed/session',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ roleArn, service, sourceArn, sessionName }),
    });
    const opened = JSON.parse(answer.body.toString('utf8')) as Partial<Omit<Credentials, 'region'>>;
    const { accessKey, secretKey, token } = opened;
    if (!accessKey || !secretKey || !token)
      throw new AwsError('AccessDenied', `${service} is not authorized to perform: sts:AssumeRole on ${roleArn}`, 403);
    return { accessKey, secretKey, token, region };
  }
}
