import * as z from 'zod';
import { contentFault, soundLevels } from './content.ts';
import { broadcastStats, maxPlaylistItems, time } from './models.ts';
import { playlistItemId } from './names.ts';
import { plan } from './plan.ts';
import { programmeEntry } from './programme-state.ts';
import { maxRenditions } from './rendition-names.ts';
import { renditionName } from './renditions.ts';
import { itemFact } from './snapshot.ts';

/** An entry of a programme (`take`, `run`, `main`, `fallback-1` …, `slate`) and what it is called. */
const entry = { entry: z.string(), words: z.string() };
const item = { item: playlistItemId, words: z.string() };

/**
 * Why something else is on air. `away`: what was on air gives nothing any more; `ended`: it was played to its end; `failed`: it was
 * given up; `content`: it was black and silent (`rooms.NAME.onContent`); `back`: one that is preferred is there; `command`: an operator
 * wanted it.
 */
export const switchReason = z.enum(['away', 'ended', 'failed', 'content', 'back', 'command']);
export type SwitchReason = z.infer<typeof switchReason>;

/** What a programme tells that is announced as it is, with its broadcast and room. */
export const announced = {
  pipelineStarted: z.strictObject({
    type: z.literal('pipeline.started'),
    pid: z.int(),
    plan,
    /** It is the next round of what is repeated, and nothing has changed: told only with the figures, and not remembered. */
    round: z.boolean(),
  }),
  pipelineFailed: z.strictObject({
    type: z.literal('pipeline.failed'),
    message: z.string(),
    restarts: z.int(),
  }),
  /** ffmpeg is slower than real time; `speed` is a part of it, `hint` what helps. */
  pipelineOverloaded: z.strictObject({
    type: z.literal('pipeline.overloaded'),
    speed: z.number(),
    /** What is made from now on, the best first, where `auto` stepped down; null: as before. */
    renditions: z.array(renditionName).max(maxRenditions).readonly().nullable(),
    hint: z.string(),
  }),
  /** Something else is on air: the slate too, to and from. */
  switched: z.strictObject({
    type: z.literal('programme.switched'),
    from: z.strictObject(entry),
    to: z.strictObject(entry),
    /** What the slate stood in for, where it is the slate that is left; null: nothing, or not known. */
    insteadOf: z.strictObject(entry).nullable(),
    reason: switchReason,
  }),
  /** An operator has changed how it is played. */
  changed: z.strictObject({
    type: z.literal('programme.changed'),
    paused: z.boolean(),
    volumePercent: z.int(),
    muted: z.boolean(),
  }),
  /** A source gives nothing any more, and is looked for. */
  sourceAway: z.strictObject({ type: z.literal('source.away'), ...entry, reason: z.string() }),
  /** So much of a source could not be had, also when it was asked for again, and it goes on behind that. */
  sourceGap: z.strictObject({
    type: z.literal('source.gap'),
    ...entry,
    missingMs: z.int(),
    reason: z.string(),
  }),
  /** Nothing comes of these tracks of a source while the other goes on: silence or the slate's picture stands in. None: both come again. */
  sourceLacks: z.strictObject({
    type: z.literal('source.lacks'),
    ...entry,
    tracks: programmeEntry.shape.lacks,
  }),
  sourceBack: z.strictObject({ type: z.literal('source.back'), ...entry }),
  /** What is on air has been a black picture for longer than `content.black`. `since`: from when on. */
  contentBlack: z.strictObject({ type: z.literal('content.black'), ...entry, since: time }),
  /** What is on air has been one and the same picture for longer than `content.frozen`. */
  contentFrozen: z.strictObject({ type: z.literal('content.frozen'), ...entry, since: time }),
  /** What is on air has been silent for longer than `content.silent`; `hadSound`: there was sound before. */
  contentSilent: z.strictObject({
    type: z.literal('content.silent'),
    ...entry,
    since: time,
    hadSound: z.boolean(),
  }),
  /** The sound of what is on air has been cut off at full scale for longer than `content.clipping`. */
  contentClipping: z.strictObject({ type: z.literal('content.clipping'), ...entry, since: time }),
  /** It is not so any more, or something else is on air. */
  contentBack: z.strictObject({
    type: z.literal('content.back'),
    ...entry,
    fault: contentFault,
    since: time,
  }),
  /** It has been decided how a source is played, or what comes from it has changed. */
  planChanged: z.strictObject({
    type: z.literal('plan.changed'),
    ...entry,
    plan,
    /** What somebody who publishes should set so that it costs less; null: nothing. */
    advice: z.string().nullable(),
  }),
  /** The item at this place of the playlist begins. */
  playlistItem: z.strictObject({ type: z.literal('playlist.item'), index: z.int(), ...item }),
  /** An item cannot be played, and the next one is. */
  playlistSkipped: z.strictObject({ type: z.literal('playlist.skipped'), ...item, reason: z.string() }),
};

/** What a programme tells. */
export const programmeEvent = z.discriminatedUnion('type', [
  /** The first frames have left. */
  z.strictObject({ type: z.literal('live') }),
  ...Object.values(announced),
  z.strictObject({ type: z.literal('stats'), stats: broadcastStats, levels: soundLevels.nullable() }),
  /** What was found out of items of a candidate's playlist since this was told last, by their ids. */
  z.strictObject({
    type: z.literal('items'),
    candidate: z.string(),
    found: z
      .record(playlistItemId, itemFact)
      .refine((found) => Object.keys(found).length <= maxPlaylistItems, 'expected the items of one playlist'),
  }),
  /** Nothing more will come; `message` where it failed. */
  z.strictObject({ type: z.literal('ended'), message: z.string().nullable(), stats: broadcastStats }),
]);
export type ProgrammeEvent = z.infer<typeof programmeEvent>;
