import type { Webhooks } from '../hooks/webhooks.ts';
import type { Handlers } from './handler-table.ts';

/** What the calls for webhooks do. */
export function webhookHandlers(webhooks: Webhooks) {
  return {
    addWebhook: (input, { caller }) => webhooks.add(input, caller),
    listWebhooks: () => webhooks.list(),
    removeWebhook: ({ id }, { caller }) => webhooks.remove(id, caller),
    testWebhook: ({ id }) => webhooks.test(id),
    webhookLog: ({ id, limit }) => webhooks.log(id, limit),
    redeliverWebhook: ({ id, events }) => webhooks.redeliver(id, events),
  } satisfies Partial<Handlers>;
}
