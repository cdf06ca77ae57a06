import type { Source } from '../../contract/models.ts';
import { loadPlaylist } from '../../contract/playlist-file.ts';
import type { Fallback } from '../../contract/room-config.ts';

/**
 * The sources of a room's fallbacks; what has an end begins again. The slate ends the list.
 *
 * @throws MiroliveError INVALID_PLAYLIST
 */
export async function fallbackSources(fallbacks: readonly Fallback[]): Promise<Source[]> {
  const sources: Source[] = [];
  for (const fallback of fallbacks) {
    if (fallback.kind === 'slate') break;
    sources.push(await sourceOf(fallback));
  }
  return sources;
}

async function sourceOf(fallback: Exclude<Fallback, { kind: 'slate' }>): Promise<Source> {
  switch (fallback.kind) {
    case 'publisher':
      return fallback;
    case 'file':
      return { ...fallback, loop: true, audioTrack: null };
    case 'url':
      return { ...fallback, live: null, loop: true, audioTrack: null };
    case 'playlist':
      return { ...(await loadPlaylist(fallback.path)), loop: true };
  }
}
