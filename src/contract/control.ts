import * as z from 'zod';
import { maxPlaylistItems, mediaMs, playlistItem, source } from './models.ts';
import { playlistItemId } from './names.ts';
import { startPlace } from './start-place.ts';
import { protocolProblem } from './url-protocols.ts';

/** A place among the items of a playlist, 0 the first; null: behind the last. */
const place = z.int().min(0).max(maxPlaylistItems);

/** What cannot be played, whatever becomes of it, is refused before it is in the list. */
const addedItem = playlistItem.superRefine(({ source }, context) => {
  const message = source.kind === 'url' ? protocolProblem(source.url) : null;
  if (message === null) return;
  context.addIssue({ code: 'custom', path: ['source', 'url'], message: message.replace(/, got .*/, '') });
});

/** What an operator may do to a programme that is on air. */
export const control = z.discriminatedUnion('type', [
  /** The next item of the playlist, at once. */
  z.strictObject({ type: z.literal('next') }),
  /** The item before. */
  z.strictObject({ type: z.literal('previous') }),
  /** One item of the playlist, at once. */
  z.strictObject({ type: z.literal('jump'), item: playlistItemId }),
  /** More items for the playlist; what plays is not disturbed. */
  z.strictObject({
    type: z.literal('add'),
    items: z.array(addedItem).min(1).max(maxPlaylistItems),
    at: place.nullable().default(null),
  }),
  /** Another place for an item: the one that it has afterwards. */
  z.strictObject({ type: z.literal('move'), item: playlistItemId, to: place }),
  /** Takes an item out of the playlist; the one that plays is played to its end. */
  z.strictObject({ type: z.literal('remove'), item: playlistItemId }),
  /** Other items for the broadcast's own playlist, below whatever is taken: those that it has already stay the same, and what plays is not disturbed. */
  z.strictObject({
    type: z.literal('replace'),
    items: z.array(addedItem).min(1).max(maxPlaylistItems),
  }),
  /** Holds the picture of a file. */
  z.strictObject({ type: z.literal('pause') }),
  z.strictObject({ type: z.literal('resume') }),
  /** To a place of what is on air. */
  z.strictObject({ type: z.literal('seek'), positionMs: mediaMs }),
  /** So far on, or back where it is negative, from the place that is on air. */
  z.strictObject({ type: z.literal('seekBy'), offsetMs: z.int() }),
  /** Puts a source above the programme, until it ends or `release`. `place`: where it begins. */
  z.strictObject({ type: z.literal('take'), source, place: startPlace.optional() }),
  /** Back from what was taken, and from the slate, to the programme; where nothing was and it is not on, from what schedules have put above it. */
  z.strictObject({ type: z.literal('release') }),
  /** The slate over everything, or no longer. */
  z.strictObject({ type: z.literal('slate'), on: z.boolean() }),
  /** Loudness; 100 is as it comes. */
  z.strictObject({ type: z.literal('volume'), percent: z.int().min(0).max(200) }),
  z.strictObject({ type: z.literal('mute'), on: z.boolean() }),
]);
export type Control = z.infer<typeof control>;
