import * as z from 'zod';
import { audioMapPattern, audioMapWords } from './audio-map.ts';
import { stdinToken } from './devices.ts';
import { httpHeaders } from './http-headers.ts';
import { newId } from './ids.ts';
import {
  broadcastId,
  browserId,
  guestId,
  keyName,
  linkId,
  personName,
  playlistItemId,
  roomName,
  viewerId,
} from './names.ts';
import { plan } from './plan.ts';
import { partProblems } from './playlist/item-part.ts';
import { rights } from './rights.ts';
import { sourceKinds, testPatterns } from './source-kinds.ts';
import { starter } from './starter.ts';
import { roomHealth } from './view/health.ts';

/** A moment as an ISO 8601 string in UTC. */
export const time = z.iso.datetime();

/** A moment or a length of media, in ms. */
export const mediaMs = z.int().min(0);
/** Audio track by number, 0 the first; null: the container's default. */
const audioTrack = z.int().min(0).max(99).nullable().default(null);

export const audioMap = z.string().regex(audioMapPattern, audioMapWords);

/** A part of a screen, in pixels. */
export const region = z.strictObject({
  x: z.int().min(0),
  y: z.int().min(0),
  width: z.int().min(16).max(16_384),
  height: z.int().min(16).max(16_384),
});

/** It was asked for by somebody who is no admin: a file has to lie below `media.roots`, an address on the public internet, whatever else is allowed. */
const confined = z.literal(true).optional();

const fileSource = z.strictObject({
  kind: z.literal('file'),
  /** Absolute path on the daemon's machine. */
  path: z.string().min(1).max(4096),
  /** Start again at the end, without end. */
  loop: z.boolean().default(false),
  audioTrack,
  /** What becomes left and right, instead of a track, such as `0+1`. */
  audioMap: audioMap.optional(),
  confined,
});

const urlSource = z.strictObject({
  kind: z.literal('url'),
  /** http, https, rtsp, rtsps, srt, udp, rtmp or rtmps. */
  url: z.string().min(1).max(4096),
  /** Comes at its own pace and cannot be sought; null: found out by looking. */
  live: z.boolean().nullable().default(null),
  /** Start again at the end, where it has one. */
  loop: z.boolean().default(false),
  audioTrack,
  audioMap: audioMap.optional(),
  /** http and https: headers for its server; answers and events have their names alone. */
  headers: httpHeaders.optional(),
  /** Which variant of a list of HLS, 0 the first; missing: the best one that `plan.maxBitrate` allows. */
  variant: z.int().min(0).max(99).optional(),
  confined,
});

/** Whoever publishes into the room with this stream key, by RTMP or WHIP. */
const publisherSource = z.strictObject({ kind: z.literal('publisher'), key: keyName });

const deviceSource = z.strictObject({
  kind: z.literal('device'),
  /** A video4linux device such as /dev/video0; null: sound only. */
  video: z.string().min(1).max(255).nullable().default(null),
  /** A sound device, `alsa:default` or `pulse:default`; null: picture only. */
  audio: z.string().min(1).max(255).nullable().default(null),
});

const display = z.string().regex(/^:\d{1,5}(\.\d{1,3})?$/, 'expected an X display such as :0.0');
const screenSource = z.strictObject({
  kind: z.literal('screen'),
  display: display.default(':0.0'),
  /** null: all of it. */
  region: region.nullable().default(null),
  audio: z.string().min(1).max(255).nullable().default(null),
});

const windowSource = z.strictObject({
  kind: z.literal('window'),
  display: display.default(':0.0'),
  /** Its title, or a part of it, or its id such as 0x3e00007. */
  window: z.string().min(1).max(500),
  audio: z.string().min(1).max(255).nullable().default(null),
});

export const testPattern = z.enum(testPatterns);

const testSource = z.strictObject({
  kind: z.literal('test'),
  pattern: testPattern.default('bars'),
  /** Stands in the picture. */
  label: z.string().max(200).default(''),
});

/** A container on a Unix socket that `openStdin` gave. */
const stdinSource = z.strictObject({
  kind: z.literal('stdin'),
  token: stdinToken,
});

/** The room's slate. */
const slateSource = z.strictObject({ kind: z.literal('slate') });

/** Words on the slate's ground; a line of them whose placeholder has nothing to say is left out. */
export const cardSource = z.strictObject({
  kind: z.literal('card'),
  /** In it and in `text`, {next} is what follows in the playlist, {startsIn} in how long, as 4:05. */
  title: z.string().max(200).regex(/\S/, 'expected words'),
  /** Below the title; a line end is one. */
  text: z.string().max(500).default(''),
});

/** The files of a folder, in an item behind this one each: the list follows what comes and goes there. */
const folderSource = z.strictObject({
  kind: z.literal('folder'),
  /** Absolute path on the daemon's machine. */
  path: z.string().min(1).max(4096),
});

