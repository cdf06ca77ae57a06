import { type MapSide, mapSides } from '../../contract/audio-map.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { AudioProbe, Probe } from '../../contract/plan.ts';
import type { PlanOptions } from './plan-options.ts';

/** What becomes one side of stereo. */
export interface Side {
  readonly audio: AudioProbe;
  /** null: all of the track, as mono. */
  readonly channel: number | null;
}

export interface Sides {
  readonly left: Side;
  readonly right: Side;
}

/**
 * What becomes left and right: what an operator says, else two tracks of mono that are there side by side, as of cameras and recorders with
 * two microphones; null: one track has both.
 *
 * @throws MiroliveError SOURCE_TRACK_NOT_FOUND
 */
export function sidesOf(
  { path, audioTracks }: Probe,
  { audioTrack, audioMap }: Pick<PlanOptions, 'audioTrack' | 'audioMap'>,
): Sides | null {
  if (audioMap !== undefined) {
    const { left, right } = mapSides(audioMap);
    return { left: sideOf(left, audioTracks, path), right: sideOf(right, audioTracks, path) };
  }
  const [left, right, third] = audioTracks.filter(({ ofPicture }) => ofPicture);
  if (audioTrack !== null || !left || !right || third || !areTwins(left, right)) return null;
  return { left: { audio: left, channel: null }, right: { audio: right, channel: null } };
}

/** Such as `track 0, channel 1`. */
export function sideWords({ audio: { track }, channel }: Side): string {
  return channel === null ? `track ${track}` : `track ${track}, channel ${channel}`;
}

/** Another language, or another name, such as a commentary, is another sound, of which one is heard. */
function areTwins(one: AudioProbe, other: AudioProbe): boolean {
  const isAlike = one.language === other.language && one.title === other.title && one.codec === other.codec;
  return one.channels === 1 && other.channels === 1 && isAlike;
}

function sideOf({ track, channel }: MapSide, tracks: readonly AudioProbe[], path: string): Side {
  const audio = tracks.find((one) => one.track === track);
  if (audio && (channel === null || channel < audio.channels)) return { audio, channel };
  const there = tracks.map((one) => `${one.track} of ${one.channels}`).join(', ') || 'none';
  const got = channel === null ? `${track}` : `${track}:${channel}`;
  throw new MiroliveError(
    'SOURCE_TRACK_NOT_FOUND',
    `expected one of the audio tracks of ${path} with their channels, from 0 on (${there}), got ${got}`,
    { details: { path } },
  );
}
