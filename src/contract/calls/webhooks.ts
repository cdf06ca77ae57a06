import * as z from 'zod';
import { eventFilter } from '../event-types.ts';
import { roomName } from '../names.ts';
import { routes } from '../routes.ts';
import {
  delivery,
  maxLoggedDeliveries,
  newWebhook,
  toldId,
  webhook,
  webhookId,
  webhookSecret,
  webhookTry,
  webhookUrl,
} from '../webhook.ts';
import type { Call } from './call.ts';

/** Calls about webhooks. */
export const webhooksCalls = {
  addWebhook: {
    ...routes.addWebhook,
    needs: 'administer',
    summary: 'Have a server told what happens; its secret is told this once',
    params: z.strictObject({
      url: webhookUrl,
      /** Types of events, such as `broadcast.*`; default: all but what strangers can make (viewers, refused publishers). */
      events: eventFilter.nullable().default(null),
      /** Default: all, and what is of none. */
      rooms: z.array(roomName).min(1).max(1000).nullable().default(null),
      /** Whether it gets addresses of viewers and publishers. */
      withAddresses: z.boolean().default(false),
      /** Default: a new one. */
      secret: webhookSecret.optional(),
    }),
    result: newWebhook,
    errors: ['WEBHOOK_ADDRESS', 'LIMIT_REACHED', 'STATE_UNAVAILABLE'],
  },
  listWebhooks: {
    ...routes.listWebhooks,
    needs: 'administer',
    summary: 'Webhooks and how they fare, without their secrets',
    params: z.strictObject({}),
    result: z.array(webhook),
    errors: ['STATE_UNAVAILABLE'],
  },
  removeWebhook: {
    ...routes.removeWebhook,
    needs: 'administer',
    summary: 'Forget a webhook, and what it was still to be told',
    params: z.strictObject({ id: webhookId }),
    result: webhook,
    errors: ['WEBHOOK_NOT_FOUND', 'STATE_UNAVAILABLE'],
  },
  testWebhook: {
    ...routes.testWebhook,
    needs: 'administer',
    summary: 'Send a webhook an event of the type webhook.test, once, and say what came of it',
    params: z.strictObject({ id: webhookId }),
    result: webhookTry,
    errors: ['WEBHOOK_NOT_FOUND', 'WEBHOOK_ENDED', 'OUTBOX_UNAVAILABLE', 'STATE_UNAVAILABLE'],
  },
  webhookLog: {
    ...routes.webhookLog,
    needs: 'administer',
    summary: 'What a webhook was told, or is to be, the newest first',
    params: z.strictObject({
      id: webhookId,
      limit: z.coerce.number().int().min(1).max(maxLoggedDeliveries).default(50),
    }),
    result: z.array(delivery),
    errors: ['WEBHOOK_NOT_FOUND', 'OUTBOX_UNAVAILABLE', 'STATE_UNAVAILABLE'],
  },
  redeliverWebhook: {
    ...routes.redeliverWebhook,
    needs: 'administer',
    summary: 'Send a webhook again what it was told, or what was given up, with the same ids',
    params: z.strictObject({
      id: webhookId,
      /** Default: all that was given up. */
      events: z.array(toldId).min(1).max(maxLoggedDeliveries).nullable().default(null),
    }),
    result: z.strictObject({ id: webhookId, waiting: z.int() }),
    errors: ['WEBHOOK_NOT_FOUND', 'WEBHOOK_ENDED', 'OUTBOX_UNAVAILABLE', 'STATE_UNAVAILABLE'],
  },
} as const satisfies Record<string, Call>;
