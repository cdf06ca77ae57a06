import type { AudioProbe } from '../../contract/plan.ts';

/** The sound that players take, where nobody says which: of the picture's own, the container's default, else the first. */
export function usualTrack(tracks: readonly AudioProbe[]): AudioProbe | undefined {
  const own = tracks.filter(({ ofPicture }) => ofPicture);
  return own.find((track) => track.default) ?? own[0];
}
