import { type Card, cardWords, type UpNext } from '../../../contract/card-words.ts';
import type { Clock, Timer } from '../../../contract/clock.ts';
import type { Plan } from '../../../contract/plan.ts';
import type { Slate } from '../slate/slate.ts';
import { Feed } from '../splicer/feed.ts';
import type { Player, PlayerNews } from './player.ts';

/** What it says changes once a second. */
const secondUs = 1_000_000;
/** So many seconds are drawn at once, and again when so many are left: to start ffmpeg takes as long as to draw several. */
const drawnAtOnce = 20;
const drawnAgain = 5;
/** When the next item starts is taken anew where it is off by more than this, in µs; less is how late we were told of it. */
const offUs = 500_000;

export interface CardPlayerOptions {
  readonly card: Card;
  /** The card with nothing filled in: what is shown of it where it cannot be drawn. */
  readonly bare: Slate;
  /** Draws cards, of a second each. */
  readonly draw: (cards: readonly Card[]) => Promise<readonly Slate[]>;
  /** What follows it, were it on air now. */
  readonly upNext: () => UpNext;
  readonly tell: (news: PlayerNews) => void;
  readonly clock: Clock;
}

/**
 * Plays a card that says what comes next: each second of it is drawn a few seconds before it is sent, as the playlist is by then.
 * The second before is shown for longer where the next one is not drawn yet.
 */
export class CardPlayer implements Player {
  readonly plan: Plan = { video: null, audio: null };
  readonly #options: CardPlayerOptions;
  #feed: Feed;
  /** Those that were drawn for the next seconds, by their words. */
  #drawn: ReadonlyMap<string, Slate> = new Map();
  /** What was pushed first, and last. */
  #first: Slate | undefined;
  #last: Slate | undefined;
  #drawing: Promise<void> | undefined;
  /** When it is looked at by the second. */
  #timer: Timer | undefined;
  #closed = false;
  /** Where what was pushed ends, in µs. */
  #pushedUs = 0;
  /** Where the next item starts, in µs on the feed's own timeline; null: nobody knows. */
  #startsUs: number | null = null;

  constructor(options: CardPlayerOptions) {
    this.#options = options;
    this.#feed = this.#newFeed();
    this.#bySecond();
  }

  /** Another one where nothing of it has left, and what waits is not what it says any more. */
  get feed(): Feed {
    return this.#feed;
  }

  setVolume(): void {}

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await this.#drawing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #newFeed(): Feed {
    this.#pushedUs = 0;
    const onRoom = () => feed === this.#feed && this.#fill();
    const feed: Feed = new Feed(['video', 'audio'], { still: true, onRoom });
    return feed;
  }

  #bySecond(): void {
    this.#goOn();
    this.#timer = this.#options.clock.after(secondUs / 1000, () => this.#bySecond());
  }

  #goOn(): void {
    const first = this.#feed.leftUs === undefined ? this.#clipAt(0, this.#next()) : undefined;
    const isOutdated = this.#first !== undefined && first !== undefined && first !== this.#first;
    if (isOutdated) this.#feed = this.#newFeed();
    this.#fill();
    if (isOutdated) this.#options.tell({ type: 'fed' });
  }

  #fill(): void {
    if (this.#closed) return;
    const next = this.#next();
    while (!this.#feed.full) {
      const clip = this.#clipAt(this.#pushedUs, next) ?? this.#last;
      if (!clip) break;
      if (this.#pushedUs === 0) this.#first = clip;
      for (const frame of clip.frames) this.#feed.push({ ...frame, ptsUs: frame.ptsUs + this.#pushedUs });
      this.#pushedUs += clip.durationUs;
      this.#last = clip;
    }
    // What waits is not seen before it is made anew.
    this.#drawAhead(this.#feed.leftUs === undefined ? 0 : this.#pushedUs, next);
  }

  /** What comes next. Looks when it starts, too. */
  #next(): string | null {
    const { next, inMs } = this.#options.upNext();
    const startsUs = inMs === null ? null : (this.#feed.startUs ?? this.#pushedUs) + inMs * 1000;
    const offByUs = Math.abs((startsUs ?? 0) - (this.#startsUs ?? Number.NEGATIVE_INFINITY));
    if (startsUs === null || offByUs > offUs) this.#startsUs = startsUs;
    return next;
  }

  #wordsAt(us: number, next: string | null): Card {
    const inMs = this.#startsUs === null ? null : Math.max(0, this.#startsUs - us) / 1000;
    return cardWords(this.#options.card, { next, inMs });
  }

  /** undefined: it is not drawn yet. */
  #clipAt(us: number, next: string | null): Slate | undefined {
    return this.#drawn.get(keyOf(this.#wordsAt(us, next)));
  }

  #drawAhead(fromUs: number, next: string | null): void {
    if (this.#drawing) return;
    const seconds = Array.from({ length: drawnAtOnce }, (_, at) =>
      this.#wordsAt(fromUs + at * secondUs, next),
    );
    const lacking = seconds.findIndex((card) => !this.#drawn.has(keyOf(card)));
    if (lacking === -1 || lacking >= drawnAgain) return;
    const coming = new Map(seconds.map((card) => [keyOf(card), card]));
    this.#drawing = this.#draw(coming).finally(() => {
      this.#drawing = undefined;
      if (this.#closed) return;
      this.#goOn();
      this.#options.tell({ type: 'fed' });
    });
  }

  /** Draws what is not drawn yet, and forgets what is not coming. */
  async #draw(coming: ReadonlyMap<string, Card>): Promise<void> {
    const { draw, bare, tell } = this.#options;
    const lacking = [...coming].filter(([key]) => !this.#drawn.has(key));
    const clips = await draw(lacking.map(([, card]) => card)).catch((error: unknown) => {
      tell({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
      return [];
    });
    const made = lacking.map(([key], index) => [key, clips[index] ?? bare] as const);
    const kept = [...this.#drawn].filter(([key]) => coming.has(key));
    this.#drawn = new Map([...kept, ...made]);
  }
}

function keyOf({ title, text }: Card): string {
  return `${title}\0${text}`;
}
