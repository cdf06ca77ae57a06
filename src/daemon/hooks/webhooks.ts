import type { Logger } from 'pino';
import type { CallInput } from '../../contract/api.ts';
import type { Clock, Timer } from '../../contract/clock.ts';
import type { Config } from '../../contract/config.ts';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import type { Event } from '../../contract/events.ts';
import { newId } from '../../contract/ids.ts';
import type { Principal } from '../../contract/principal.ts';
import {
  type Delivery,
  isMadeByStrangers,
  isTold,
  maxWebhooks,
  type NewWebhook,
  type Webhook,
  type WebhookFigures,
  type WebhookTry,
} from '../../contract/webhook.ts';
import { isFigure } from '../event-figures.ts';
import type { EventHub } from '../event-hub.ts';
import type { StateStore } from '../state/state-store.ts';
import { endWebhook, readWebhooks, removeWebhook, type WebhookRow, writeWebhook } from '../state/webhooks.ts';
import type { WebhookFact } from './deliveries.ts';
import type { Posting } from './outbox.ts';
import type { OutboxLine } from './outbox-line.ts';
import { receiverNetwork } from './receiver-network.ts';
import { newWebhookSecret } from './signature.ts';
import { toldEvent } from './told-event.ts';

/** What may stand in the outbox so long, in ms: a day until it is given up, a day in its log, and a day more where it is sent again. */
const inOutboxMs = 3 * 86_400_000;
/** What an event carries is told up to this, in characters of JSON; of a longer one, where it happened. */
const maxData = 256 * 1024;
/** What is lost is told at once, and what more is lost of the same webhook once in so long, in ms: what is told of it may be lost too. */
const tellLostMs = 60_000;

export interface WebhooksOptions {
  readonly store: Pick<StateStore, 'read' | 'change' | 'write'>;
  readonly config: Pick<Config, 'webhooks' | 'privacy'>;
  readonly clock: Clock;
  readonly hub: Pick<EventHub, 'announce'>;
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** @param tell hears what becomes of webhooks */
  readonly line: (tell: (fact: WebhookFact) => void) => Pick<OutboxLine, 'set' | 'put' | 'ask' | 'close'>;
}

/** Who is told what happens, by HTTP: kept in the state, and sent to from the outbox. */
export class Webhooks {
  readonly #options: WebhooksOptions;
  readonly #line: ReturnType<WebhooksOptions['line']>;
  /** As they were read; null: they never could be. */
  #rows: readonly WebhookRow[] | null = null;
  /** What was lost since it was told last, by webhook and why. */
  readonly #lost = new Map<string, { count: number; readonly timer: Timer }>();

  constructor(options: WebhooksOptions) {
    this.#options = options;
    this.#line = options.line((fact) => this.#hearFact(fact));
    this.look();
  }

  /** Takes up what is in the state, where it could not be read, and what the configuration says. */
  look(): void {
    try {
      this.#rows ??= this.#options.store.read(readWebhooks);
    } catch {
      // The store has logged it, and it is tried again.
      return;
    }
    this.#set();
  }

