import type { Logger } from 'pino';
import { type Clock, every, type Timer } from '../../contract/clock.ts';
import { doAll } from '../../contract/do-all.ts';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import type { View } from '../../contract/view/view.ts';
import type { ViewLine } from '../../contract/view/view-line.ts';
import { ChangeRing } from './change-ring.ts';
import { diff } from './diff.ts';
import { changesThrough, type Lens, lensKey, through } from './lens.ts';
import { isMore, noWants, type Wants, wantsOf } from './wants.ts';

/** Figures are told so often, in ms. */
export const figuresMs = 1000;
/** What changes at the same time is told as one, this long, in ms, after the first of it: no eye sees that. */
const settleMs = 50;
/** Whoever comes back within so long after everybody has gone, in ms, goes on where he was. */
const backMs = 120_000;

/** What there is to be seen. */
export interface Sight {
  /** Begins to measure, and to tell which room has changed, null: maybe all. Gives what ends both. */
  watch(changed: (room: string | null) => void): () => void;
  /** What is seen now. @param before what was seen last; null: nothing */
  look(before: View | null, what: Looked): View;
}

/** What is looked at. */
export interface Looked {
  /** The rooms whose states may have changed; null: all, and the daemon itself. */
  readonly rooms: ReadonlySet<string> | null;
  /** Figures are looked at too. */
  readonly figures: boolean;
  readonly wants: Wants;
}

/** Where somebody was who comes back. */
export interface Place {
  readonly epoch: string;
  readonly after: number;
}

export interface ObserverOptions {
  readonly sight: Sight;
  readonly clock: Clock;
  readonly log: Logger;
  /** Another one with each start of the daemon. */
  readonly epoch: string;
  /** For how long addresses of viewers are kept, in ms. Default: as long as it takes to come back. */
  readonly keepAddressesMs?: () => number;
}

/** Somebody who observes. */
interface Reader {
  readonly lens: Lens;
  /** There is something new, or he is to end. */
  wake(): void;
}

/**
 * Makes the live view, once for all who observe, while somebody does. Who reads slowly has what he missed as one change: nothing is
 * kept for him, nor does anybody wait for him.
 */
export class Observer {
  readonly #options: ObserverOptions;
  readonly #readers = new Set<Reader>();
  readonly #ring = new ChangeRing();
  /** Of the latest change, by whose it is and where he was: most read the same. */
  readonly #lines = new Map<string, ViewLine | null>();
  #view: View | null = null;
  #wants = noWants;
  /** While somebody observes. */
  #work: { readonly stop: () => void; readonly figures: Timer } | null = null;
  /** What is to be looked at, once it has settled. */
  #settling: { readonly rooms: Set<string>; all: boolean } | null = null;
  #failure: MiroliveError | null = null;
  /** When the last of all went; null: somebody observes, or nothing has been seen since. */
  #leftMs: number | null = null;

  constructor(options: ObserverOptions) {
    this.#options = options;
  }

  /** How many observe. */
  get readers(): number {
    return this.#readers.size;
  }

