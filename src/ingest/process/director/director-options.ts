import type { SwitchReason } from '../../../contract/events.ts';
import type { BroadcastStats } from '../../../contract/models.ts';
import type { Plan } from '../../../contract/plan.ts';
import type { RenditionName } from '../../../contract/rendition-names.ts';
import type { ItemFact } from '../../../contract/snapshot.ts';
import type { PreparedSource } from '../../sources/sources.ts';
import type { PlayOptions } from '../players/player-maker.ts';
import type { Card } from '../slate/card.ts';
import type { SlateContent } from '../slate/slate-content.ts';
import type { AudioOutput, VideoOutput } from '../splicer/rtp-sink.ts';

/** How a programme is played, for as long as it lasts; what, its snapshot says. Plain data: it crosses to the ingest process. */
export interface DirectorOptions extends PlayOptions {
  /** The room, whose publishers may be played. */
  readonly room: string;
  /** Renditions that turn out to be too much for this machine are left out. */
  readonly stepsDown: boolean;
  readonly failback: 'auto' | 'manual';
  readonly holdMs: number;
  /** Stays on air on its slate when everything else is over. */
  readonly alwaysOn: boolean;
  /** How long the main source may be away before the programme ends, in ms. */
  readonly graceMs: number;
  readonly slate: SlateContent;
  /** What is shown where `slate` cannot be. */
  readonly card: Card;
  readonly video: VideoOutput | null;
  readonly audio: AudioOutput | null;
}

/** What is known of candidates, by their ids, where somebody has looked at the source that they play first. */
export type Looked = Readonly<Record<string, PreparedSource>>;

/** An entry of the chain and what it is called. */
export interface EntryName {
  readonly entry: string;
  readonly words: string;
}

/** What a programme tells. */
export type ProgrammeEvent =
  /** The first frames have left. */
  | { readonly type: 'live' }
  | { readonly type: 'pipeline.started'; readonly pid: number; readonly plan: Plan }
  | { readonly type: 'pipeline.failed'; readonly message: string; readonly restarts: number }
  | {
      readonly type: 'pipeline.overloaded';
      readonly speed: number;
      /** What is made from now on, the best first; null: as before. */
      readonly renditions: readonly RenditionName[] | null;
      readonly hint: string;
    }
  | { readonly type: 'stats'; readonly stats: BroadcastStats }
  /** What was found out of items of a candidate's playlist since this was told last, by their ids. */
  | {
      readonly type: 'items';
      readonly candidate: string;
      readonly found: Readonly<Record<string, ItemFact>>;
    }
  | {
      readonly type: 'programme.switched';
      readonly from: EntryName;
      readonly to: EntryName;
      /** What the slate stood in for, where it is left. */
      readonly insteadOf: EntryName | null;
      readonly reason: SwitchReason;
    }
  | {
      readonly type: 'programme.changed';
      readonly paused: boolean;
      readonly volumePercent: number;
      readonly muted: boolean;
    }
  | ({ readonly type: 'source.away'; readonly reason: string } & EntryName)
  | ({ readonly type: 'source.back' } & EntryName)
  | ({ readonly type: 'plan.changed'; readonly plan: Plan; readonly advice: string | null } & EntryName)
  | { readonly type: 'playlist.item'; readonly index: number; readonly item: string; readonly words: string }
  | {
      readonly type: 'playlist.skipped';
      readonly item: string;
      readonly words: string;
      readonly reason: string;
    }
  /** Nothing more will come; `message` where it failed. */
  | { readonly type: 'ended'; readonly message: string | null; readonly stats: BroadcastStats };
