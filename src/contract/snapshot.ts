import * as z from 'zod';
import { contentState } from './content.ts';
import { mediaMs, onAir, playlistEntrySource, playlistItem } from './models.ts';
import { playlistItemId } from './names.ts';
import { compatibleCodec, madePicture, maxCompatible, plan } from './plan.ts';
import { mostSkippedTold } from './playlist/skipped-items.ts';
import { programmeEntry } from './programme-state.ts';

/** Of the two halves of a snapshot; grows when what they mean changes. */
export const snapshotVersion = 1;

/** A programme has fewer: what was taken, its main source and its fallbacks. */
const maxCandidates = 100;

/** A candidate's id: `c-` and ten of a-z and 2-7. Another take of the same source is another candidate. */
export const candidateId = z.string().regex(/^c-[a-z2-7]{10}$/, 'expected an id such as c-k3v7qm2xay');

/** A playlist as the room wants it: with all that operators have changed in it. */
export const wantedPlaylist = z.strictObject({
  kind: z.literal('playlist'),
  /** In the order of `round`. */
  items: z.array(playlistItem),
  loop: z.boolean(),
  shuffle: z.boolean(),
  /** The orders of later rounds follow from it. */
  seed: z.int().min(0),
  /** How many times it had begun again when `items` was in this order. */
  round: z.int().min(0),
  /** Was taken out while it played: it plays to its end and is gone then. */
  leaving: playlistItemId.nullable(),
});
export type WantedPlaylist = z.infer<typeof wantedPlaylist>;

/** Where a candidate is to go on, once: an operator has chosen it. */
export const wantedPlace = z.strictObject({
  /** Grows with each place; the director tells the last one that it has gone to. */
  serial: z.int().min(1),
  /** null: the only item of a single source. */
  item: playlistItemId.nullable(),
  /** Place in the source; null: where the item begins. */
  positionMs: mediaMs.nullable(),
});
export type WantedPlace = z.infer<typeof wantedPlace>;

/** Which run of a schedule put a candidate there. */
export const runOwner = z.strictObject({
  /** The schedule's name. */
  schedule: z.string(),
  priority: z.int(),
  /** When it was to begin, in ms since 1970. */
  atMs: z.int(),
  /** What viewers are told; missing: nobody gave it a name. */
  title: z.string().optional(),
});
export type RunOwner = z.infer<typeof runOwner>;

/** The same with the candidate's id: what a run puts into a chain, and takes out of it. */
export const runEntry = runOwner.extend({ id: candidateId });
export type RunEntry = z.infer<typeof runEntry>;

/** A source that the room wants to be able to have on air. */
export const wantedCandidate = z.strictObject({
  id: candidateId,
  /** `take`, `run`, `main`, `fallback-1` … */
  name: z.string(),
  source: z.discriminatedUnion('kind', [...playlistEntrySource.options, wantedPlaylist]),
  place: wantedPlace.nullable(),
  /** Held at one picture. */
  paused: z.boolean(),
  /** Of a `run`. */
  run: runOwner.optional(),
});
export type WantedCandidate = z.infer<typeof wantedCandidate>;

/** What a programme is to be; written by the room alone. */
export const wanted = z.strictObject({
  version: z.literal(snapshotVersion),
  /** Grows with each change. */
  revision: z.int().min(0),
  /** The preferred one first; behind the last stands the slate. */
  chain: z.array(wantedCandidate),
  /** How often an operator has wanted the programme back: what is preferred waits for nothing then. */
  released: z.int().min(0),
  /** The slate over everything. */
  slate: z.boolean(),
  volumePercent: z.int().min(0).max(200),
  muted: z.boolean(),
  /** What the picture is made in besides, for players that cannot decode it; missing: nothing. */
  compatible: z.array(compatibleCodec).max(maxCompatible).optional(),
});
export type Wanted = z.infer<typeof wanted>;

