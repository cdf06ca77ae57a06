import * as z from 'zod';
import { contentState, soundLevels } from '../content.ts';
import { announcedBroadcast, broadcastStats, onAir, roomEntry, time } from '../models.ts';
import { playlistItemId, roomName } from '../names.ts';
import { plan } from '../plan.ts';
import { playlistState, programmeEntry, programmeState } from '../programme-state.ts';
import { listedPublisher } from '../publishing.ts';
import { roomHealth } from './health.ts';

/** What is on air, without what changes by itself: that stands beside it in the room. */
const viewedBroadcast = announcedBroadcast.pick({
  id: true,
  name: true,
  state: true,
  kept: true,
  source: true,
  advice: true,
  startedAt: true,
});

/** What could be on air, each with its own plan and place, and what an operator has set. */
const viewedProgramme = programmeState.omit({ onAir: true, content: true, playlist: true }).extend({
  /** `place` is null for the one that is on air: the room's figures have it. */
  entries: z.array(programmeEntry),
});

/** What comes next by itself. */
const comesNext = z.strictObject({
  from: z.enum(['playlist', 'schedule']),
  words: z.string(),
  /** null: not known. */
  at: time.nullable(),
});

/** Who watches, and what reaches them. */
const audience = z.strictObject({
  viewers: z.int(),
  /** To whom media goes out. */
  playing: z.int(),
  withoutPicture: z.int(),
  /** How many get each rendition, by its name; who gets the only one there is is not in it. */
  renditions: z.record(z.string(), z.int()),
  /** What leaves for all of them; reckoned from those that were looked at in the last seconds. null: nobody was yet. */
  bitrateBps: z.int().nullable(),
  /** Of what was sent to the one in the middle of them, in %; null: not known. */
  lossPercent: z.number().nullable(),
  /** The same of the one who loses most. */
  worstLossPercent: z.number().nullable(),
  /** There and back to the one in the middle, in ms. */
  roundTripMs: z.int().nullable(),
  /** How many of them have it bad, by `suffers` of each. null: not known. */
  suffering: z.int().nullable(),
});
export type Audience = z.infer<typeof audience>;

/** A room as a screen shows it. Each key is one piece: a change brings it anew as a whole. */
export const viewedRoom = z.strictObject({
  name: roomName,
  entry: roomEntry,
  watchUrl: z.string(),
  /** What stands at its door; null: its name alone. A daemon that was started before an upgrade does not tell. */
  title: z.string().nullable().optional(),
  health: roomHealth,
  broadcast: viewedBroadcast.nullable(),
  /** null: nothing is, nor is about to be. */
  onAir: onAir.nullable(),
  plan: plan.nullable(),
  /** The layers of the picture, the lowest first. */
  renditions: z.array(z.string()),
  content: contentState.nullable(),
  next: comesNext.nullable(),
  publishers: z.array(listedPublisher),
  audience,
  /** Once a second. */
  figures: broadcastStats.nullable(),
  /** Once a second; null: nothing listens, or there is nothing to be heard of a source. */
  levels: soundLevels.nullable(),
  /** The item of a playlist that plays; null: none does. */
  item: z
    .strictObject({ item: playlistItemId, index: z.int(), count: z.int(), words: z.string() })
    .nullable(),
  /** With `detail=whole`; else null. */
  programme: viewedProgramme.nullable(),
  /** The same: the items around what plays. */
  playlist: playlistState.nullable(),
});
export type ViewedRoom = z.infer<typeof viewedRoom>;
