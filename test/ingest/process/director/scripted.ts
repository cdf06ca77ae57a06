import { type PlaylistEntrySource, playlistItem, type Source } from '../../../../src/contract/models.ts';
import { ScriptedProgramme, type Setting } from '../../../sim/scripted-programme.ts';

export const file = (path: string, loop = false): Extract<PlaylistEntrySource, { kind: 'file' }> => ({
  ...{ kind: 'file', path, loop, audioTrack: null },
});
export const live = (key: string): PlaylistEntrySource => ({ kind: 'publisher', key });
export const item = (
  letter: string,
  source: PlaylistEntrySource,
  part: { forMs?: number; fromMs?: number; toMs?: number } = {},
) => playlistItem.parse({ id: `i-aaaaaaaaa${letter}`, source, ...part });
export const list = (...items: ReturnType<typeof item>[]): Extract<Source, { kind: 'playlist' }> => ({
  ...{ kind: 'playlist', items, loop: false, shuffle: false },
});

/** A programme on virtual time that has played for three seconds. */
export async function opened(main: Source, setting: Partial<Setting> = {}): Promise<ScriptedProgramme> {
  const programme = new ScriptedProgramme({ main, fallbacks: [], failback: 'auto', ...setting });
  await programme.open();
  await programme.clock.pass(3000);
  return programme;
}

/** What left last. */
export const shown = ({ left }: ScriptedProgramme) => left?.words;
export const onAir = (programme: ScriptedProgramme) => programme.state().onAir.entry;
export const seenMain = ({ seen }: ScriptedProgramme) =>
  seen?.candidates.find(({ id }) => id === 'c-aaaaaaaaaa');