  /** Takes them up where they could not be read before. */
  retry(): void {
    if (this.#rows === null) this.look();
  }

  /** Something has happened. */
  hear(event: Event): void {
    if (isFigure(event)) return;
    const rows = (this.#rows ?? []).filter((row) => row.endedAtMs === null && wants(row, event));
    if (rows.length === 0) return;
    const room = roomOf(event);
    // News of what is lost drives out nothing that happens.
    const passing = isMadeByStrangers(event.type) || event.type === 'webhook.lost';
    const id = newId('e');
    const mayHold = this.#options.config.privacy.keepAddresses >= inOutboxMs;
    const postings = [false, true].flatMap((withAddresses): Posting[] => {
      const webhooks = rows.filter((row) => row.withAddresses === withAddresses).map((row) => row.id);
      if (webhooks.length === 0) return [];
      const { type, timestamp, data } = toldEvent(event, withAddresses && mayHold);
      return [{ event: id, type, room, at: timestamp, data: asData(data), passing, webhooks }];
    });
    for (const { webhooks } of this.#line.put(postings))
      for (const webhook of webhooks) this.#hearFact({ is: 'lost', webhook, count: 1, why: 'full' });
  }

  /** @throws MiroliveError WEBHOOK_ADDRESS, LIMIT_REACHED, STATE_UNAVAILABLE */
  async add(input: CallInput<'addWebhook'>, by: Principal): Promise<NewWebhook> {
    const { store, config, clock } = this.#options;
    const { url, events, rooms, withAddresses, secret = newWebhookSecret() } = input;
    await checkAddress(new URL(url), config.webhooks.allow);
    if (this.#known().length >= maxWebhooks)
      throw new MiroliveError('LIMIT_REACHED', `there are ${maxWebhooks} webhooks already`, {
        hint: 'Remove one that nobody needs: mirolive webhooks list',
      });
    const row: WebhookRow = {
      ...{ id: newId('w'), url, secret, events, rooms, withAddresses },
      ...{ createdAtMs: clock.wallMs(), endedAtMs: null },
    };
    const details = { url: new URL(url).origin, events, rooms, withAddresses };
    store.change({ who: by, what: 'addWebhook', subject: row.id, details }, (database) =>
      writeWebhook(database, row),
    );
    this.#take([...this.#known(), row]);
    return { webhook: model(row, null), secret };
  }

  /** How each fares is told as far as the outbox can be asked. @throws MiroliveError STATE_UNAVAILABLE */
  async list(): Promise<Webhook[]> {
    const rows = this.#known();
    const webhooks = rows.map(({ id }) => id);
    const figures = await this.#line.ask('figures', { webhooks }, 2000).catch(() => null);
    return rows.map((row) => model(row, figures?.[row.id] ?? null));
  }

  /** @throws MiroliveError WEBHOOK_NOT_FOUND, STATE_UNAVAILABLE */
  remove(id: string, by: Principal): Webhook {
    const row = this.#find(id);
    const details = { url: new URL(row.url).origin };
    this.#options.store.change({ who: by, what: 'removeWebhook', subject: id, details }, (database) =>
      removeWebhook(database, id),
    );
    this.#take(this.#known().filter((one) => one.id !== id));
    return model(row, null);
  }

  /** @throws MiroliveError WEBHOOK_NOT_FOUND, WEBHOOK_ENDED, OUTBOX_UNAVAILABLE, STATE_UNAVAILABLE */
  async test(id: string): Promise<WebhookTry> {
    this.#open(id);
    const timestamp = new Date(this.#options.clock.wallMs()).toISOString();
    const body = JSON.stringify({ type: 'webhook.test', timestamp, sequence: 0, data: { webhook: id } });
    const tried = await this.#line.ask('try', { webhook: id, event: newId('e'), body });
    if (tried === null) throw ended(id);
    return tried;
  }

  /** @throws MiroliveError WEBHOOK_NOT_FOUND, OUTBOX_UNAVAILABLE, STATE_UNAVAILABLE */
  async log(id: string, limit: number): Promise<Delivery[]> {
    this.#find(id);
    return await this.#line.ask('log', { webhook: id, limit });
  }

  /** @throws MiroliveError WEBHOOK_NOT_FOUND, WEBHOOK_ENDED, OUTBOX_UNAVAILABLE, STATE_UNAVAILABLE */
  async redeliver(id: string, events: readonly string[] | null): Promise<{ id: string; waiting: number }> {
    this.#open(id);
    return { id, waiting: await this.#line.ask('again', { webhook: id, events }) };
  }

  /** Writes, and for a moment sends, what is left. */
  close(): Promise<void> {
    for (const { timer } of this.#lost.values()) timer.cancel();
    return this.#line.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #known(): readonly WebhookRow[] {
    this.#rows ??= this.#options.store.read(readWebhooks);
    return this.#rows;
  }

  #find(id: string): WebhookRow {
    const row = this.#known().find((one) => one.id === id);
    if (row) return row;
    throw new MiroliveError('WEBHOOK_NOT_FOUND', `there is no webhook ${id}`);
  }

  #open(id: string): void {
    if (this.#find(id).endedAtMs !== null) throw ended(id);
  }

  #take(rows: readonly WebhookRow[]): void {
    this.#rows = rows;
    this.#set();
  }

  #set(): void {
    const rows = this.#rows ?? [];
    const receivers = rows
      .filter((row) => row.endedAtMs === null)
      .map(({ id, url, secret }) => ({ id, url, secret }));
    const known = rows.map(({ id }) => id);
    this.#line.set(receivers, known, this.#options.config.webhooks.allow);
  }

  #hearFact(fact: WebhookFact): void {
    const { hub, log } = this.#options;
    const row = (this.#rows ?? []).find(({ id }) => id === fact.webhook);
    if (!row) return;
    const about = { webhook: row.id, url: new URL(row.url).origin };
    switch (fact.is) {
      case 'ended':
        this.#end(row);
        hub.announce({ type: 'webhook.ended', ...about, reason: fact.reason });
        return;
      case 'lost':
        this.#tellLost(about, fact);
        return;
      case 'failing':
        log.warn({ ...about, problem: fact.problem }, 'a webhook does not take what it is sent');
        return;
      case 'well':
        log.info(about, 'a webhook takes what it is sent again');
    }
  }

  #tellLost(
    about: { readonly webhook: string; readonly url: string },
    { webhook, count, why }: Extract<WebhookFact, { is: 'lost' }>,
  ): void {
    const { hub, clock } = this.#options;
    const key = `${webhook} ${why}`;
    const held = this.#lost.get(key);
    if (held) {
      held.count += count;
      return;
    }
    const more = {
      count: 0,
      timer: clock.after(tellLostMs, () => {
        this.#lost.delete(key);
        if (more.count > 0) this.#hearFact({ is: 'lost', webhook, count: more.count, why });
      }),
    };
    // Before it is told: that may lose some more of it.
    this.#lost.set(key, more);
    hub.announce({ type: 'webhook.lost', ...about, count, why });
  }

  #end(row: WebhookRow): void {
    const { store, clock, log } = this.#options;
    const endedAtMs = clock.wallMs();
    try {
      store.write((database) => endWebhook(database, row.id, endedAtMs));
    } catch (err) {
      log.warn(
        { err, webhook: row.id },
        'that a webhook has ended cannot be written: it is asked again after a restart',
      );
    }
    this.#take((this.#rows ?? []).map((one) => (one.id === row.id ? { ...one, endedAtMs } : one)));
  }
}

/** What becomes of a webhook it is not told itself: that could go on for ever. */
function wants({ id, events, rooms }: WebhookRow, event: Event): boolean {
  if (!isTold(event.type, events) || ('webhook' in event && event.webhook === id)) return false;
  const room = roomOf(event);
  return rooms === null || (room !== null && rooms.includes(room));
}

function roomOf(event: Event): string | null {
  return 'room' in event ? event.room : null;
}

function asData(data: Readonly<Record<string, unknown>>): string {
  const text = JSON.stringify(data);
  if (text.length <= maxData) return text;
  const { room, broadcast } = data;
  return JSON.stringify({ room, broadcast, tooLarge: true });
}

/** A name that cannot be looked up now may be there later: each try looks again. @throws MiroliveError WEBHOOK_ADDRESS */
async function checkAddress({ hostname }: URL, allow: readonly string[]): Promise<void> {
  const host = hostname.replace(/^\[|\]$/g, '');
  try {
    await receiverNetwork(host, allow).addresses(host);
  } catch (thrown) {
    const { code, message } = asMiroliveError(thrown);
    if (code === 'SOURCE_PRIVATE_ADDRESS')
      throw new MiroliveError('WEBHOOK_ADDRESS', message, { details: { host } });
  }
}

function model(row: WebhookRow, figures: WebhookFigures | null): Webhook {
  const { id, url, events, rooms, withAddresses, createdAtMs, endedAtMs } = row;
  return {
    ...{ id, url, withAddresses, figures },
    events: events && [...events],
    rooms: rooms && [...rooms],
    createdAt: new Date(createdAtMs).toISOString(),
    endedAt: endedAtMs === null ? null : new Date(endedAtMs).toISOString(),
  };
}

function ended(id: string): MiroliveError {
  return new MiroliveError('WEBHOOK_ENDED', `webhook ${id} has ended: its receiver wanted no more`);
}
