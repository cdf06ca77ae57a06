import type { Source } from '../../../src/contract/models.ts';
import type { TestDaemon } from '../../helpers/daemon.ts';
import { aac, h264, picture, tone } from '../../helpers/media/recipes.ts';
import { makeMedia } from '../../helpers/media/sample-files.ts';
import type { WatchedRoom } from '../../helpers/watched-room.ts';

/** Widths of the slate, and of all sources of the matrix. */
export const slate = 1280;
export const film = 320;

export type Action = 'copied' | 'transcoded';

/** Something that happens to a source on air, and what viewers and operators see of it. */
export type Trial = (watched: WatchedRoom) => Promise<void>;

/** A source that is ready to be played, and what keeps it so. */
export interface Opened extends AsyncDisposable {
  /** A function begins to publish instead, which puts the room on air by itself. */
  readonly start: Source | (() => unknown);
  /** In this order; the broadcast may be over after the last one. */
  readonly trials: readonly Trial[];
}

export interface Row {
  readonly name: string;
  /** The plans that it is played by; default: both. */
  readonly actions?: readonly Action[];
  open(action: Action, server: TestDaemon, room: string): Promise<Opened>;
}

/** The plans that a row is played by. */
export function actionsOf({ actions = ['copied', 'transcoded'] }: Row): readonly Action[] {
  return actions;
}

/** The name of the room that a row is played in. */
export function roomOf({ name }: Row, action: Action): string {
  return `${name}-${action}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

/** What a file keeps open. */
export const nothing = { [Symbol.asyncDispose]: async () => {} };

/** A moving picture with sound, so long that ffmpeg has never read all of it. */
export async function clip(container: 'mp4' | 'ts', action: Action): Promise<string> {
  const bFrames = action === 'copied' ? 0 : 2;
  const args = [...picture(`${film}x180`, 40), ...tone(440, 40), ...h264(15, bFrames), ...aac];
  return await makeMedia(`matrix-${action}.${container}`, { args });
}

export function url(address: string): Extract<Source, { kind: 'url' }> {
  return { kind: 'url', url: address, live: null, loop: false, audioTrack: null };
}
