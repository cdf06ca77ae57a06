import type { Seen } from '../../../../src/cli/tui/dashboard/seen.ts';
import { announcedSource } from '../../../../src/contract/source-words.ts';
import type { View } from '../../../../src/contract/view/view.ts';
import type { ViewedRoom } from '../../../../src/contract/view/viewed-room.ts';
import {
  broadcast,
  idleStatus,
  plan,
  playlist,
  programmeState,
  publisher,
  stats,
  viewer,
} from '../../samples.ts';

/** When all of it is looked at. */
export const now = Date.parse('2026-01-02T03:14:05.000Z');

const { onAir: _air, content: _content, playlist: _list, ...programme } = programmeState;
const { id, name, state, kept, source, advice, startedAt } = broadcast;

/** A room with a talk on air. */
export const lobby: ViewedRoom = {
  ...{ name: 'lobby', entry: 'open', watchUrl: broadcast.watchUrl, health: { word: 'well', reason: null } },
  broadcast: { id, name, state, kept, source: announcedSource(source), advice, startedAt },
  onAir: broadcast.onAir,
  ...{ plan, renditions: ['480p', 'source'], content: { wrong: [], times: 0 } },
  next: { from: 'playlist', words: 'cam1', at: '2026-01-02T03:17:35.000Z' },
  publishers: [publisher('lobby', 'cam2')],
  audience: {
    ...{ viewers: 12, playing: 12, withoutPicture: 0, renditions: { source: 9, '480p': 3 } },
    ...{ bitrateBps: 24_000_000, lossPercent: 0.3, suffering: 0 },
    ...{ worstLossPercent: 2.1, roundTripMs: 38 },
  },
  ...{ figures: stats, levels: { peakDb: -6, loudnessDb: -18 } },
  item: { item: 'i-bbbbbbbbbb', index: 1, count: 4, words: 'talk.mp4' },
  ...{ programme, playlist },
};

/** A room whose source is away. */
export const hall: ViewedRoom = {
  ...lobby,
  name: 'hall',
  health: { word: 'bad', reason: 'the slate is on air: cam1 is away: nobody publishes' },
  onAir: { entry: 'slate', words: 'slate', since: broadcast.startedAt },
  audience: { ...lobby.audience, viewers: 340, suffering: 340 },
  ...{ publishers: [], next: null, levels: null, item: null },
};

/** A daemon with these rooms. */
export function viewOf(rooms: readonly ViewedRoom[]): View {
  const { version, pid, startedAt, viewerUrl, socket, rtmp, state, log, worker } = idleStatus;
  return {
    daemon: {
      ...{
        version,
        pid,
        startedAt,
        viewerUrl,
        socket,
        rtmp,
        state,
        log,
        newerBuild: false,
        config: null,
        startTookMs: 300,
        control: null,
      },
      ...{ starter: { kind: 'hand' }, degraded: [], servable: true, worker: worker!, nextRun: null },
    },
    machine: {
      ...{ at: startedAt, cores: 2, cpuPercent: 34, load1: 1.2, egressBps: 80_000_000 },
      memory: { totalBytes: 16e9, availableBytes: 9e9 },
      disks: [{ of: 'state', path: '/var/lib/mirolive', freeBytes: 2e9, totalBytes: 50e9 }],
      loopLagMs: { p50: 1, p99: 4, max: 22 },
    },
    processes: {
      77: { pid: 77, kind: 'daemon', parent: 1, rooms: [], port: null, cpuPercent: 4, memoryBytes: 120e6 },
      78: {
        pid: 78,
        kind: 'worker',
        parent: 77,
        rooms: ['lobby'],
        port: 29_400,
        cpuPercent: 31,
        memoryBytes: 40e6,
      },
    },
    rooms: Object.fromEntries(rooms.map((room) => [room.name, room])),
    viewers: { lobby: { [viewer.id]: viewer } },
  };
}

/** What a dashboard has seen of it. */
export function seenOf(rooms: readonly ViewedRoom[], changes: Partial<Seen> = {}): Seen {
  const view = viewOf(rooms);
  return {
    view,
    whole: view,
    link: { is: 'up' },
    counts: new Map([['lobby', [1, 4, 9, 12]]]),
    events: [],
    now,
    ...changes,
  };
}
