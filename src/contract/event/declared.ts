import * as z from 'zod';
import { maxPlaylistItems, playlistEntrySource, playlistItem, source } from '../models.ts';
import { declaredName, newKeyName, roomName } from '../names.ts';
import { renditions } from '../renditions.ts';
import { roomSection } from '../room-config.ts';
import { scheduleName, scheduleSpec } from '../schedule.ts';

/** Of event files that this mirolive reads. */
export const declaredVersion = 1;

/** A playlist that is kept by its name. */
export const savedPlaylist = z.strictObject({
  items: z.array(playlistItem).min(1).max(maxPlaylistItems),
  loop: z.boolean().default(false),
  shuffle: z.boolean().default(false),
  filler: playlistEntrySource.optional(),
});
export type SavedPlaylist = z.infer<typeof savedPlaylist>;

/** A playlist by the name that it is kept by: what is in it when it is put on air. */
export const savedSource = z.strictObject({ kind: z.literal('saved'), playlist: declaredName });

/** A stream key, by the hash of its secret. */
export const declaredKey = z.strictObject({
  room: roomName,
  name: newKeyName,
  hash: z.string().regex(/^[0-9a-f]{64}$/, 'expected the SHA-256 of a secret, 64 of 0-9 and a-f'),
  /** null: valid for ever. */
  expiresAt: z.iso
    .datetime({ offset: true, error: 'expected a moment such as 2026-12-31T22:00:00Z' })
    .nullable()
    .default(null),
});
export type DeclaredKey = z.infer<typeof declaredKey>;

/** What is to be on air in a room. */
export const declaredBroadcast = z.strictObject({
  source: z.discriminatedUnion('kind', [...source.options, savedSource]),
  name: z.string().min(1).max(200).optional(),
  renditions: renditions.optional(),
});
export type DeclaredBroadcast = z.infer<typeof declaredBroadcast>;

/** What is to happen at its hour, and whether it is paused; without `paused` that stays as it is. */
export const declaredSchedule = scheduleSpec.safeExtend({ paused: z.boolean().optional() });
export type DeclaredSchedule = z.infer<typeof declaredSchedule>;

/** Settings of a room in the words of the configuration file, only those that are given. */
export const roomWords = z.record(z.string(), z.unknown()).superRefine((words, context) => {
  for (const issue of roomSection.safeParse(words).error?.issues ?? []) context.addIssue({ ...issue });
});

/** What an event file declares: paths are absolute, of secrets there are hashes. */
export const declared = z.strictObject({
  name: declaredName,
  rooms: z.record(roomName, roomWords).default({}),
  keys: z.array(declaredKey).max(10_000).default([]),
  playlists: z.record(declaredName, savedPlaylist).default({}),
  broadcasts: z.record(roomName, declaredBroadcast).default({}),
  schedules: z.record(scheduleName, declaredSchedule).default({}),
});
export type Declared = z.infer<typeof declared>;
/** The same with its defaults left out. */
export type NewDeclared = z.input<typeof declared>;
