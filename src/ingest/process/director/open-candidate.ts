import { randomInt } from 'node:crypto';
import { playlistItem, type Source } from '../../../contract/models.ts';
import { Playlist } from '../../../contract/playlist/playlist.ts';
import { itemWords, sourceWords } from '../../../contract/source-words.ts';
import { publishAdvice } from '../../plan/publish-advice.ts';
import type { PreparedSource } from '../../sources/sources.ts';
import type { PlayerMaker } from '../players/player-maker.ts';
import { PlaylistPlayer } from '../playlist/playlist-player.ts';
import type { Splicer } from '../splicer/splicer.ts';
import { Candidate } from './candidate.ts';
import type { ProgrammeEvent } from './director-options.ts';

/** Who decides what is on air. */
export interface CandidateListener {
  onReady(entry: Candidate): void;
  onAway(entry: Candidate, message: string): void;
  onEnding(entry: Candidate): void;
  onEnded(entry: Candidate, message: string | null): void;
  /** ffmpeg failed, and is started anew. */
  onFailure(message: string): void;
  emit(event: ProgrammeEvent): void;
}

export interface CandidateOptions {
  readonly name: string;
  readonly source: Source;
  readonly maker: PlayerMaker;
  readonly splicer: Splicer;
  readonly listener: CandidateListener;
  /** How long a live item of a playlist may be away before the next one plays, in ms. */
  readonly graceMs: number;
  /** Place in the source to begin at, in µs; default its beginning. */
  readonly startUs?: number;
  /** What is known of the source, where somebody has looked at it. */
  readonly prepared?: PreparedSource | null;
}

/** An entry of a programme's chain; nothing runs before it is started. */
export function openCandidate(options: CandidateOptions): Candidate {
  const { name, source, maker, splicer, listener, startUs, prepared } = options;
  const playlist = playlistOf(source);
  const named = { entry: name, words: sourceWords(source) };
  const sequence = new PlaylistPlayer({
    playlist,
    graceMs: options.graceMs,
    maker,
    deck: {
      cue: (feed) => splicer.cue(feed),
      uncue: (feed) => splicer.uncue(feed),
      cut: (feed) => splicer.cut(feed),
      wake: () => splicer.wake(),
    },
    ...(startUs !== undefined && { startUs }),
    ...(prepared && { prepared: maker.known(source, prepared) }),
    listener: {
      onReady: () => listener.onReady(entry),
      onAway: (message) => listener.onAway(entry, message),
      onEnding: () => listener.onEnding(entry),
      onEnded: (message) => listener.onEnded(entry, message),
      onPipeline: (pid, plan) => listener.emit({ type: 'pipeline.started', pid, plan }),
      onFailure: (message) => listener.onFailure(message),
      onPlan: (plan) => {
        const advice = source.kind === 'publisher' ? publishAdvice(plan) : null;
        listener.emit({ type: 'plan.changed', ...named, plan, advice });
      },
      onItem: (item) => {
        const index = playlist.items.indexOf(item);
        listener.emit({ type: 'playlist.item', index, item: item.id, words: itemWords(item) });
      },
      onSkipped: (item, reason) =>
        listener.emit({ type: 'playlist.skipped', item: item.id, words: itemWords(item), reason }),
    },
  });
  const entry = new Candidate(name, source, playlist, sequence);
  return entry;
}

/** A single source is a playlist of one. */
function playlistOf(source: Source): Playlist {
  if (source.kind === 'playlist') return Playlist.at(Playlist.begin(source, randomInt(2 ** 31)), null);
  const item = playlistItem.parse({ source });
  return new Playlist({ items: [item], loop: 'loop' in source && source.loop, shuffle: false });
}
