import type { Clock, Timer } from '../../../contract/clock.ts';
import type { PlaylistItem } from '../../../contract/models.ts';
import type { Prepared } from '../players/player-maker.ts';
import type { ItemFacts } from './item-facts.ts';

/** When a look begins, and until when somebody waits for it. */
interface When {
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** The one look at an item that a playlist waits for: a later one outdates it. */
export class ItemLook {
  readonly #facts: Pick<ItemFacts, 'prepare'>;
  readonly #clock: Clock;
  readonly #post: (message: () => void) => void;
  /** Which look is waited for; undefined: none. */
  #current: { readonly item: PlaylistItem } | undefined;
  #pace: Timer | undefined;

  /** @param post hears of what was found, in order with all else */
  constructor(facts: Pick<ItemFacts, 'prepare'>, clock: Clock, post: (message: () => void) => void) {
    this.#facts = facts;
    this.#clock = clock;
    this.#post = post;
  }

  get active(): boolean {
    return this.#current !== undefined;
  }

  /** What is looked at; undefined: nothing. */
  get item(): PlaylistItem | undefined {
    return this.#current?.item;
  }

  look(
    item: PlaylistItem,
    { waitMs, signal }: When,
    found: (prepared: Prepared) => void,
    broken: (message: string) => void,
  ): void {
    this.cancel();
    const look = { item };
    const isWanted = () => this.#current === look && !signal.aborted;
    const told = (tell: () => void) =>
      this.#post(() => {
        if (!isWanted()) return;
        this.#current = undefined;
        tell();
      });
    const begin = () => {
      if (!isWanted()) return;
      this.#facts.prepare(item, signal).then(
        (prepared) => told(() => found(prepared)),
        (error: unknown) => told(() => broken(error instanceof Error ? error.message : String(error))),
      );
    };
    this.#current = look;
    if (waitMs === 0) begin();
    else this.#pace = this.#clock.after(waitMs, () => this.#post(begin));
  }

  /** Nobody waits for it any more. */
  cancel(): void {
    this.#pace?.cancel();
    this.#current = undefined;
  }
}