/** How a candidate is. `onAir` begins when its first frame has left. Moments are wall clock, in ms since 1970. */
export const candidateState = z.discriminatedUnion('state', [
  /** Not asked for. */
  z.strictObject({ state: z.literal('idle') }),
  /** Asked for, no frame yet. */
  z.strictObject({ state: z.literal('starting') }),
  /** Could be on air now. */
  z.strictObject({ state: z.literal('ready') }),
  /** Was given to the splicer; nothing of it has left. */
  z.strictObject({ state: z.literal('cutting') }),
  z.strictObject({ state: z.literal('onAir') }),
  /** Gives nothing, and is looked for. */
  z.strictObject({ state: z.literal('away'), reason: z.string(), sinceMs: z.number() }),
  /** Black and silent: it plays on, seen by nobody, and is looked at until it is worth it again. */
  z.strictObject({ state: z.literal('withdrawn'), reason: z.string(), sinceMs: z.number() }),
  /** Over or given up; tried again at `againMs`, null: never by itself. */
  z.strictObject({
    state: z.literal('blocked'),
    reason: z.string().nullable(),
    againMs: z.number().nullable(),
  }),
]);
export type CandidateState = z.infer<typeof candidateState>;

/** A candidate as the director sees it. */
export const seenCandidate = z.strictObject({
  id: candidateId,
  is: candidateState,
  /** The item that plays, or would go on; null: none yet, or none any more. */
  item: playlistItemId.nullable(),
  /** Its place in the playlist, or that of the one that was left last; -1 before the first. */
  index: z.int().min(-1),
  round: z.int().min(0),
  /** Place in the source of what plays, or would go on. */
  positionMs: z.number().min(0),
  /** Where it ends in its source; null: not known, or nowhere. */
  endMs: z.number().nullable(),
  /** It can be begun at any place; null: not known yet. */
  seekable: z.boolean().nullable(),
  /** The serial of the last wanted place that it has gone to; 0: none. */
  placed: z.int().min(0),
  /** The serial of a wanted place that it could not be begun at, and why: it plays on where it was; null: there was none such. */
  unplaced: z.strictObject({ serial: z.int().min(1), reason: z.string() }).nullable(),
  /** Items that are passed over, why, and since when. */
  skipped: z
    .array(z.strictObject({ item: playlistItemId, reason: z.string(), atMs: z.number() }))
    .max(mostSkippedTold),
  /** It is its item's turn, and the item gives nothing. */
  waits: z.boolean(),
  /** The picture that it is to be held at could not be had: it plays on meanwhile. */
  unheld: z.boolean(),
  lost: programmeEntry.shape.lost,
  lacks: programmeEntry.shape.lacks,
  /** How what plays is played; null: not known yet. */
  plan: plan.nullable(),
});
export type SeenCandidate = z.infer<typeof seenCandidate>;

/** What was found out of an item of a playlist. It is told once: a playlist may have thousands. */
export const itemFact = z.strictObject({
  /** How long its source is, in ms; null: not known. */
  durationMs: z.number().nullable(),
  /** When it began last, in ms since 1970; null: it did not. */
  beganMs: z.number().nullable(),
});
export type ItemFact = Readonly<z.infer<typeof itemFact>>;

/** The generation of what an earlier daemon has seen: nothing is opened with it. */
export const unopened = 0;

/** What a programme is; written by the director alone. */
export const seen = z.strictObject({
  version: z.literal(snapshotVersion),
  /** Which opening of the programme saw it: what comes late from an earlier one is dropped. */
  generation: z.int().min(0),
  /** The revision of what is wanted that it followed. */
  revision: z.int().min(0),
  /** When, in ms since 1970. */
  atMs: z.number(),
  /** What viewers see; null: the slate, or nothing yet. */
  onAir: candidateId.nullable(),
  /** Something has left, ever. */
  live: z.boolean(),
  /** The same in words, and since when. */
  shown: onAir,
  candidates: z.array(seenCandidate).max(maxCandidates),
  /** What is not wanted any more, and on air until something else is. */
  outgoing: programmeEntry.nullable(),
  /** Why the slate is the card; null: it is as it should be. */
  slateProblem: z.string().nullable(),
  /** Counted over all openings. */
  switches: z.int(),
  restarts: z.int(),
  slates: z.int(),
  slateMs: z.number(),
  /** Of what is on air. */
  content: contentState,
  /** What is made for players that cannot decode the picture; missing: nothing. */
  compatible: z.array(madePicture).max(maxCompatible).optional(),
});
export type Seen = z.infer<typeof seen>;

/** A programme as a value: whoever opens one gives both halves. `seen` is null before anybody has seen anything. */
export const snapshot = z.strictObject({ wanted, seen: seen.nullable() });
export type Snapshot = z.infer<typeof snapshot>;
