import type { Logger } from 'pino';
import type { WebSocket } from 'ws';
import type { Clock } from '../../contract/clock.ts';
import type { Notice, OfflineReason, Out, PageMessage } from '../../contract/signalling.ts';
import type { Room } from '../rooms/room.ts';
import type { Reported } from './attendance.ts';
import { PageMedia, type PageMediaListener } from './page-media.ts';
import { type Coming, PageTidings } from './page-tidings.ts';
import { closeCode, PageWire } from './page-wire.ts';

export interface PageSessionOptions extends PageMediaListener {
  readonly socket: WebSocket;
  readonly room: Room;
  readonly viewerId: string;
  readonly version: string;
  readonly log: Logger;
  readonly clock: Clock;
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
  #closed = false;

  constructor(options: PageSessionOptions) {
    this.#options = options;
    const { room } = options;
    this.#wire = new PageWire({ ...options, handle: (message) => this.#handle(message) });
    const shared = { ...options, wire: this.#wire };
    this.#media = new PageMedia(shared);
    this.#tidings = new PageTidings({ ...shared, offered: () => this.#media.broadcast });
    room.on('offline', this.#offline);
    if (this.#tidings.greet().live) this.#media.live();
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
    else await this.#media.handle(message);
  }
}
