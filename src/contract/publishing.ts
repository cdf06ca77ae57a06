import * as z from 'zod';
import { time } from './models.ts';
import { keyName, publisherId, roomName, streamKeyId } from './names.ts';

/** A stream key, without its secret: with which somebody may publish into one room. */
export const streamKey = z.strictObject({
  id: streamKeyId,
  room: roomName,
  /** What its publisher is called; unique among the keys of a room that are not revoked. */
  name: keyName,
  state: z.enum(['valid', 'expired', 'revoked']),
  createdAt: time,
  /** null: never. */
  expiresAt: time.nullable(),
  /** When somebody last began to publish with it; null: nobody has. */
  lastUsedAt: time.nullable(),
});
export type StreamKey = z.infer<typeof streamKey>;

/** What to tell an encoder. */
export const publishAddresses = z.strictObject({
  /** The server for RTMP, to which the stream key is added; null: RTMP is off. */
  rtmp: z.string().nullable(),
  /** The same by RTMPS; null: there is none. */
  rtmps: z.string().nullable(),
  /** The endpoint for WHIP, which takes the stream key as bearer token. */
  whip: z.string(),
});
export type PublishAddresses = z.infer<typeof publishAddresses>;

/** A stream key with its secret: the one time that it is told. */
export const newStreamKey = z.strictObject({
  key: streamKey,
  secret: z.string(),
  addresses: publishAddresses,
});
export type NewStreamKey = z.infer<typeof newStreamKey>;

export const publishProtocol = z.enum(['rtmp', 'rtmps', 'whip']);
export type PublishProtocol = z.infer<typeof publishProtocol>;

/** Somebody who publishes into a room. */
export const publisher = z.strictObject({
  id: publisherId,
  room: roomName,
  /** The name of its stream key. */
  key: keyName,
  protocol: publishProtocol,
  address: z.string(),
  /** `silent`: connected, but nothing comes. */
  state: z.enum(['live', 'silent']),
  since: time,
});
export type Publisher = z.infer<typeof publisher>;

/** The same, and whether it waits to be taken: no programme is to show it, nor is at an item that is it. */
export const listedPublisher = publisher.extend({ standby: z.boolean() });
export type ListedPublisher = z.infer<typeof listedPublisher>;

/**
 * Why somebody publishes no longer. `left`: by itself; `silent`: it sent nothing for too long; `takeover`: another one came with
 * the same key; `revoked`, `rotated`, `expired`: its key is no longer valid; `died`: the process that took it in did; `tooMuch`:
 * it sent more than `limits.sourceBitrate`; `codec`: it sends one that is not taken, as `publisher.refused` says; `shutdown`: the daemon ends.
 */
export const leaveReason = z.enum([
  'left',
  'silent',
  'takeover',
  'revoked',
  'rotated',
  'expired',
  'died',
  'tooMuch',
  'codec',
  'shutdown',
]);
export type LeaveReason = z.infer<typeof leaveReason>;
