import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';

/** On whose behalf a call is made. */
export interface Caller {
  readonly accessKey: string;
  readonly region: string;
}

/** A request to the emulator. */
export interface EmulatorRequest {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Headers by which a request is known to come from somebody. */
export type Authorize = (caller: Caller, service: string, request: EmulatorRequest) => Promise<Record<string, string>>;

/** Header by which the emulator knows what the gateway asks itself. */
const GATEWAY = 'x-seedbed-gateway';
/** Header by which the emulator knows what has come through the gateway. */
export const DOOR = 'x-seedbed-door';

/** By what the emulator knows a gateway. */
export interface GatewayKeys {
  /** Of what the gateway asks itself. */
  readonly gatewayKey: string;
  /** Of what others ask through it. */
  readonly doorKey: string;
}

/** The gateway speaks for others, whose secrets it does not have: its requests are signed in form only. */
export const asGateway =
  ({ gatewayKey, doorKey }: GatewayKeys): Authorize =>
  async ({ accessKey, region }, service) => ({
    [GATEWAY]: gatewayKey,
    [DOOR]: doorKey,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
  });

/**
 * The root of an account calls as an SDK does (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html). It has no
 * session.
 * @param secretKey its secret access key
 * @param endpoint where its requests go, which is signed too
 */
export const asRoot =
  (secretKey: string, endpoint: string): Authorize =>
  async ({ accessKey, region }, service, { method, path, headers = {}, body = '' }) => {
    const { protocol, hostname, host, pathname, searchParams } = new URL(path, endpoint);
    const credentials = { accessKeyId: accessKey, secretAccessKey: secretKey };
    const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
    const query = Object.fromEntries(searchParams);
    const request = { method, protocol, hostname, path: pathname, query, body, headers: { ...headers, host } };
    const signed = await signer.sign(request);
    return { host, ...signed.headers };
  };

/** SHA-256, and with a secret its HMAC, as the signer asks for it. */
class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytes(secret));
  }

  update(data: Uint8Array): void {
    this.#hash.update(data);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
}

function bytes(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}
