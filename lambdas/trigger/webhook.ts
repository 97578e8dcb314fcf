import * as z from 'zod';
import { isSigned } from '../../lib/core/trigger/webhook-signature';
import { type HandleDeliveryPorts, handleDelivery, UnreadablePayload } from './handle-delivery';

export interface WebhookPorts extends HandleDeliveryPorts {
  /** @returns the secrets that sign deliveries: one, or the new and the old one while it is being replaced. */
  readonly secrets: () => Promise<readonly string[]>;
}

/**
 * A request as an HTTP API passes it on:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
const HttpRequest = z.object({
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().default(''),
  isBase64Encoded: z.boolean().default(false),
});

/** What the caller is told: the status and nothing else. The log says why. */
export interface HttpAnswer {
  readonly statusCode: 200 | 202 | 400 | 401 | 413 | 415 | 503;
}

/** The most that Lambda takes. GitHub sends up to 25 MB; larger ones never get here, and reconciliation finds those. */
const MOST_BYTES = 6 * 1024 * 1024;

const DELIVERY = /^[\w-]{1,100}$/;

/**
 * Answers deliveries of GitHub's webhook. Parses nothing before the signature has proved right, and believes nothing of
 * what it parses: that only says where to look. Whoever cannot sign learns nothing.
 */
export const webhook =
  (ports: WebhookPorts) =>
  async (event: unknown): Promise<HttpAnswer> => {
    const request = HttpRequest.safeParse(event);
    if (!request.success) return { statusCode: 400 };
    const headers = new Map(Object.entries(request.data.headers).map(([name, value]) => [name.toLowerCase(), value]));
    const [signature, delivery = ''] = ['x-hub-signature-256', 'x-github-delivery'].map((name) => headers.get(name));
    const refuse = (statusCode: HttpAnswer['statusCode'], why: string, error?: unknown): HttpAnswer => {
      const about = DELIVERY.test(delivery) ? { delivery } : {};
      ports.log.warn('a delivery was refused', { statusCode, why, ...about, ...(error !== undefined && { error }) });
      return { statusCode };
    };

    const { body, isBase64Encoded } = request.data;
    if (body.length > MOST_BYTES) return refuse(413, 'it is too large');
    if (signature === undefined) return refuse(401, 'it has no signature');
    const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
    try {
      if (!isSigned(signature, bytes, await ports.secrets())) return refuse(401, 'no secret has signed it');
      if (!isJson(headers.get('content-type'))) return refuse(415, 'it is not JSON; choose application/json at GitHub');
      if (!DELIVERY.test(delivery)) return refuse(400, 'it has no id');
      const kind = headers.get('x-github-event') ?? '';
      const text = bytes.toString('utf8');
      return { statusCode: await handleDelivery(ports, { delivery, kind, text }) };
    } catch (error) {
      if (error instanceof UnreadablePayload) return refuse(400, error.message);
      // Whatever it is, nothing is lost: delivering it again, or the next reconciliation, makes up for it.
      return refuse(503, 'it could not be handled', error);
    }
  };

const isJson = (contentType = ''): boolean => /^application\/json\s*(;|$)/i.test(contentType);
