import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { S3ServiceException } from '@aws-sdk/client-s3';
import { classifyError, type ErrorClass } from '../../../lib/aws/clients/classify-error';
import { ReleaseError } from '../../../lib/core/contracts/errors';

const ofStatus = (name: string, httpStatusCode: number, $fault: 'client' | 'server' = 'client') =>
  new S3ServiceException({ name, $fault, $metadata: { httpStatusCode } });
const cancelled = (...codes: readonly (string | undefined)[]) =>
  new TransactionCanceledException({
    message: 'Transaction cancelled',
    $metadata: { httpStatusCode: 400 },
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
const ofNode = (code: string, message = code) => Object.assign(new Error(message), { code });

const ERRORS: readonly (readonly [string, unknown, ErrorClass])[] = [
  ['throttling by its usual name', ofStatus('ThrottlingException', 400), 'throttled'],
  ['throttling by DynamoDB’s name', ofStatus('ProvisionedThroughputExceededException', 400), 'throttled'],
  ['throttling by Systems Manager’s name', ofStatus('TooManyUpdates', 400), 'throttled'],
  ['throttling by S3’s name', ofStatus('SlowDown', 503, 'server'), 'throttled'],
  ['throttling by the status, whatever its name', ofStatus('Whatever', 429), 'throttled'],
  [
    'throttling that only a trait tells of',
    Object.assign(new Error('x'), { $retryable: { throttling: true } }),
    'throttled',
  ],
  ['a transaction that was throttled', cancelled('None', 'ThrottlingError'), 'throttled'],
  ['a transaction for which the table had no capacity', cancelled('ProvisionedThroughputExceeded'), 'throttled'],
  ['a transaction in the way of another', cancelled('TransactionConflict', undefined), 'throttled'],
  ['a transaction whose condition does not hold', cancelled('ConditionalCheckFailed', 'None'), 'refused'],
  ['a transaction that also was throttled', cancelled('ConditionalCheckFailed', 'ThrottlingError'), 'refused'],
  ['a transaction with an item that is too large', cancelled('ValidationError'), 'refused'],
  ['a transaction without a reason', cancelled('None'), 'refused'],
  ['S3’s 503 without a body', ofStatus('Unknown', 503, 'server'), 'unavailable'],
  ['a 500 by any name', ofStatus('Surprise', 500, 'server'), 'unavailable'],
  ['a 507', ofStatus('Surprise', 507, 'server'), 'unavailable'],
  ['a fault of the service without a status', Object.assign(new Error('x'), { $fault: 'server' }), 'unavailable'],
  ['no answer in time', Object.assign(new Error('x'), { name: 'TimeoutError' }), 'unavailable'],
  ['a refused connection', ofNode('ECONNREFUSED'), 'unavailable'],
  [
    'refused connections to all addresses',
    new AggregateError([ofNode('ECONNREFUSED'), ofNode('ENETUNREACH')]),
    'unavailable',
  ],
  ['a connection that broke', ofNode('ECONNRESET', 'socket hang up'), 'unavailable'],
  ['a connection that broke within an answer', ofNode('ERR_STREAM_PREMATURE_CLOSE'), 'unavailable'],
  ['a name that was not found', ofNode('ENOTFOUND'), 'unavailable'],
  ['a name that nobody could look up', ofNode('EAI_AGAIN'), 'unavailable'],
  ['a TLS handshake that failed', ofNode('EPROTO'), 'unavailable'],
  ['TLS that broke', ofNode('ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC'), 'unavailable'],
  ['half an answer', Object.assign(new SyntaxError('Unexpected end'), { $responseBodyText: '{"a' }), 'unavailable'],
  [
    'what fetch says of a refused connection',
    new TypeError('fetch failed', { cause: ofNode('ECONNREFUSED') }),
    'unavailable',
  ],
  ['a quota that is used up', ofStatus('LimitExceededException', 400), 'refused'],
  ['a denied call', ofStatus('AccessDenied', 403), 'refused'],
  ['a call that is wrong', ofStatus('ValidationException', 400), 'refused'],
  ['a certificate that nobody trusts', ofNode('CERT_HAS_EXPIRED'), 'refused'],
  ['a mistake of ours', new TypeError('undefined is not a function'), 'refused'],
  ['a JSON of ours that is broken', new SyntaxError('Unexpected end'), 'refused'],
  ['what is no error', 'text', 'refused'],
  ['nothing', undefined, 'refused'],
];

it.each(ERRORS)('classifies %s', (_, error, expected) => {
  expect(classifyError(error)).toBe(expected);
});

it('looks at the cause of an error of ours', () => {
  const cause = ofNode('ECONNREFUSED');
  expect(classifyError(new ReleaseError('PushFailed', 'the push failed', { cause }))).toBe('unavailable');
});
