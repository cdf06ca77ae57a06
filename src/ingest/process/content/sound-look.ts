import type { SoundLevels } from '../../../contract/content.ts';

/** Sound is judged in pieces of so many samples of each channel: a second at 48 kHz. */
const pieceSamples = 48_000;
const fullScale = 32_768;
/** Silence is below this, in dBFS (mean over a piece), as ffmpeg's silencedetect has it. */
export const silentDb = -60;
const silentPower = (fullScale * 10 ** (silentDb / 20)) ** 2;
/** As loud as a decoder can give it. */
const clippedFrom = 0.995 * fullScale;
/** So many of all samples are, where sound was too loud; masters that are merely loud have fewer. */
const clippedPart = 0.01;
/** What is below this is told as nothing. */
const floorDb = -100;

/** What a second of sound was. */
export interface SoundLook {
  readonly silent: boolean;
  readonly clipping: boolean;
  readonly levels: SoundLevels;
}

/** Judges decoded sound, second by second. */
export class SoundMeter {
  readonly #channels: number;
  #power = 0;
  #peak = 0;
  #clipped = 0;
  #count = 0;

  constructor(channels: number) {
    this.#channels = channels;
  }

  /** @param samples signed, 16 bit, the machine's order. Gives what the last second was that is whole by now; null: none is. */
  push(samples: Int16Array): SoundLook | null {
    for (const sample of samples) {
      const square = sample * sample;
      this.#power += square;
      if (square > this.#peak) this.#peak = square;
      if (sample >= clippedFrom || sample <= -clippedFrom) this.#clipped++;
    }
    this.#count += samples.length;
    if (this.#count < pieceSamples * this.#channels) return null;
    const power = this.#power / this.#count;
    const look = {
      silent: power < silentPower,
      clipping: this.#clipped >= this.#count * clippedPart,
      levels: { peakDb: decibels(this.#peak), loudnessDb: decibels(power) },
    };
    this.reset();
    return look;
  }

  reset(): void {
    this.#power = 0;
    this.#peak = 0;
    this.#clipped = 0;
    this.#count = 0;
  }
}

/** Of a square of samples, to a tenth. */
function decibels(square: number): number {
  return Math.max(floorDb, Math.round(100 * Math.log10(square / fullScale ** 2)) / 10) + 0;
}
