import * as z from 'zod';
import { section } from './config-section.ts';
import type { ContentFault } from './content.ts';
import { durationMs } from './units.ts';

/** How long something may be wrong before it is told, in ms; `off`: it is not looked for. */
const limit = z.union([z.literal('off'), durationMs], { error: 'expected a duration such as 10s, or off' });

/** How long what is on air may be so before it is told. */
export const contentSection = section({
  /** The picture is black. */
  black: limit.prefault('10s'),
  /** The picture does not move; slides stand still by nature. */
  frozen: limit.prefault('off'),
  /** No sound is heard. */
  silent: limit.prefault('10s'),
  /** The sound is cut off at full scale. */
  clipping: limit.prefault('10s'),
});
export type ContentConfig = z.output<typeof contentSection>;

/** The same of one room; null: as in all. */
export const roomContentSection = section({
  black: limit.nullable().default(null),
  frozen: limit.nullable().default(null),
  silent: limit.nullable().default(null),
  clipping: limit.nullable().default(null),
} satisfies Record<ContentFault, unknown>);
export type RoomContentConfig = z.output<typeof roomContentSection>;

/** What holds in a room, in ms; null: it is not looked for. */
export function contentLimits(
  all: ContentConfig,
  room: RoomContentConfig,
): Record<ContentFault, number | null> {
  const of = (fault: ContentFault) => {
    const set = room[fault] ?? all[fault];
    return set === 'off' ? null : set;
  };
  return { black: of('black'), frozen: of('frozen'), silent: of('silent'), clipping: of('clipping') };
}
