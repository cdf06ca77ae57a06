import type { Devices } from '../../src/contract/devices.ts';
import type { Event } from '../../src/contract/events.ts';
import type { Broadcast, BroadcastStats, Room, Status, Viewer } from '../../src/contract/models.ts';
import type { Plan } from '../../src/contract/plan.ts';
import type { PlaylistState, ProgrammeState } from '../../src/contract/programme-state.ts';
import type { ListedPublisher } from '../../src/contract/publishing.ts';
import { announcedSource } from '../../src/contract/source-words.ts';

const at = '2026-01-02T03:04:05.000Z';

/** Figures of a broadcast in the middle of a talk. */
export const stats: BroadcastStats = {
  positionMs: 42_000,
  durationMs: 750_000,
  loops: 0,
  fps: 25,
  bitrateBps: 2_100_000,
  bufferedMs: 2000,
  restarts: 0,
  slates: 0,
};

/** A transcoded picture, and sound as it is. */
export const plan: Plan = {
  video: {
    action: 'transcode',
    index: 0,
    from: 'hevc',
    reasons: ['hevc', 'B-frames'],
    codec: 'h264',
    width: 1280,
    height: 720,
    fps: null,
    bitrateBps: 2_500_000,
    deinterlace: false,
    name: 'source',
    lower: [],
  },
  audio: { action: 'copy', index: 1, from: 'opus', reasons: [], codec: 'opus', track: 0, bitrateBps: null },
};

/** A talk in the lobby. */
export const broadcast: Broadcast = {
  id: 'b-aaaaaaaaaa',
  room: 'lobby',
  name: 'talk.mp4',
  state: 'live',
  kept: false,
  source: { kind: 'file', path: '/srv/talk.mp4', loop: false, audioTrack: null },
  onAir: { entry: 'main', words: 'talk.mp4', since: at },
  plan,
  advice: null,
  stats,
  startedAt: at,
  watchUrl: 'http://192.0.2.4:8080/lobby',
  viewers: 3,
};

/** The lobby while the talk is on. */
export const room: Room = {
  name: 'lobby',
  state: 'live',
  entry: 'open',
  broadcast: broadcast.id,
  viewers: 3,
  watchUrl: broadcast.watchUrl,
};

/** Somebody who watches in a browser. */
export const viewer: Viewer = {
  id: 'v-aaaaaaaaaa',
  room: 'lobby',
  kind: 'page',
  state: 'playing',
  rendition: '480p',
  picture: true,
  ...{ bitrateBps: 1_100_000, lossPercent: 0.4, roundTripMs: 38, freezes: 2, firstPictureMs: 640 },
  ...{ frozenPercent: 0, suffers: null },
  address: '192.0.2.9',
  browser: 'u-aaaaaaaaaaaaaaaa',
  browserName: 'Chrome 126 on Android',
  userAgent: 'Mozilla/5.0',
  joinedAt: at,
  lookedAt: null,
};

/** A desktop with a camera. */
export const devices: Devices = {
  cameras: [{ device: '/dev/video0', name: 'HD Webcam' }],
  sounds: [{ device: 'alsa:hw:0,0', name: 'ALC892 Analog' }],
  displays: [
    { display: ':0', width: 1920, height: 1080 },
    { display: ':1', width: null, height: null },
  ],
  windows: [{ display: ':0', id: '0x3e00007', title: 'Slides\nof day 1', width: 1280, height: 720 }],
  notes: ['expected the program xwininfo, but it cannot be run'],
};

/** Somebody who publishes into a room. */
export function publisher(room: string, key: string, standby = true): ListedPublisher {
  const facts = { protocol: 'rtmp', address: '192.0.2.7', state: 'live', since: at } as const;
  return { id: 'p-aaaaaaaaaa', room, key, standby, ...facts };
}

