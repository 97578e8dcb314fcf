/** What the handlers read of an API Gateway event; REST and HTTP API agree on these. */
export interface HttpEvent {
  readonly body?: string | null;
  /** An HTTP API encodes every body whose content type it does not know as text. */
  readonly isBase64Encoded?: boolean;
  readonly pathParameters?: Readonly<Record<string, string | undefined>> | null;
}

export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer with a JSON body. */
export const json = (statusCode: number, value: unknown): HttpResponse => ({
  statusCode,
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify(value),
});

/** An answer that says what was wrong with the request. */
export const problem = (statusCode: number, message: string): HttpResponse => json(statusCode, { error: message });

/** The request's JSON body, or undefined when it has none or it is not a JSON object. */
export const readBody = (event: HttpEvent): Readonly<Record<string, unknown>> | undefined => {
  try {
    const text = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8').toString('utf8');
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};
