import { join } from 'node:path';
import type { Logger } from 'pino';
import { systemClock } from '../../contract/clock.ts';
import type { Config } from '../../contract/config.ts';
import type { EventHub } from '../event-hub.ts';
import type { Health } from '../health.ts';
import type { StateStore } from '../state/state-store.ts';
import { versions } from '../version.ts';
import { OutboxLine } from './outbox-line.ts';
import { Webhooks } from './webhooks.ts';

export interface OpenWebhooksOptions {
  readonly config: Config;
  readonly store: StateStore;
  readonly hub: EventHub;
  readonly health: Health;
  readonly log: Logger;
}

/** Where the outbox is, beside the state. */
export function outboxFile(folder: string): string {
  return join(folder, 'outbox.db');
}

/** Webhooks with their outbox beside the state. */
export function openWebhooks({ config, store, hub, health, log }: OpenWebhooksOptions): Webhooks {
  return new Webhooks({
    ...{ store, config, hub, log, clock: systemClock },
    line: (tell) =>
      new OutboxLine({
        ...{ file: outboxFile(store.folder), agent: `mirolive/${versions.version}` },
        ...{ clock: systemClock, health, tell },
        onSetAside: (file) =>
          log.error(
            { file },
            'the outbox of webhooks was damaged and is begun anew: what was still to be told is lost',
          ),
      }),
  });
}