/** A daemon with nothing to do. */
export const idleStatus: Status = {
  version: '0.1.0',
  pid: 77,
  startedAt: at,
  viewerUrl: 'http://192.0.2.4:8080',
  socket: '/run/mirolive/control.sock',
  rtmp: { url: 'rtmp://192.0.2.4:1935', tlsUrl: null, pid: 79 },
  state: { folder: '/var/lib/mirolive', problem: null },
  log: { file: null, dropped: 0, problem: null },
  publishers: 0,
  degraded: [],
  ingest: [],
  worker: {
    path: '/home/ops/.cache/mirolive/worker/built/mediasoup-worker',
    origin: 'built',
    capabilities: { srtp: 'openssl', opening: 'keyframe' },
  },
  workers: [{ pid: 78, port: 29_400, rooms: 0, viewers: 0 }],
  rooms: [],
  broadcasts: [],
  viewers: 0,
  viewersWithoutPicture: 0,
};

/** Three items, the second of which plays. */
export const playlist: PlaylistState = {
  ...{ index: 1, round: 0, loop: false, shuffle: false, count: 4, first: 0 },
  items: [
    {
      ...{ item: 'i-aaaaaaaaaa', words: 'opening.mp4', durationMs: 60_000, startsAt: at },
      ...{ state: 'played', reason: null },
    },
    {
      ...{
        item: 'i-bbbbbbbbbb',
        words: 'talk.mp4',
        durationMs: 750_000,
        startsAt: '2026-01-02T03:05:05.000Z',
      },
      ...{ state: 'playing', reason: null },
    },
    {
      ...{ item: 'i-cccccccccc', words: 'broken.mp4', durationMs: null, startsAt: null },
      ...{ state: 'skipped', reason: 'there is no file /srv/broken.mp4' },
    },
    {
      ...{ item: 'i-dddddddddd', words: 'cam1', durationMs: null, startsAt: '2026-01-02T03:17:35.000Z' },
      ...{ state: 'next', reason: null },
    },
  ],
};

/** The talk is on air in the midst of a playlist, with a fallback behind it. */
export const programmeState: ProgrammeState = {
  onAir: { entry: 'main', words: 'talk.mp4', since: at },
  wanted: { slate: false, take: null },
  entries: [
    {
      ...{ entry: 'main', words: 'talk.mp4', kind: 'playlist', state: 'onAir' },
      ...{ reason: null, lost: null, lacks: [], plan, place: { item: 'talk.mp4', positionMs: 42_000 } },
    },
    {
      entry: 'fallback-1',
      words: 'cam2',
      kind: 'publisher',
      state: 'away',
      reason: 'nobody publishes',
      lost: { times: 2, at, reason: 'the publisher has left' },
      lacks: [],
      plan: null,
      place: null,
    },
    {
      ...{ entry: 'slate', words: 'slate', kind: 'slate', state: 'ready' },
      ...{ reason: null, lost: null, lacks: [], plan: null, place: null },
    },
  ],
  ...{ paused: false, volumePercent: 100, muted: false, switches: 2, slates: 1, slateMs: 4200 },
  content: { wrong: [], times: 0 },
  playlist,
};

const onAir = { at, broadcast: broadcast.id, room: broadcast.room };

/** The talk begins. */
export const startedEvent: Event = {
  ...onAir,
  type: 'broadcast.started',
  value: { ...broadcast, source: announcedSource(broadcast.source) },
};

/** A second of the talk. */
export const statsEvent: Event = { ...onAir, type: 'broadcast.stats', stats, viewers: 3 };

/** The slate comes, since the talk gives nothing. */
export const slateEvent: Extract<Event, { type: 'programme.switched' }> = {
  ...onAir,
  type: 'programme.switched',
  from: { entry: 'main', words: 'talk.mp4' },
  to: { entry: 'slate', words: 'slate' },
  insteadOf: null,
  reason: 'away',
};

/** The talk is over, in one way or another. */
export function endedEvent(
  reason: 'ended' | 'stopped' | 'failed' | 'shutdown',
  message: string | null = null,
): Extract<Event, { type: 'broadcast.ended' }> {
  return { ...onAir, type: 'broadcast.ended', startedAt: '2026-01-02T03:02:53.000Z', reason, message, stats };
}
