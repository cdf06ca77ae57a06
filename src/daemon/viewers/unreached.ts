import type { Clock } from '../../contract/clock.ts';
import type { Comer } from './bans.ts';
import { connectingMs } from './suffering.ts';
import { lineOf, type Sufferer } from './who-suffers.ts';

/** Who has not come back for so long, in ms, does not try any more. */
const forgottenMs = 120_000;
/** Pages that got nothing come back within so long, in ms (`back-off.ts` of the page): until then they have not gone. */
const betweenMs = 12_000;
/** Browsers say who they are, so somebody can make up any number of them: so many are remembered, and of one line so many. */
const [most, mostOfLine] = [4000, 250];

/** A browser's tries in a room since media came through last. */
interface Tries extends Comer {
  readonly browser: string;
  readonly line: string;
  /** For how long it has been without media in all of them. */
  readonly spentMs: number;
  /** When the last one ended. */
  readonly atMs: number;
}

/** Browsers to which no media comes through, over all their tries: a page that gets none comes back as another viewer, again and again. */
export class Unreached {
  readonly #clock: Pick<Clock, 'nowMs'>;
  /** By room and browser; who tried last stands last. */
  readonly #tries = new Map<string, Tries>();
  /** How many there are of each line. */
  readonly #lines = new Map<string, number>();

  constructor(clock: Pick<Clock, 'nowMs'>) {
    this.#clock = clock;
  }

  /** How many browsers are remembered. */
  get size(): number {
    return this.#tries.size;
  }

  /** A try is over, and no media has come through. @param forMs for how long it was waited for */
  failed(comer: Comer, forMs: number): void {
    const { room, browser, address } = comer;
    if (browser === null) return;
    const spentMs = this.spentMs(comer) + forMs;
    this.#forget(keyOf(comer));
    const line = lineOf(address);
    this.#makePlaceFor(line);
    const tries = { room, browser, address, line, spentMs, atMs: this.#clock.nowMs() };
    this.#tries.set(keyOf(comer), tries);
    this.#lines.set(line, (this.#lines.get(line) ?? 0) + 1);
  }

  /** Media has come through. */
  reached(comer: Comer): void {
    this.#forget(keyOf(comer));
  }

  /** For how long a browser was without media in all its tries before the one that is under way, in ms. */
  spentMs(comer: Comer): number {
    const tries = this.#tries.get(keyOf(comer));
    return tries && !this.#isOver(tries) ? tries.spentMs : 0;
  }

  /** Those that have got nothing for too long and are between two tries, by their rooms. @param isThere whether a browser tries now */
  between(isThere: (room: string, browser: string) => boolean): Map<string, Sufferer[]> {
    const sinceMs = this.#clock.nowMs() - betweenMs;
    const away = [...this.#tries.values()].filter(
      ({ room, browser, spentMs, atMs }) =>
        atMs >= sinceMs && spentMs >= connectingMs && !isThere(room, browser),
    );
    const byRoom = Map.groupBy(away, ({ room }) => room);
    return new Map([...byRoom].map(([room, all]) => [room, all.map(asSufferer)]));
  }

  #isOver({ atMs }: Tries): boolean {
    return this.#clock.nowMs() - atMs > forgottenMs;
  }

  /** Whoever makes up browsers pushes out his own first. */
  #makePlaceFor(line: string): void {
    for (const [key, tries] of this.#tries) {
      if (!this.#isOver(tries) && this.#tries.size < most) break;
      this.#forget(key);
    }
    if ((this.#lines.get(line) ?? 0) < mostOfLine) return;
    for (const [key, tries] of this.#tries)
      if (tries.line === line) {
        this.#forget(key);
        return;
      }
  }

  #forget(key: string): void {
    const tries = this.#tries.get(key);
    if (!tries) return;
    this.#tries.delete(key);
    const left = (this.#lines.get(tries.line) ?? 0) - 1;
    if (left > 0) this.#lines.set(tries.line, left);
    else this.#lines.delete(tries.line);
  }
}

function keyOf({ room, browser }: Comer): string {
  return `${room} ${browser}`;
}

function asSufferer({ browser, address }: Tries): Sufferer {
  return {
    ...{ id: browser, browser, address, rendition: null, lossPercent: null, frozenPercent: null },
    ...{ state: 'connecting', suffers: 'connecting' },
  };
}