/** What a playlist may hold. */
export const playlistEntrySource = z.discriminatedUnion('kind', [
  fileSource,
  urlSource,
  publisherSource,
  deviceSource,
  screenSource,
  windowSource,
  testSource,
  stdinSource,
  slateSource,
  cardSource,
  folderSource,
]);
export type PlaylistEntrySource = z.infer<typeof playlistEntrySource>;
/** The same with its defaults left out. */
export type NewEntrySource = z.input<typeof playlistEntrySource>;

/** One item of a playlist. */
export const playlistItem = z
  .strictObject({
    /** Stays the same when items move; made up where it is missing. */
    id: playlistItemId
      .optional()
      .transform((id) => id ?? newId('i'))
      .pipe(playlistItemId),
    source: playlistEntrySource,
    /** What it is called; null: as its source. */
    title: z.string().min(1).max(200).nullable().default(null),
    /** Where in the source it begins; default its beginning. */
    fromMs: mediaMs.default(0),
    /** Where in the source it ends; null: at its end. */
    toMs: mediaMs.nullable().default(null),
    /** How long it plays at most; what comes at its own pace has no other end. */
    forMs: mediaMs.nullable().default(null),
    /** It is a file of a folder: the item of that, and how the file was when it was found; another such file is looked at anew. */
    found: z.strictObject({ folder: playlistItemId, stamp: z.string().max(200) }).optional(),
  })
  .superRefine((item, context) => {
    for (const { key, message } of partProblems(item.source.kind, item))
      context.addIssue({ code: 'custom', path: [`${key}Ms`], message, input: item });
  });
export type PlaylistItem = z.infer<typeof playlistItem>;
/** An item before it has its id. */
export type NewPlaylistItem = z.input<typeof playlistItem>;

/** Kept in memory; files of folders come beside them. */
export const maxPlaylistItems = 10_000;

/** So many files of one folder are taken. */
export const maxFolderFiles = 20_000;

/** Items one after the other. */
export const playlistSource = z.strictObject({
  kind: z.literal('playlist'),
  items: z
    .array(playlistItem)
    .min(1)
    .max(maxPlaylistItems)
    .refine((items) => new Set(items.map(({ id }) => id)).size === items.length, 'expected ids that differ'),
  /** Begin again after the last item. */
  loop: z.boolean().default(false),
  /** Another order each time round. */
  shuffle: z.boolean().default(false),
  /** Of the main source: what is on air while none of the items can be. */
  filler: playlistEntrySource.optional(),
});
export type PlaylistSource = z.infer<typeof playlistSource>;

/** Where media comes from. */
export const source = z.discriminatedUnion('kind', [
  fileSource,
  urlSource,
  publisherSource,
  deviceSource,
  screenSource,
  windowSource,
  testSource,
  stdinSource,
  slateSource,
  cardSource,
  folderSource,
  playlistSource,
]);
export type Source = z.infer<typeof source>;
export const sourceKind = z.enum(sourceKinds);

/** Figures of a running broadcast, measured over the last second where they are rates. */
export const broadcastStats = z.strictObject({
  /** Place in the source that is on air, in ms. */
  positionMs: z.number(),
  durationMs: z.number().nullable(),
  /** How many times a looped source has begun again. */
  loops: z.int(),
  /** Pictures sent per second. */
  fps: z.number(),
  bitrateBps: z.number(),
  /** Media read ahead of what is on air, in ms; near 0 means that ffmpeg is too slow. */
  bufferedMs: z.number(),
  /** How many times ffmpeg had to be started anew. */
  restarts: z.int(),
  /** How many times the slate came. */
  slates: z.int(),
});
export type BroadcastStats = z.infer<typeof broadcastStats>;

/** What viewers see now. */
export const onAir = z.strictObject({
  /** `take`: what the operator took; `run`: what a schedule put there; `main`; `fallback-1` …; `slate`; `nothing`: no frame has left yet. */
  entry: z.string(),
  /** What it is called, such as talk.mp4; with `nothing`, what is awaited, and how that is. */
  words: z.string(),
  since: time,
});
export type OnAir = z.infer<typeof onAir>;

/** One live programme in a room. */
export const broadcast = z.strictObject({
  id: broadcastId,
  room: roomName,
  /** What the operator calls it; the source's file name by default. */
  name: z.string(),
  state: z.enum(['starting', 'live']),
  /** It goes on after a restart of the daemon, until it is stopped or over. */
  kept: z.boolean(),
  source,
  onAir,
  plan,
  /** What is missing or wrong in what is on air, else what its publisher should set so that it costs less; null: nothing. */
  advice: z.string().nullable(),
  stats: broadcastStats,
  startedAt: time,
  watchUrl: z.string(),
  viewers: z.int(),
});
export type Broadcast = z.infer<typeof broadcast>;

