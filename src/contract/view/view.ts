import * as z from 'zod';
import { degradedPart, status, time, viewer } from '../models.ts';
import { roomName } from '../names.ts';
import { viewedRoom } from './viewed-room.ts';

/** The daemon itself, as its status has it. */
export const viewedDaemon = z.strictObject({
  version: z.string(),
  newerBuild: z.boolean(),
  pid: z.int(),
  startedAt: time,
  startTookMs: z.int(),
  starter: z.nonoptional(status.shape.starter),
  viewerUrl: z.string(),
  socket: z.string(),
  config: z.nonoptional(status.shape.config),
  control: z.nonoptional(status.shape.control),
  rtmp: status.shape.rtmp,
  state: status.shape.state,
  log: status.shape.log,
  degraded: z.array(degradedPart),
  servable: z.boolean(),
  worker: z.nonoptional(status.shape.worker),
  nextRun: z.nonoptional(status.shape.nextRun),
});
export type ViewedDaemon = z.infer<typeof viewedDaemon>;

const bytes = z.number().min(0);

/** A disk that something is written to. */
const disk = z.strictObject({
  /** What of the daemon's is there. */
  of: z.enum(['state', 'log']),
  path: z.string(),
  freeBytes: bytes,
  totalBytes: bytes,
});

/** The machine, once a second. Rates are those of the last second; null: not known. */
export const viewedMachine = z.strictObject({
  /** When it was looked at. */
  at: time,
  cores: z.int(),
  /** Of all cores. */
  cpuPercent: z.number().nullable(),
  load1: z.number(),
  memory: z.strictObject({ totalBytes: bytes, availableBytes: bytes }).nullable(),
  /** What leaves by its network, whoever sends it; loopback is not counted. */
  egressBps: z.number().nullable(),
  disks: z.array(disk),
  /** How late the daemon's main thread comes to its work: usually, and at worst. */
  loopLagMs: z.strictObject({ p50: z.number(), p99: z.number(), max: z.number() }).nullable(),
});
export type ViewedMachine = z.infer<typeof viewedMachine>;

/** A process of the daemon. */
export const viewedProcess = z.strictObject({
  pid: z.int(),
  kind: z.enum(['daemon', 'worker', 'ingest', 'guard', 'rtmp', 'ffmpeg']),
  /** Which process began it; of ffmpeg that is the ingest process. */
  parent: z.int(),
  /** What it carries; ffmpeg: what its ingest process does. */
  rooms: z.array(roomName),
  /** A worker's, for media. */
  port: z.int().nullable(),
  /** Of one core, in the last second; null: it was not there before. */
  cpuPercent: z.number().nullable(),
  /** null: not known. */
  memoryBytes: bytes.nullable(),
});
export type ViewedProcess = z.infer<typeof viewedProcess>;

/** All that a screen shows, as a value. What there are several of is found by its id. */
export const view = z.strictObject({
  daemon: viewedDaemon,
  machine: viewedMachine,
  /** By pid. */
  processes: z.record(z.string(), viewedProcess),
  /** By name: those that have a broadcast, a publisher or viewers. */
  rooms: z.record(roomName, viewedRoom),
  /** By room, then by id, where viewers were asked for; a room that nobody watches is not in it. */
  viewers: z.record(roomName, z.record(z.string(), viewer)),
});
export type View = z.infer<typeof view>;
