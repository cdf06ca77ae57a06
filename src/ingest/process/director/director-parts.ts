import type { Clock } from '../../../contract/clock.ts';
import type { Source } from '../../../contract/models.ts';
import type { ProgrammeEvent } from '../../../contract/programme-event.ts';
import type { Seen } from '../../../contract/snapshot.ts';
import type { ContentMonitor, ContentMonitorOptions } from '../content/content-monitor.ts';
import type { PlayerMaker } from '../players/player-maker.ts';
import type { Slate } from '../slate/slate.ts';
import type { Feed } from '../splicer/feed.ts';
import type { Splicer, SplicerOptions } from '../splicer/splicer.ts';

/** What puts feeds on air. */
export type Air = Pick<
  Splicer,
  | 'port'
  | 'connect'
  | 'cue'
  | 'uncue'
  | 'cut'
  | 'clear'
  | 'wake'
  | 'starvedMs'
  | 'counters'
  | 'sentPicture'
  | 'muted'
  | 'wantCompatible'
  | 'compatible'
  | 'close'
>;

/** Where feeds play that nobody sees, at their pace. */
export type UnseenAir = Pick<Splicer, 'cue' | 'uncue' | 'cut' | 'wake' | 'sentPicture' | 'close'>;

/** What a director works with. */
export interface DirectorParts {
  readonly clock: Clock;
  /** Gives numbers from 0 to below 1; default the machine's. */
  readonly random?: (() => number) | undefined;
  readonly maker: Pick<
    PlayerMaker,
    'prepare' | 'known' | 'durationMs' | 'measureAhead' | 'start' | 'still' | 'volumePercent' | 'rules'
  >;
  readonly makeSlate: () => Promise<Slate>;
  /** Whether something that its sources need waits for somebody who gives turns; default never. */
  readonly waits?: () => boolean;
  /** What looks at what leaves; default nothing. */
  readonly watchContent?: (
    onNews: ContentMonitorOptions['onNews'],
  ) => Pick<
    ContentMonitor,
    'hear' | 'tick' | 'asks' | 'wrong' | 'blank' | 'levels' | 'fineSinceMs' | 'close'
  >;
  readonly openAir: (
    listener: Pick<SplicerOptions, 'onFinished' | 'onBegun' | 'onSound' | 'onKeyFrameWanted'>,
    /** What a feed is of; null: of nobody's source. */
    sourceOf: (feed: Feed) => Source | null,
  ) => Promise<Air>;
  readonly openUnseen: (
    listener: Pick<SplicerOptions, 'onFinished' | 'onBegun' | 'onSound'>,
    /** What a feed is of; null: of nobody's source. */
    sourceOf: (feed: Feed) => Source | null,
  ) => UnseenAir;
}

/** Who hears of a programme. */
export interface DirectorListener {
  onEvent(event: ProgrammeEvent): void;
  /** At each change, and each second. */
  onSeen(seen: Seen): void;
  /** Its own code threw: it does nothing any more, and is to be opened anew. */
  onBroken(error: unknown): void;
}
