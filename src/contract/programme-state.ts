import * as z from 'zod';
import { contentState } from './content.ts';
import { onAir, sourceKind, time } from './models.ts';
import { playlistItemId } from './names.ts';
import { plan } from './plan.ts';

/** What may be on air in a programme, and how it is: its main source, its fallbacks, the slate. */
export const programmeEntry = z.strictObject({
  /** `take`, `run`, `main`, `fallback-1` …, `slate`: the same for as long as the programme lasts. */
  entry: z.string(),
  /** What it is called, such as talk.mp4; of a run with its schedule. */
  words: z.string(),
  /** Of a run: whose. */
  schedule: z.string().optional(),
  kind: sourceKind,
  /**
   * `idle`: not asked for; `starting`: no frame yet; `ready`: could be on air now; `away`: was there and gives nothing, or
   * nothing but black and silence, looked for again; `failed`: given up.
   */
  state: z.enum(['idle', 'starting', 'ready', 'onAir', 'away', 'failed']),
  /** Why it is away, or has failed; of the slate, why it is the card. */
  reason: z.string().nullable(),
  /** How often it was lost while the programme was on air, when last, and why then; null: never. */
  lost: z.strictObject({ times: z.int(), at: time, reason: z.string() }).nullable(),
  /** Tracks of which nothing comes while the other goes on: silence, or the slate's picture, stands in. */
  lacks: z
    .array(z.enum(['video', 'audio']))
    .max(2)
    .readonly(),
  /** null: not known before it was looked at; the slate has none. */
  plan: plan.nullable(),
  /** Where it is, or would go on: of a playlist what its item is called, and the place in that; null: not known, or it comes at its own pace. */
  place: z.strictObject({ item: z.string().nullable(), positionMs: z.int() }).nullable(),
});
export type ProgrammeEntry = z.infer<typeof programmeEntry>;

/** An item of a playlist that is played. */
export const playlistStateItem = z.strictObject({
  item: playlistItemId,
  words: z.string(),
  /** How long it plays; null: not known, or for as long as it comes. */
  durationMs: z.number().nullable(),
  /** When it began, or will by what is known now; null: not known, or it will not. */
  startsAt: time.nullable(),
  /** `folder`: it stands for the files behind it. */
  state: z.enum(['played', 'playing', 'next', 'waiting', 'skipped', 'folder']),
  /** Why it is skipped. */
  reason: z.string().nullable(),
});
export type PlaylistStateItem = z.infer<typeof playlistStateItem>;

/** A playlist and where in it the programme is. */
export const playlistState = z.strictObject({
  /** The place of the item that plays, 0 the first; null: none does. */
  index: z.int().nullable(),
  /** How many times it has begun again. */
  round: z.int(),
  loop: z.boolean(),
  shuffle: z.boolean(),
  /** How many items it has. */
  count: z.int(),
  /** The place of the first of `items`: of a long list, those around what plays are told, unless all are asked for. */
  first: z.int(),
  /** In the order of this round. */
  items: z.array(playlistStateItem),
});
export type PlaylistState = z.infer<typeof playlistState>;

/** A broadcast's programme: what is on air, what could be, and what the operator has set. */
export const programmeState = z.strictObject({
  onAir,
  /** What an operator has put over everything, whether it is seen yet or not: the slate, and what was taken; null: nothing was. */
  wanted: z.strictObject({ slate: z.boolean(), take: z.string().nullable() }),
  /** From the one that is preferred to the slate. */
  entries: z.array(programmeEntry),
  paused: z.boolean(),
  volumePercent: z.int(),
  muted: z.boolean(),
  /** Changes of what is on air, but for the items of a playlist. */
  switches: z.int(),
  /** How often the slate came. */
  slates: z.int(),
  /** How long the slate was on air in all. */
  slateMs: z.number(),
  /** What viewers would complain of now, in what is on air. */
  content: contentState,
  playlist: playlistState.nullable(),
});
export type ProgrammeState = z.infer<typeof programmeState>;
