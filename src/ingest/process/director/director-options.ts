import type { Card } from '../../../contract/card-words.ts';
import type { PreparedSource } from '../../sources/sources.ts';
import type { ContentLimits } from '../content/content-watch.ts';
import type { PlayOptions } from '../players/player-maker.ts';
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
  /** What follows where what is on air is black and silent. */
  readonly onContent: 'tell' | 'slate' | 'fallback';
  /** How long what is on air may be wrong before that is told. */
  readonly content: ContentLimits;
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
