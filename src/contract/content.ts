import * as z from 'zod';
import { time } from './models.ts';

/** What viewers would complain of, although something comes: a black or frozen picture, silence, sound that is too loud for its form. */
export const contentFaults = ['black', 'frozen', 'silent', 'clipping'] as const;
export const contentFault = z.enum(contentFaults);
export type ContentFault = z.infer<typeof contentFault>;

/** What is wrong with what viewers are given of a source, and since when. */
export const contentTrouble = z.strictObject({
  fault: contentFault,
  since: time,
  /** With `silent`: there was sound before. */
  hadSound: z.boolean(),
});
export type ContentTrouble = z.infer<typeof contentTrouble>;

/** What is wrong now, and how often something was since the programme began. */
export const contentState = z.strictObject({
  wrong: z.array(contentTrouble).max(contentFaults.length).readonly(),
  times: z.int().min(0),
});
export type ContentState = Readonly<z.infer<typeof contentState>>;

/** How loud what leaves was in its last second: the highest sample, and the mean of them all. In dB below full scale, 0 the loudest, -100 nothing. */
export const soundLevels = z.strictObject({ peakDb: z.number(), loudnessDb: z.number() });
export type SoundLevels = z.infer<typeof soundLevels>;
