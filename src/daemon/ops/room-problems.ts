import { type Config, roomConfig } from '../../contract/config.ts';
import { asMiroliveError, type MiroliveError } from '../../contract/errors.ts';
import { checkSourceFile } from '../../ingest/probe/source-file.ts';
import { checkSlate } from '../../ingest/process/slate/slate-content.ts';
import { readPosterFile } from '../posters/poster-file.ts';
import { fallbackSources } from '../rooms/fallback-sources.ts';
import { slateOf } from '../rooms/programme-of.ts';

/** Something in a room's configuration that will not work when it is needed. */
export interface RoomProblem {
  readonly room: string;
  readonly error: MiroliveError;
}

/** Looks at the files that rooms name: slates, playlists and files to fall back to. Better at the start than when they are needed. */
export async function roomProblems(config: Config): Promise<RoomProblem[]> {
  const problems = await Promise.all(
    Object.keys(config.rooms).map(async (room) => {
      const { fallback, poster } = roomConfig(config, room);
      const { problems } = await fallbackSources(fallback);
      const checks = [
        () => checkSlate(slateOf(roomConfig(config, room), room), config.media.ffprobe),
        ...(poster === 'auto' || poster === 'off' ? [] : [() => readPosterFile(poster)]),
        ...fallback
          .filter((entry) => entry.kind === 'file')
          .map(
            ({ path }) =>
              () =>
                checkSourceFile(path, config.media),
          ),
      ];
      const errors = await Promise.all(checks.map((check) => problemOf(check)));
      return [...errors, ...problems].filter((error) => error !== null).map((error) => ({ room, error }));
    }),
  );
  return problems.flat();
}

async function problemOf(check: () => Promise<unknown>): Promise<MiroliveError | null> {
  try {
    await check();
    return null;
  } catch (error) {
    return asMiroliveError(error);
  }
}
