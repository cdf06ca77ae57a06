import type { Daypart } from '../../contract/dayparts.ts';
import { asMiroliveError, type MiroliveError } from '../../contract/errors.ts';
import type { Source } from '../../contract/models.ts';
import type { Fallback } from '../../contract/room-config.ts';
import { loadPlaylist } from '../../files/load-playlist.ts';
import { askOfMount } from '../../ingest/probe/source-file.ts';

/** What a room falls back to, and what of it cannot be used. */
export interface FallbackSources {
  readonly sources: readonly Source[];
  readonly problems: readonly MiroliveError[];
}

/**
 * The sources of a room's fallbacks; what has an end begins again. The slate ends the list. A playlist that cannot be read is
 * left out: a room goes on air without it rather than not at all.
 */
export async function fallbackSources(
  fallbacks: readonly Fallback[],
  ask = askOfMount,
): Promise<FallbackSources> {
  const sources: Source[] = [];
  const problems: MiroliveError[] = [];
  for (const fallback of fallbacks) {
    if (fallback.kind === 'slate') break;
    try {
      sources.push(await sourceOf(fallback, ask));
    } catch (error) {
      problems.push(asMiroliveError(error));
    }
  }
  return { sources, problems };
}

/** What plays at a time of the day; what has an end begins again. @throws MiroliveError where its playlist cannot be read */
export async function daypartSource(source: Daypart['source'], ask = askOfMount): Promise<Source> {
  return source.kind === 'folder' ? source : await sourceOf(source, ask);
}

async function sourceOf(
  fallback: Exclude<Fallback, { kind: 'slate' }>,
  ask: typeof askOfMount,
): Promise<Source> {
  switch (fallback.kind) {
    case 'publisher':
      return fallback;
    case 'file':
      return { ...fallback, loop: true, audioTrack: null };
    case 'url':
      return { ...fallback, live: null, loop: true, audioTrack: null };
    case 'playlist':
      return { ...(await loadPlaylist(fallback.path, ask)), loop: true };
  }
}