  /**
   * A snapshot, or what has changed since `from`, then what changes. Each line is what there is to tell when it is asked for.
   *
   * @param gone ends it; with a MiroliveError as its reason, by that
   */
  async *observe(lens: Lens, from: Place | null, gone: AbortSignal): AsyncGenerator<ViewLine> {
    let wake = () => {};
    const reader = { lens, wake: () => wake() };
    gone.addEventListener('abort', reader.wake);
    this.#readers.add(reader);
    try {
      this.#begin();
      const { epoch } = this.#options;
      const isKnown = from?.epoch === epoch && this.#ring.since(from.after) !== null;
      const first = isKnown ? resumed(epoch, from.after) : this.#snapshot(lens);
      yield first;
      let { seq } = first;
      for (;;) {
        while (seq === this.#ring.seq && !gone.aborted && !this.#failure)
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        if (this.#failure) throw this.#failure;
        if (gone.reason instanceof MiroliveError) throw gone.reason;
        if (gone.aborted) return;
        const line = this.#lineAfter(seq, lens);
        ({ seq } = this.#ring);
        if (line) yield line;
      }
    } finally {
      gone.removeEventListener('abort', reader.wake);
      this.#readers.delete(reader);
      if (this.#readers.size === 0) this.#end();
    }
  }

  /** Who was seen is not remembered for ever: nobody comes back any more. */
  tidy(): void {
    if (this.#leftMs === null || this.#options.clock.nowMs() - this.#leftMs < backMs) return;
    this.#leftMs = null;
    this.#forget();
  }

  /** Nobody has observed before, the last look failed, or he wants more than all the others: it is looked at for him. */
  #begin(): void {
    const { sight, clock } = this.#options;
    const wants = this.#wanted();
    const isMoreWanted = isMore(wants, this.#wants);
    if (this.#work && this.#view && !isMoreWanted) return;
    const isFirst = !this.#work;
    if (!this.#work) {
      this.tidy();
      this.#leftMs = null;
      this.#failure = null;
      const stop = sight.watch((room) => this.#changed(room));
      this.#work = { stop, figures: every(clock, figuresMs, () => this.#look(null, true)) };
    }
    this.#look(null, isFirst);
    if (this.#failure) throw this.#failure;
  }

  #end(): void {
    this.#work?.stop();
    this.#work?.figures.cancel();
    this.#work = null;
    this.#settling = null;
    const { clock, keepAddressesMs = () => backMs } = this.#options;
    this.#leftMs = clock.nowMs();
    // Who comes back has a snapshot then.
    if (keepAddressesMs() < backMs) this.#forget();
  }

  #forget(): void {
    this.#view = null;
    this.#ring.forget();
    this.#lines.clear();
  }

  #changed(room: string | null): void {
    if (this.#settling) {
      if (room === null) this.#settling.all = true;
      else this.#settling.rooms.add(room);
      return;
    }
    const settling = { rooms: new Set(room === null ? [] : [room]), all: room === null };
    this.#settling = settling;
    this.#options.clock.after(settleMs, () => {
      if (this.#settling !== settling) return;
      this.#settling = null;
      this.#look(settling.all ? null : settling.rooms, false);
    });
  }

  /** What goes wrong here is a fault of the program: who observes is told, and the daemon goes on. */
  #look(rooms: ReadonlySet<string> | null, figures: boolean): void {
    const { sight, log } = this.#options;
    this.#wants = this.#wanted();
    try {
      const before = this.#view;
      const after = sight.look(before, { rooms, figures, wants: this.#wants });
      const changes = before && diff(before, after);
      this.#view = after;
      // Who has not heard of it by now gets a snapshot.
      this.#failure = null;
      if (!changes) return;
      this.#ring.push(changes);
      this.#lines.clear();
    } catch (error) {
      log.error({ err: error }, 'the live view could not be made');
      this.#failure = asMiroliveError(error);
      this.#forget();
    }
    doAll([...this.#readers].map(({ wake }) => wake));
  }

  #wanted(): Wants {
    return wantsOf([...this.#readers].map(({ lens }) => lens));
  }

  #snapshot(lens: Lens): Extract<ViewLine, { type: 'snapshot' }> {
    const { epoch } = this.#options;
    if (!this.#view) throw this.#failure ?? new MiroliveError('INTERNAL', 'nothing was looked at');
    return { type: 'snapshot', epoch, seq: this.#ring.seq, view: through(lens, this.#view) };
  }

  /** All that is new since a change; null: nothing that is seen by this lens. */
  #lineAfter(seq: number, lens: Lens): ViewLine | null {
    const key = `${seq} ${lensKey(lens)}`;
    const known = this.#lines.get(key);
    if (known !== undefined) return known;
    const missed = this.#ring.since(seq);
    const changes = missed && changesThrough(lens, missed);
    const line = missed
      ? changes && ({ type: 'change', seq: this.#ring.seq, changes } as const)
      : this.#snapshot(lens);
    this.#lines.set(key, line);
    return line;
  }
}

function resumed(epoch: string, seq: number): Extract<ViewLine, { type: 'resumed' }> {
  return { type: 'resumed', epoch, seq };
}