/** The same as an event tells it: a playlist of thousands of items by their number. */
export const announcedBroadcast = broadcast.extend({
  source: z.discriminatedUnion('kind', [
    ...playlistEntrySource.options,
    z.strictObject({
      kind: z.literal('playlist'),
      /** How many items it has. */
      count: z.int(),
      loop: z.boolean(),
      shuffle: z.boolean(),
      filler: playlistEntrySource.optional(),
    }),
  ]),
});
export type AnnouncedBroadcast = z.infer<typeof announcedBroadcast>;

/** Why a broadcast is over. `stopped`: by command; `ended`: the source's end; `failed`: it could not go on; `shutdown`: the daemon ends; `replaced`: an always-on room got something better. */
export const endReason = z.enum(['stopped', 'ended', 'failed', 'shutdown', 'replaced']);
export type EndReason = z.infer<typeof endReason>;

/** Whether a room lets viewers in; `link`: those who have a watch link; `lost`: nobody, publishers neither, since the state is lost and the configuration does not give its access. */
export const roomEntry = z.enum(['open', 'link', 'closed', 'lost']);

/** A named place that viewers join. */
export const room = z.strictObject({
  name: roomName,
  state: z.enum(['idle', 'live']),
  entry: roomEntry,
  broadcast: broadcastId.nullable(),
  viewers: z.int(),
  watchUrl: z.string(),
  /** What stands at its door; null: its name alone. A daemon that was started before an upgrade does not tell. */
  title: z.string().nullable().optional(),
  /** How it fares. A daemon that was started before an upgrade does not tell. */
  health: roomHealth.optional(),
});
export type Room = z.infer<typeof room>;

/**
 * What a viewer suffers. `connecting`: its media has not come through for long; `picture`: its browser has no decoder for it; `loss`: more of its
 * packets are lost than players repair; `frozen`: its picture has stood still for long in the last minute.
 */
export const suffering = z.enum(['connecting', 'picture', 'loss', 'frozen']);
export type Suffering = z.infer<typeof suffering>;

/** That somebody wants to be heard. */
export const raisedHand = z.strictObject({
  /** What he calls himself. */
  name: personName,
  raisedAt: time,
});
export type RaisedHand = z.infer<typeof raisedHand>;

/** A hand that is up, in the queue of its room. */
export const hand = z.strictObject({
  /** The viewer's. */
  id: viewerId,
  room: roomName,
  ...raisedHand.shape,
  /** Whether he is there; else his line is lost, and he may come back. */
  here: z.boolean(),
});
export type Hand = z.infer<typeof hand>;

/** One watching client. */
export const viewer = z.strictObject({
  id: viewerId,
  room: roomName,
  kind: z.enum(['page', 'whep']),
  /** `waiting`: nothing on air, or its page has not answered what it was offered; `connecting`: it has, and ICE and DTLS are under way; `playing`: media goes out. */
  state: z.enum(['waiting', 'connecting', 'playing']),
  /** Which of several renditions goes out to it; null: none yet, or there is only one. */
  rendition: z.string().nullable(),
  /** Whether its player takes the picture of what is on air; false: it has no decoder for it, or asked for sound alone. */
  picture: z.boolean(),
  /** What leaves for it, in bit/s, as of the last look at its line; null: nothing does, or nobody has looked yet. */
  bitrateBps: z.int().nullable(),
  /** Share of its packets that did not arrive lately, by what its player reports to mediasoup; null: not known. */
  lossPercent: z.number().nullable(),
  /** There and back, by the same, in ms. */
  roundTripMs: z.int().nullable(),
  /** When its line was looked at last, of which the three figures before are; null: nobody has yet. A daemon that was started before an upgrade does not tell. */
  lookedAt: time.nullable().optional(),
  /** How often its picture stood still since it came, as its page says; null: not known, as of players by WHEP. */
  freezes: z.int().nullable(),
  /** Which share of the last minute it stood still, by the same. */
  frozenPercent: z.number().nullable(),
  /** How long its first picture, or sound, took, as its page says; null: none yet, or not known. */
  firstPictureMs: z.int().nullable(),
  /** What is so bad for it that somebody should know; null: nothing, as far as is known. */
  suffers: suffering.nullable(),
  address: z.string(),
  /** The id that the page's browser keeps, as it says; null: it said none, as players by WHEP. */
  browser: browserId.nullable(),
  /** The watch link by which it came; null: none. A daemon that was started before an upgrade does not tell. */
  link: linkId.nullable().optional(),
  /** Its id as a guest, by which it is known again; null: it came by none, or by the secret of a link itself, as players do. A daemon that was started before an upgrade does not tell. */
  guest: guestId.nullable().optional(),
  /** Such as `Chrome 126 on Android`, read from `userAgent`; null: that says nothing known. */
  browserName: z.string().nullable(),
  userAgent: z.string().nullable(),
  /** Its hand is up; null: it is not. A daemon that was started before an upgrade does not tell. */
  hand: raisedHand.nullable().optional(),
  /** When it came; where it has come back before its old line was known to be dead, when it had come by that. */
  joinedAt: time,
});
export type Viewer = z.infer<typeof viewer>;

