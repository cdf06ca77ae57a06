/** How a programme stands, once a second. */
export interface PipelineLook {
  readonly atMs: number;
  /** Names what plays: another name begins anew. */
  readonly playing: string;
  /** How far ffmpeg has come, on the source's own time line, in ms. */
  readonly reachedMs: number;
  /** What it has read ahead of what is on air, in ms. */
  readonly bufferedMs: number;
  /** A picture is encoded: a source that comes too slowly by itself is none of ffmpeg's fault. */
  readonly transcodes: boolean;
}

/** So long, in ms, it must have been too slow: a hard scene and a start are shorter. */
const windowMs = 5000;
/** Slower than this, of real time, is too slow; the rest is what measuring once a second is off by. */
const slowest = 0.95;
/** Slower than this is no encoder at work: the source is away. */
const standing = 0.05;
/** With more than this read ahead, in ms, nobody waits for it. */
const enoughMs = 500;
/** It is said again after so long, in ms. */
const againMs = 60_000;

/** Notices that ffmpeg is slower than real time, before viewers do where much was read ahead. Pure: it is told the time. */
export class OverloadWatch {
  #looks: PipelineLook[] = [];
  #saidAtMs = Number.NEGATIVE_INFINITY;

  /** To be called once a second; gives the speed as a part of real time where it is too low, at most once a minute. */
  look(look: PipelineLook): number | null {
    const last = this.#looks.at(-1);
    const goesOn = last?.playing === look.playing && look.reachedMs >= last.reachedMs;
    if (!goesOn || !look.transcodes || look.bufferedMs > enoughMs) {
      this.#looks = [look];
      return null;
    }
    this.#looks.push(look);
    const [first = look] = this.#looks;
    const tookMs = look.atMs - first.atMs;
    if (tookMs < windowMs) return null;
    this.#looks.shift();
    const speed = (look.reachedMs - first.reachedMs) / tookMs;
    if (speed >= slowest || speed < standing || look.atMs - this.#saidAtMs < againMs) return null;
    this.#saidAtMs = look.atMs;
    return speed;
  }
}
