/** Highest true peak, in dB: EBU R128 has -1, and Opus may add half of one. */
export const mostPeakDb = -1.5;
/** No sound has a higher true peak, in dB: what a decoder makes of damaged sound may, by 80 dB, and then all of it counts for the loudness. */
export const soundPeakDb = 20;
/** In dB: what is further away is meant to be, or is the noise of a quiet room. */
const [mostCutDb, mostLiftDb] = [-30, 20];

/** As much of a gain, in dB, as sound is changed by. */
export function gainWithin(db: number): number {
  return Math.min(mostLiftDb, Math.max(mostCutDb, db));
}