/** Who answers on the socket; asked at first contact. */
export const version = z.strictObject({
  /** Version of mirolive. */
  version: z.string(),
  /** Version of the control API; client and daemon must have the same. */
  api: z.int(),
  node: z.string(),
  mediasoup: z.string(),
  /** What whoever asks may. An earlier daemon does not tell. */
  caller: rights.optional(),
});

/** A part of the daemon that cannot be had back for now; it is tried again and again. */
export const degradedPart = z.strictObject({
  /** `worker 1` …, `rtmp`, `state` … */
  part: z.string(),
  reason: z.string(),
  since: time,
  /** How often it failed in a row. */
  failures: z.int(),
  /** When it is tried again; null: not by itself. */
  nextTryAt: time.nullable(),
});
export type DegradedPart = z.infer<typeof degradedPart>;

/** The program that the mediasoup workers are. */
export const workerBinary = z.strictObject({
  path: z.string(),
  /** Who named it, or who made it: this machine, or mediasoup. */
  origin: z.enum(['config', 'environment', 'packaged', 'built', 'prebuilt']),
  /** What encrypts, and what a viewer begins with; null: not known (yet). */
  capabilities: z
    .strictObject({ srtp: z.enum(['openssl', 'nss']), opening: z.enum(['keyframe', 'cached']) })
    .nullable(),
});
export type WorkerBinary = z.infer<typeof workerBinary>;

/** The daemon at a glance. */
export const status = z.strictObject({
  version: z.string(),
  /** Whether mirolive was built anew since this daemon started, which a restart takes. A daemon that was started before an upgrade does not tell. */
  newerBuild: z.boolean().optional(),
  pid: z.int(),
  startedAt: time,
  /** How long that took, in ms, from the begin of its process until it answered. A daemon that was started before an upgrade does not tell. */
  startTookMs: z.int().optional(),
  /** A daemon that was started before an upgrade does not tell. */
  starter: starter.optional(),
  viewerUrl: z.string(),
  socket: z.string(),
  /** The configuration file that it reads; null: built-in defaults, or not told to the caller. A daemon that was started before an upgrade does not tell. */
  config: z.string().nullable().optional(),
  /** Where the control API is for callers with a token, and the SHA-256 print of its certificate; null: on its socket alone. A daemon that was started before an upgrade does not tell. */
  control: z.strictObject({ address: z.string(), fingerprint: z.string() }).nullable().optional(),
  /** Where encoders publish, without the room; null: RTMP is off. */
  rtmp: z.strictObject({ url: z.string(), tlsUrl: z.string().nullable(), pid: z.int() }).nullable(),
  /** What survives a restart; `problem`: why it cannot be used, null: it can. */
  state: z.strictObject({
    folder: z.string(),
    problem: z.string().nullable(),
    /** Of its tables. A daemon that was started before an upgrade does not tell. */
    version: z.int().optional(),
  }),
  /** `file` null: standard error; `dropped`: lines that were lost since the start; `problem`: why the last one was, null: it was written. */
  log: z.strictObject({ file: z.string().nullable(), dropped: z.int(), problem: z.string().nullable() }),
  publishers: z.int(),
  /** What is missing now; empty: nothing. */
  degraded: z.array(degradedPart).readonly(),
  /** Whether any room can be served. A daemon that was started before an upgrade does not tell. */
  servable: z.boolean().optional(),
  /** A daemon that was started before an upgrade does not tell. */
  worker: workerBinary.optional(),
  workers: z.array(z.strictObject({ pid: z.int(), port: z.int(), rooms: z.int(), viewers: z.int() })),
  /** Processes that programmes run in. */
  ingest: z.array(z.strictObject({ pid: z.int(), rooms: z.array(roomName) })),
  rooms: z.array(room),
  broadcasts: z.array(broadcast),
  /** The run of a schedule that begins next; null: none does. A daemon that was started before an upgrade does not tell. */
  nextRun: z
    .strictObject({ schedule: z.string(), room: roomName, words: z.string(), at: time })
    .nullable()
    .optional(),
  viewers: z.int(),
  /** How many of them see no picture, since their players have no decoder for it or asked for sound alone. */
  viewersWithoutPicture: z.int(),
});
export type Status = z.infer<typeof status>;
