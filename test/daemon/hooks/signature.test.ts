import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { webhookSecret } from '../../../src/contract/webhook.ts';
import { newWebhookSecret, signedHeaders } from '../../../src/daemon/hooks/signature.ts';

// The vector that implementations of Standard Webhooks are tested with.
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const body = '{"test": 2432232314}';

test('what is sent is signed as Standard Webhooks has it', () => {
  expect(signedHeaders(secret, { id, wallMs: 1_614_265_330_999, body })).toEqual({
    'webhook-id': id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('a secret is 256 bits that nobody has, in the form that is taken', () => {
  const made = newWebhookSecret();
  expect(webhookSecret.safeParse(made).success).toBe(true);
  expect(newWebhookSecret()).not.toBe(made);
  const key = Buffer.from(made.slice(6), 'base64');
  expect(key).toHaveLength(32);
  const signed = signedHeaders(made, { id, wallMs: 1000, body })['webhook-signature'];
  expect(signed).toBe(`v1,${createHmac('sha256', key).update(`${id}.1.${body}`).digest('base64')}`);
});

test.each([
  'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  'whsec_short',
  `whsec_${'A'.repeat(88)}`,
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!',
])('a secret that is none is refused: %s', (wrong) => {
  expect(webhookSecret.safeParse(wrong).success).toBe(false);
});
