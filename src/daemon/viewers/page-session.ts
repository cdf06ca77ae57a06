import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Clock } from '../../contract/clock.ts';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import type { Asked, Notice, OfflineReason, Out, PageMessage, Self } from '../../contract/signalling.ts';
import { Rate } from '../public-server/rate.ts';
import type { Room } from '../rooms/room.ts';
import type { Reported } from './attendance.ts';
import { PageMedia, type PageMediaListener } from './page-media.ts';
import { type Coming, PageTidings } from './page-tidings.ts';
import { closeCode, PageWire } from './page-wire.ts';

/** What a page may ask for, of whatever kind: people do so seldom. */
const askRate = { perSecond: 0.5, burst: 6 };

export interface PageSessionOptions extends PageMediaListener {
  readonly socket: WebSocket;
  readonly room: Room;
  readonly viewerId: string;
  readonly version: string;
  readonly log: Logger;
  readonly clock: Clock;
  /** Who it is in the room, and what it may do there; null: it is of an earlier build, and would not understand it. */
  readonly self: (() => Self) | null;
  /** It asks for something. @throws MiroliveError what is wrong with that */
  readonly onAsk: (asked: Asked) => void;
  /** Names the still of what is seen now; null: there is none. */
  readonly poster: () => string | null;
  /** What comes next in the room by itself, as it is known when the page comes. */
  readonly next: Coming | null;
  /** It says how its viewer fares. */
  readonly onReport: (reported: Reported) => void;
}

/** One page on one WebSocket: tells it what is on air and gives it media. */
export class PageSession {
  readonly #options: PageSessionOptions;
  readonly #wire: PageWire;
  readonly #media: PageMedia;
  readonly #tidings: PageTidings;
  readonly #askRate: Rate;
  /** As the page was told. */
  #self: string | null = null;
  #closed = false;

  constructor(options: PageSessionOptions) {
    this.#options = options;
    const { room, clock } = options;
    this.#askRate = new Rate({ ...askRate, clock });
    this.#wire = new PageWire({ ...options, handle: (message) => this.#handle(message) });
    const shared = { ...options, wire: this.#wire };
    this.#media = new PageMedia(shared);
    this.#tidings = new PageTidings({ ...shared, offered: () => this.#media.broadcast });
    room.on('offline', this.#offline);
    const { live } = this.#tidings.greet();
    this.tellSelf();
    if (live) this.#media.live();
  }

  /** The room's name. */
  get room(): string {
    return this.#options.room.name;
  }

  /** Tells the page to come back, where the daemon ends. */
  bye(retryMs: number): void {
    this.#wire.send({ type: 'bye', retryMs });
    this.#wire.end(closeCode.goingAway);
  }

  /** Lets the page come again: whether it is let in then shows. */
  again(retryMs: number): void {
    this.#wire.send({ type: 'bye', retryMs });
    this.#media.close();
    this.#wire.end(closeCode.tryLater);
  }

  /** Somebody has come who is this viewer from now on: this page is nobody until it comes again. */
  replaced(retryMs: number): void {
    if (this.#options.self) this.#wire.send({ type: 'self', id: '', ticket: '', hands: false, hand: false });
    this.again(retryMs);
  }

  /** Puts the page out: it knows why before it can see that nothing comes any more. */
  out(why: Out): void {
    this.#wire.send({ type: 'out', ...why });
    this.#media.close();
    this.#wire.end(closeCode.policy, why.why);
  }

  /** Shows a line. */
  tell(notice: Notice): void {
    this.#wire.send({ type: 'notice', ...notice });
  }

  /** Tells who the page is in the room, where that is something else than it was told. */
  tellSelf(): void {
    const { self } = this.#options;
    if (!self) return;
    const now = { type: 'self', ...self() } as const;
    const text = JSON.stringify(now);
    if (text !== this.#self) this.#wire.send(now);
    this.#self = text;
  }

  /** Tells the page where something else comes next than it knows of. */
  comesNext(next: Coming | null): void {
    this.#tidings.comesNext(next);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.room.off('offline', this.#offline);
    this.#tidings.close();
    this.#media.close();
    this.#wire.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #offline = (reason: OfflineReason): void => {
    this.#media.offline(reason, () => this.#tidings.gone(reason));
  };

  async #handle(message: PageMessage): Promise<void> {
    if (message.type === 'ping') this.#wire.send({ type: 'pong' });
    else if (message.type === 'report') this.#options.onReport(message);
    else if (message.type === 'ask') this.#answer(message);
    else await this.#media.handle(message);
  }

  #answer({ id, what }: Extract<PageMessage, { type: 'ask' }>): void {
    try {
      if (!this.#askRate.spend()) throw tooOften();
      this.#options.onAsk(what);
      this.#wire.send({ type: 'answer', id, error: null });
    } catch (error) {
      const { code, message } = asMiroliveError(error);
      this.#wire.send({ type: 'answer', id, error: { code, message } });
    }
  }
}

/** Who asks so often is told so, and asks again. */
export function tooOften(): MiroliveError {
  return new MiroliveError('LIMIT_REACHED', 'that was asked too often: wait a moment', {
    hint: 'Try it again in a moment',
  });
}
