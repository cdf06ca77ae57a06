import type { PageMessage } from '../contract/signalling.ts';
import type { Fact, Session } from './session.ts';

/** How often the picture stood still, and how long in all, in ms. */
interface Still {
  readonly freezes: number;
  readonly frozenMs: number;
}

/** How the viewer fares, told to the daemon now and then: how often the picture stood still, and how long, and how long the first one took. */
export class Fare {
  /** Of the connection that plays now, as its browser counts; null: it does not. */
  still: Still | null = null;
  /** Of those before it. */
  #before: Still | null = null;
  #wantedAtMs = 0;
  #firstPictureMs: number | null = null;
  /** A daemon of an earlier build refuses what it does not know. */
  #tellsFrozen = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #send: (report: PageMessage) => void;

  constructor(send: (report: PageMessage) => void) {
    this.#send = send;
  }

  /** Hears of what happens to the page. */
  follow(fact: Fact, { phase }: Session): void {
    if (fact.type === 'playing' && phase === 'playing')
      this.#firstPictureMs ??= Math.min(86_400_000, Math.round(performance.now() - this.#wantedAtMs));
    if (fact.type !== 'message') return;
    const { message } = fact;
    if (message.type === 'hello') {
      // What is on air when the page is opened is wanted since somebody wanted the page.
      if (this.#timer !== undefined || !message.live) this.#wantedAtMs = performance.now();
      clearInterval(this.#timer);
      this.still = this.#before = this.#firstPictureMs = null;
      this.#tellsFrozen = message.frozen === true;
      if (message.reportMs) this.#timer = setInterval(() => this.#report(), message.reportMs);
    } else if (message.type === 'live') {
      this.#before = this.#sum;
      this.still = null;
      if (this.#firstPictureMs === null && this.#wantedAtMs > 0) this.#wantedAtMs = performance.now();
    }
  }

  get #sum(): Still | null {
    const [now, before] = [this.still, this.#before];
    if (!now || !before) return now ?? before;
    return { freezes: now.freezes + before.freezes, frozenMs: now.frozenMs + before.frozenMs };
  }

  #report(): void {
    const sum = this.#sum;
    const firstPictureMs = this.#firstPictureMs;
    if (firstPictureMs === null) return;
    const freezes = sum && Math.min(1_000_000, sum.freezes);
    const frozenMs = sum && Math.min(86_400_000, Math.round(sum.frozenMs));
    this.#send({ type: 'report', freezes, ...(this.#tellsFrozen && { frozenMs }), firstPictureMs });
  }
}
