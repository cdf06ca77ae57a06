import { gainWithin } from '../../plan/gain.ts';

/** Loudness is that of the last 0.4 s, told each 0.1 s: as EBU R128 takes them together. */
const perSecond = 10;
/** What is heard over so long counts, in s: speech with its pauses, some scenes of a film. */
const memoryS = 60;
/** Nothing quieter is heard, in LUFS: a room in which nobody speaks is not made loud. */
const leastLufs = -50;
/** Nothing that is sound is louder, in LUFS: what a decoder makes of sound that was damaged on its way may be, by 80 dB. */
const mostLufs = 10;
/** Nothing that is so much quieter than the rest counts, in LU (EBU R128). */
const gateLu = 10;
/** Nothing is changed before so much was heard, in s. */
const firstS = 1;
/** How often it is changed, in s, and by how much at most, in dB: 1 dB/s up, and 2 dB/s down, which nobody notices as a jump. */
const stepS = 0.5;
const [liftDb, cutDb] = [0.5, 1];
/** What is so near to its loudness, in LU, is left alone. */
const nearLu = 1;

/** Where a gain stands, in dB, for who goes on with it. */
export interface StandingGain {
  db: number;
}

/** Brings what was not measured to one loudness while it is heard, slowly. Pure: its time is that of what is heard. */
export class SlowGain {
  readonly #targetLufs: number;
  readonly #standing: StandingGain;
  /** Energies of what was loud enough. */
  #heard: number[] = [];
  #ticks = 0;
  #moves = false;

  /** @param standing where it begins, and where it is told to stand */
  constructor(targetLufs: number, standing: StandingGain) {
    this.#targetLufs = targetLufs;
    this.#standing = standing;
  }

  /** @param lufs of the last 0.4 s. Gives whether the gain is another from now on. */
  hear(lufs: number): boolean {
    if (lufs > leastLufs && lufs <= mostLufs) {
      this.#heard.push(10 ** (lufs / 10));
      if (this.#heard.length > memoryS * perSecond) this.#heard.shift();
    }
    if (++this.#ticks % (stepS * perSecond) !== 0 || this.#heard.length < firstS * perSecond) return false;
    const meanLufs = this.#meanLufs();
    // In a pause it stays as it is.
    return lufs > meanLufs - gateLu && this.#move(gainWithin(this.#targetLufs - meanLufs));
  }

  #move(towardDb: number): boolean {
    const awayDb = towardDb - this.#standing.db;
    if (!this.#moves && Math.abs(awayDb) < nearLu) return false;
    const stepDb = Math.max(-cutDb, Math.min(liftDb, awayDb));
    this.#moves = stepDb !== awayDb;
    this.#standing.db += stepDb;
    return stepDb !== 0;
  }

  #meanLufs(): number {
    const all = lufsOf(this.#heard);
    return lufsOf(this.#heard.filter((energy) => 10 * Math.log10(energy) > all - gateLu));
  }
}

function lufsOf(energies: readonly number[]): number {
  return 10 * Math.log10(energies.reduce((sum, energy) => sum + energy, 0) / energies.length);
}
