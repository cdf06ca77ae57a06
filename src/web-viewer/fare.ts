import type { PageMessage } from '../contract/signalling.ts';
import type { Fact, Session } from './session.ts';

/** How the viewer fares, told to the daemon now and then: how often the picture stood still, how long the first one took. */
export class Fare {
  /** Of the connection that plays now, as its browser counts; null: it does not. */
  freezes: number | null = null;
  /** Of those before it. */
  #before: number | null = null;
  #wantedAtMs = 0;
  #firstPictureMs: number | null = null;
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
      this.freezes = this.#before = this.#firstPictureMs = null;
      if (message.reportMs) this.#timer = setInterval(() => this.#report(), message.reportMs);
    } else if (message.type === 'live') {
      if (this.freezes !== null) this.#before = (this.#before ?? 0) + this.freezes;
      this.freezes = null;
      if (this.#firstPictureMs === null && this.#wantedAtMs > 0) this.#wantedAtMs = performance.now();
    }
  }

  #report(): void {
    const [now, before] = [this.freezes, this.#before];
    const freezes = now === null ? before : Math.min(1_000_000, now + (before ?? 0));
    const firstPictureMs = this.#firstPictureMs;
    if (firstPictureMs !== null) this.#send({ type: 'report', freezes, firstPictureMs });
  }
}
