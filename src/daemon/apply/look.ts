import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../contract/clock.ts';
import type { Config } from '../../contract/config.ts';
import { sourceTitle } from '../../contract/source-words.ts';
import type { Publishing } from '../publishers/publishing.ts';
import type { Desk } from '../rooms/desk.ts';
import { type BroadcastState, idles } from '../rooms/room-state.ts';
import type { Settings } from '../rooms/settings.ts';
import type { Schedules } from '../schedule/schedules.ts';
import { readPlaylists } from '../state/playlists.ts';
import { voidHashes } from '../state/revocations.ts';
import { readRoomSettings } from '../state/room-settings.ts';
import { readLiveRuns } from '../state/schedule-runs.ts';
import { readSchedules } from '../state/schedules.ts';
import { type Current, keyPlace, type Running, type WantedBroadcast } from './current.ts';

export interface LookOptions {
  readonly config: Config;
  readonly desk: Pick<Desk, 'rooms'>;
  readonly publishing: Pick<Publishing, 'store' | 'keys' | 'publishers'>;
  readonly settings: Pick<Settings, 'inFile' | 'readable'>;
  readonly schedules: Pick<Schedules, 'list'>;
  readonly clock: Pick<Clock, 'wallMs'>;
}

/** What there is now of all that event files may declare. @throws MiroliveError STATE_UNAVAILABLE */
export function look({ config, desk, publishing, settings, schedules: known, clock }: LookOptions): Current {
  const { store, keys, publishers } = publishing;
  const [rooms, playlists, schedules, runs, revoked] = store.read((database) => [
    readRoomSettings(database),
    readPlaylists(database),
    readSchedules(database),
    readLiveRuns(database),
    voidHashes(store.folder, database),
  ]);
  const usable = keys.records().filter(({ revokedAt }) => revokedAt === null);
  const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());
  const onAir = desk.rooms.flatMap(({ name, broadcast }) => (broadcast ? [[name, broadcast] as const] : []));
  const put = new Set(runs.flatMap((run) => (run.put?.kind === 'broadcast' ? [run.put.id] : [])));
  return {
    atMs: clock.wallMs(),
    rooms: new Map(rooms.map(({ name, settings, appliedBy: by }) => [name, { by, is: settings ?? {} }])),
    configured: new Map(Object.entries(settings.inFile)),
    readable: settings.readable,
    keys: new Map(
      usable.map(({ room, name, hash, expiresAt, appliedBy: by }) => [
        keyPlace({ room, name }),
        { by, is: { room, name, hash, expiresAt: iso(expiresAt) } },
      ]),
    ),
    revoked,
    playlists: new Map(playlists.map(({ name, list, appliedBy: by }) => [name, { by, is: list }])),
    schedules: new Map(
      schedules.map(({ name, spec, paused, appliedBy: by }) => [name, { by, is: { ...spec, paused } }]),
    ),
    going: new Set(known.list().flatMap(({ name, last }) => (last?.outcome === 'running' ? [name] : []))),
    broadcasts: new Map(
      onAir.flatMap(([room, one]) =>
        idles(one) ? [] : [[room, running(room, one, { config, put })] as const],
      ),
    ),
    publishing: new Set(publishers.list().map(({ room, key }) => keyPlace({ room, name: key }))),
    viewers: new Map(desk.rooms.map(({ name, viewers }) => [name, viewers.length])),
    idling: new Set(onAir.flatMap(([room, one]) => (idles(one) ? [room] : []))),
  };
}

function running(
  room: string,
  broadcast: BroadcastState,
  { config, put }: { readonly config: Config; readonly put: ReadonlySet<string> },
): Running {
  const { id, applied, words, kept, begunBy } = broadcast;
  const facts = { id, words, kept, begunBy, scheduled: put.has(id) };
  if (!applied) return { by: null, is: found(room, broadcast, config), ...facts };
  return { by: applied.by, is: JSON.parse(applied.declared) as WantedBroadcast, ...facts };
}

/** What nobody declared, as it would be. */
function found(room: string, broadcast: BroadcastState, { plan }: Config): WantedBroadcast {
  const { source, name, begunBy, options } = broadcast;
  const best = broadcast.renditions.toReversed();
  const renditions = options.stepsDown ? 'auto' : best;
  const isChosen = begunBy === 'person' || begunBy === 'schedule';
  const isUsual = !isChosen || isDeepStrictEqual(renditions, plan.renditions);
  return {
    source: source ?? { kind: 'slate' },
    ...(source && name !== sourceTitle(source, room) && { name }),
    ...(!isUsual && { renditions }),
  };
}
