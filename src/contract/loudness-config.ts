import * as z from 'zod';
import { section } from './config-section.ts';

/** What `auto` brings sound to, in LUFS: what services on the web use, within EBU R128 s2. */
export const usualLufs = -16;

/** To what loudness sound is brought, in LUFS; `auto`: to the usual one where it is encoded anyway; `off`: it stays as it comes. */
export const loudnessRule = z.union([z.enum(['auto', 'off']), z.number().min(-40).max(-5)], {
  error: 'expected auto, off, or LUFS from -40 to -5, such as -23',
});
export type LoudnessRule = z.infer<typeof loudnessRule>;

export const audioSection = section({
  /** Loudness by EBU R128, in LUFS, for all sources alike; auto: -16 for sound that is encoded anyway, while Opus is passed on as it is; off: as it comes. */
  loudness: loudnessRule.default('auto'),
});

/** The same of one room; null: as in all. */
export const roomAudioSection = section({
  loudness: loudnessRule.nullable().default(null),
});
