import * as z from 'zod';

/**
 * How a room fares, the worst last. `idle`: nothing is on air; `starting`: its first pictures have not left; `well`: nothing is to be done;
 * `strained`: viewers see what they should, and something is wrong all the same; `bad`: they do not.
 */
export const healthWords = ['idle', 'starting', 'well', 'strained', 'bad'] as const;
export type HealthWord = (typeof healthWords)[number];

/** A word, and the first reason for it; null: there is none to give. */
export const roomHealth = z.strictObject({ word: z.enum(healthWords), reason: z.string().nullable() });
export type RoomHealth = z.infer<typeof roomHealth>;
