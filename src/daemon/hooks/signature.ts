import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';
/** Standard Webhooks 1.0 has 24 to 64. */
const secretBytes = 32;

/** A secret that nobody has. */
export function newWebhookSecret(): string {
  return prefix + randomBytes(secretBytes).toString('base64');
}

/** What a request is signed with: who has the secret knows by it who sent which body when. */
export interface Signed {
  /** Stays the same however often it is sent. */
  readonly id: string;
  /** When this try is made, in ms since 1970. */
  readonly wallMs: number;
  readonly body: string;
}

/** The three headers of Standard Webhooks 1.0 ('Webhook headers'; symmetric, `v1`). */
export function signedHeaders(secret: string, { id, wallMs, body }: Signed): Record<string, string> {
  const timestamp = Math.floor(wallMs / 1000);
  const key = Buffer.from(secret.slice(prefix.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': `${timestamp}`,
    'webhook-signature': `v1,${signature}`,
  };
}
