import type { IncomingMessage } from 'node:http';
import { AwsError } from '../calls/aws-error';
import type { EmulatorClient } from '../calls/emulator-client';
import { requestUrl } from '../calls/request-url';

/**
 * Refuses a call of a service that the gateway answers itself unless it is signed with the secret of its access key.
 * The emulator, which knows the secrets, verifies it as it does with calls that reach it.
 * @throws AwsError what AWS says of a signature that does not match
 */
export async function requireSignature(
  emulator: EmulatorClient,
  accessKey: string,
  request: IncomingMessage,
  body: Buffer,
): Promise<void> {
  const { pathname: path, search } = requestUrl(request);
  const { ':authority': authority, ...named } = request.headers;
  const headers = Object.entries({ ...(authority !== undefined && { host: authority }), ...named }).filter(
    ([name, value]) => !name.startsWith(':') && typeof value === 'string',
  );
  const asked = {
    accessKey,
    method: request.method,
    path,
    query: search.slice(1),
    headers,
    body: body.toString('utf8'),
  };
  const wrong = await emulator.ask({ accessKey, region: 'us-east-1' }, 'signature', asked);
  if (!wrong.code) return;
  // Services of the JSON protocol refuse with this status, and have a name of their own for what S3 calls otherwise.
  const code = wrong.code === 'SignatureDoesNotMatch' ? 'InvalidSignatureException' : wrong.code;
  throw new AwsError(code, wrong.message ?? '', 400);
}
