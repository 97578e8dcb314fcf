/** An error with which a service of the gateway answers, in the shape that AWS SDKs understand. */
export class AwsError extends Error {
  /**
   * @param code the exception's name as the service's API reference spells it
   * @param message what is wrong
   * @param status HTTP status; 400 for almost every exception of the JSON protocols
   */
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = code;
  }
}

/** A complete HTTP answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How a client speaks, which decides the shape of its errors. */
export type Protocol = 'json' | 'query' | 'rest-json' | 'rest-xml';

/** @returns the answer that tells a client of `protocol` about an error. */
export function errorAnswer(error: AwsError, protocol: Protocol, requestId: string): Answer {
  const type = error.status < 500 ? 'Sender' : 'Receiver';
  const escaped = error.message.replace(/[&<>]/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign] ?? sign);
  if (protocol === 'query') {
    const told = `<Error><Type>${type}</Type><Code>${error.code}</Code><Message>${escaped}</Message></Error>`;
    const body = `<ErrorResponse>${told}<RequestId>${requestId}</RequestId></ErrorResponse>`;
    return { status: error.status, headers: { 'content-type': 'text/xml' }, body };
  }
  if (protocol === 'rest-xml') {
    const told = `<Code>${error.code}</Code><Message>${escaped}</Message><RequestId>${requestId}</RequestId>`;
    const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${told}</Error>`;
    return { status: error.status, headers: { 'content-type': 'application/xml' }, body };
  }
  return {
    status: error.status,
    headers: {
      'content-type': protocol === 'json' ? 'application/x-amz-json-1.1' : 'application/json',
      'x-amzn-errortype': error.code,
      'x-amzn-requestid': requestId,
    },
    body: JSON.stringify({ __type: error.code, message: error.message }),
  };
}
