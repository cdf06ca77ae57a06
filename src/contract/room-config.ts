import * as z from 'zod';
import { absolutePath, section } from './config-section.ts';
import { roomContentSection } from './content-config.ts';
import { daypartsSection } from './dayparts.ts';
import { roomAudioSection } from './loudness-config.ts';
import { oneSource, sourceKeys } from './one-source.ts';
import { roomSignKeys } from './room-sign.ts';
import { durationMs } from './units.ts';

/** More would be tried one after the other while viewers look at the slate. */
const maxFallbacks = 10;

const fallbackHint = 'expected slate, or one of publisher, file, url and playlist with its value';

/** What is put on air while everything before it is away: its key says what it is, and exactly one is given. */
const fallback = z.preprocess(
  (raw) => (raw === 'slate' ? { slate: null } : raw),
  z
    .strictObject(
      {
        ...sourceKeys,
        slate: z
          .null()
          .transform(() => ({ kind: 'slate' as const }))
          .optional(),
      },
      fallbackHint,
    )
    .transform(({ headers, ...keys }, context) => oneSource(keys, headers, fallbackHint, context)),
);
export type Fallback = z.output<typeof fallback>;

const slate = section({
  /** `card`: made of the room's name; `image` and `clip`: the file at `path`. */
  kind: z.enum(['card', 'image', 'clip']).default('card'),
  /** Stands on the card below the room's name; null: 'We will be right back'. */
  text: z.string().min(1).max(200).nullable().default(null),
  path: absolutePath.nullable().default(null),
}).superRefine(({ kind, path }, context) => {
  if (kind === 'card' || path !== null) return;
  context.addIssue({ code: 'custom', path: ['path'], message: `expected the absolute path of the ${kind}` });
});

const poster = z
  .string()
  .regex(/^(auto|off|\/.*)$/s, 'expected auto, off, or the absolute path of an image')
  .default('auto');

/** What is set for one room. */
export const roomSection = section({
  ...roomSignKeys,
  /** Whether viewers are let in; `link`: those who have a watch link. Given here, or where nothing is lost, it holds; what the file does not open is shut while the state is lost. */
  access: z.enum(['open', 'link', 'closed']).default('open'),
  /** What a publish with a valid stream key does: puts the room on air, or waits until an operator takes it. */
  onPublish: z.enum(['live', 'standby']).default('live'),
  /** What happens to a second publisher with the same stream key: it is refused, or ends the first. */
  onConflict: z.enum(['refuse', 'takeover']).default('refuse'),
  /** How long a broadcast waits on its slate for its source to come back, or to work again, before it ends; one whose fallback plays does not end by it. */
  reconnectGrace: durationMs.prefault('60s'),
  /** Whether the room is on air on its slate when there is nothing else. */
  alwaysOn: z.boolean().default(false),
  /** What viewers see while there is nothing else. */
  slate,
  /** The still that the page shows until the picture moves, and `/poster/ROOM`: made of what is on air, none, or the image at this path. */
  poster,
  /** What is put on air while the source is away, the preferred first; behind the last comes the slate. */
  fallback: z.array(fallback).max(maxFallbacks).default([]),
  /** What plays at which time of the day. */
  dayparts: daypartsSection,
  /** Whether a source that is back is put on air again by itself. */
  failback: z.enum(['auto', 'manual']).default('auto'),
  /** How long a source has to be back before it is, against flapping. */
  hold: durationMs.prefault('5s'),
  /**
   * What follows where what is on air is black and silent at once, each for so long that it is told: nothing but that, the slate, or the next
   * fallback, and behind the last the slate.
   */
  onContent: z.enum(['tell', 'slate', 'fallback']).default('tell'),
  /** Whether viewers may raise a hand on the room's page. */
  hands: z.boolean().default(false),
  limits: section({
    /** Viewers of this room at once; null: as many as `limits.viewers` lets in. */
    viewers: z.int().min(1).nullable().default(null),
  }),
  /** Where it differs from `content`, which is of all rooms. */
  content: roomContentSection,
  /** Where it differs from `audio`, which is of all rooms. */
  audio: roomAudioSection,
});
/** A room's configuration after parsing; durations in ms. */
export type RoomConfig = z.output<typeof roomSection>;

/** Settings of a room in the words and the nesting of the configuration file, only those that were given: `{ hold: '2s', slate: { text: 'Soon' } }`. */
export type RoomWords = Readonly<Record<string, unknown>>;
