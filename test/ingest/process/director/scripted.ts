import type { Clock } from '../../../../src/contract/clock.ts';
import { type PlaylistEntrySource, playlistItem, type Source } from '../../../../src/contract/models.ts';
import { Feed } from '../../../../src/ingest/process/splicer/feed.ts';
import { ScriptedProgramme, type Setting } from '../../../sim/scripted-programme.ts';
import { ScriptedSources } from '../../../sim/scripted-sources.ts';

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

/** Seems to be there, and cannot be placed in time. */
class UnplacedFeed extends Feed {
  override get ready(): boolean {
    return true;
  }
}

/** Sources that are well, but for those begun while `isSo`: of them nothing ever leaves. */
export const unplaced = (isSo: () => boolean) => (clock: Clock) => {
  const { maker } = new ScriptedSources(clock);
  const start: typeof maker.start = (prepared, place) => {
    const player = maker.start(prepared, place);
    if (!isSo()) return player;
    const feed = new UnplacedFeed(['video']);
    clock.after(50, () => place.tell({ type: 'fed' }));
    const { plan } = player;
    const close = () => player.close();
    return { feed, plan, setVolume: () => {}, close, [Symbol.asyncDispose]: close };
  };
  return { ...maker, start };
};
